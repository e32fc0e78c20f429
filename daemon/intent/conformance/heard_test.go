package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/intent"
)

// TestHeardSentences gives every published sentence to the grammar of the home it is said in. A recogniser
// must be able to hear what is understood, unless the sentence begins with the words of a wildcard, puts
// off a command that the home does not understand, or is one of those below.
func TestHeardSentences(t *testing.T) {
	tests, sentences := shared(t), assets(t)
	paths, err := findTests(tests)
	if err != nil {
		t.Fatal(err)
	}
	unheard := []string{
		"Rover bitte saugen lassen", // a skip word inside the sentence
	}
	for code, want := range map[string]struct{ understood, heard int }{
		"en": {1110, 1109}, "de": {3601, 3452}, "fr": {955, 955}, "es": {1078, 1078}, "nl": {1290, 1286},
	} {
		t.Run(code, func(t *testing.T) {
			language, err := intent.Load(filepath.Join(sentences, code+".json"))
			if err != nil {
				t.Fatal(err)
			}
			understood, heard := 0, 0
			for _, path := range paths[code] {
				f, err := readTest(path)
				if err != nil {
					t.Fatal(err)
				}
				home := language.Home(names(f))
				g := home.Grammar()
				for _, s := range f.sentences() {
					results := home.Recognize(s, contextArea(f))
					if len(results) == 0 {
						continue
					}
					understood++
					if g.Accepts(s) {
						heard++
					} else if !slices.ContainsFunc(results, beginsWithOwnWords) && !putsOffNonsense(home, results[0]) && !slices.Contains(unheard, s) {
						t.Errorf("%s/%s: %q is understood but not heard", f.intent, f.combination, s)
					}
				}
			}
			t.Logf("%s: %d sentences are understood and %d of them heard", code, understood, heard)
			if understood < want.understood || heard < want.heard {
				t.Errorf("want %d and %d", want.understood, want.heard)
			}
		})
	}
}

func (f testFile) sentences() (all []string) {
	for _, test := range f.Tests {
		all = append(all, test.Sentences...)
	}
	return all
}

// beginsWithOwnWords tells whether a sentence begins with the words of a wildcard.
func beginsWithOwnWords(r intent.Result) bool {
	for _, s := range r.Slots {
		if s.Text != "" && s.Text == s.Value && s.IDs == nil && strings.HasPrefix(r.Text, s.Text) {
			return true
		}
	}
	return false
}

// putsOffNonsense tells whether a sentence has a command for later that the home would not understand.
func putsOffNonsense(home *intent.Home, r intent.Result) bool {
	command, ok := r.Slots["conversation_command"]
	return ok && len(home.Recognize(command.Text, intent.Where{Area: noArea})) == 0
}
