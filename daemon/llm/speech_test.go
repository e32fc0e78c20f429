package llm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// However an output is cut into pieces, what is said adds up to the reply, or to what stands before a claim.
func FuzzSpeech(f *testing.F) {
	f.Add("It is dark. Good night!", 1)
	f.Add("Tabs\t. and \\n. \"Quotes.\" 21.5 °C… 😀! x", 3)
	f.Add(". . .", 2)
	f.Add("Sure. I have locked the door. Good night.", 5)
	f.Add("\n\nTwo lines:\n\n1. One\n2. Two\n", 4)
	f.Add("Sure.\n\nI have locked the door.", 3)
	f.Fuzz(func(t *testing.T, reply string, size int) {
		if !utf8.ValidString(reply) || size < 1 {
			return
		}
		quoted, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		s := newSpeech(func(words string) { said = append(said, words) }, newWitness("", "", false))
		output := `{"calls":[],"reply":` + string(quoted) + "}"
		for len(output) > 0 {
			n := min(size, len(output))
			s.write(output[:n])
			output = output[n:]
		}
		reply = readable(reply)
		if err := s.finish(reply); err != nil {
			t.Error(err)
		}
		got, want := strings.Join(said, ""), strings.TrimSpace(reply)
		if newWitness("", "", false).honest(reply) != nil {
			if !strings.HasPrefix(want, got) || newWitness("", "", false).honest(got) != nil {
				t.Errorf("said %q of %q, which claims something", said, reply)
			}
		} else if got != want {
			t.Errorf("said %q, want %q", said, want)
		}
		if len(said) > 0 && strings.TrimSpace(said[0]) == "" {
			t.Errorf("begun with nothing: %q", said)
		}
	})
}

// What a model writes may come from a web page, and is shown in terminals.
func TestARepliesControlCharactersAreNotSaid(t *testing.T) {
	const reply = "Hi \x1b[31mred\x1b]0;title\x07, \u202egnirts\u202c and tur\u200bned."
	var said strings.Builder
	s := newSpeech(func(words string) { said.WriteString(words) }, newWitness("", "", false))
	quoted, _ := json.Marshal(reply)
	s.write(`{"calls":[],"reply":` + string(quoted) + "}")
	if err := s.finish(readable(reply)); err != nil || said.String() != "Hi [31mred]0;title, gnirts and turned." {
		t.Errorf("said %q, %v", said.String(), err)
	}
}

func TestSpeechWaitsWhenTheReplyComesFirst(t *testing.T) {
	s := newSpeech(func(words string) { t.Errorf("said %q before the calls were known", words) }, newWitness("", "", false))
	s.write(`{"reply": "I opened it. Really.", "calls": [`)
}

// An empty line is neither the end of what is said nor the sentence that an opening waits for.
func TestLinesAreSaid(t *testing.T) {
	for reply, want := range map[string][]string{
		"\n\nThere are two:\n\n- One is it.\n- That is the other.": {"There are two:", "\n\n- One is it.", "\n- That is the other."},
		"Sure thing.\n\nI have unlocked the door.":                 nil,
		"Half a \ufffd pair of it.":                                {"Half a  pair of it."},
	} {
		var said []string
		s := newSpeech(func(words string) { said = append(said, words) }, newWitness("en", "", false))
		quoted, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range letters(`{"calls":[],"reply":` + string(quoted) + "}") {
			s.write(piece)
		}
		if err := s.finish(readable(reply)); err != nil || !slices.Equal(said, want) {
			t.Errorf("%q: said %q, %v", reply, said, err)
		}
	}
}
