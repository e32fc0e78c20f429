package llm

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"

	"hearth/daemon/intent"
)

//go:embed claims.yaml
var claimsFile []byte

// claims are how sentences claim something, by language.
var claims = readClaims(claimsFile)

type claim struct {
	unless, conditions, deeds, states, readings, present *regexp.Regexp
}

// readClaims reads the file, which a test has read before.
func readClaims(file []byte) map[string]claim {
	var written map[string]struct{ Unless, Conditions, Deeds, States, Readings, Present []string }
	if err := yaml.Unmarshal(file, &written); err != nil {
		panic(fmt.Sprintf("read claims.yaml: %v", err))
	}
	all := map[string]claim{}
	for language, w := range written {
		any := func(of []string) *regexp.Regexp { return regexp.MustCompile(strings.Join(of, "|")) }
		all[language] = claim{any(w.Unless), any(w.Conditions), any(w.Deeds), any(w.States), any(w.Readings), any(w.Present)}
	}
	return all
}

// A witness judges what the sentences of a reply claim.
type witness struct {
	claims    []claim   // of the languages that the reply may be in
	others    []claim   // of the rest: a short reply may be in any language
	said      string    // what is replied to
	tongue    tongue    // the languages that are expected
	about     *question // nil when nothing is known
	witnessed bool      // a Witness has told the model how something of the home is or was
}

// witness judges replies to the question.
func (q *question) witness(witnessed bool) witness {
	w := newWitness(q.Language, q.Text, witnessed)
	w.about = q
	return w
}

// newWitness looks at the language of the home and at that of what was said, in which a reply may be too. A language that is
// not known is looked at as English.
func newWitness(home, said string, witnessed bool) witness {
	w := witness{said: inWords(said), tongue: newTongue(home, said), witnessed: witnessed}
	base, _, _ := strings.Cut(home, "-")
	if c, ok := claims[base]; ok {
		w.claims = append(w.claims, c)
	} else {
		w.claims = append(w.claims, claims["en"])
	}
	for language, c := range claims {
		switch {
		case language == base:
		case w.tongue.languages[language]:
			w.claims = append(w.claims, c)
		default:
			w.others = append(w.others, c)
		}
	}
	return w
}

// claimed tells whether a sentence of a reply claims to do something, or, unless that was witnessed, to know how
// something of the home is. What an expected language excuses is no claim in another.
func (w witness) claimed(sentence string) bool {
	parts := partsOf(sentence)
	claims := func(among []claim, part string) bool {
		return slices.ContainsFunc(among, func(c claim) bool { return c.deed(part) || !w.witnessed && w.state(c, part, parts) })
	}
	return slices.ContainsFunc(parts, func(part string) bool {
		excused := slices.ContainsFunc(w.claims, func(c claim) bool { return c.unless.MatchString(part) || c.conditions.MatchString(part) })
		return claims(w.claims, part) || !excused && claims(w.others, part)
	})
}

func (c claim) deed(part string) bool {
	return c.deeds.MatchString(part) && !c.unless.MatchString(part) && !c.conditions.MatchString(part)
}

// state tells whether a part of a sentence claims to know how something is.
func (w witness) state(c claim, part string, all []string) bool {
	if c.unless.MatchString(part) || slices.ContainsFunc(all, c.conditions.MatchString) {
		return false
	}
	return c.states.MatchString(part) || w.reading(c, part, all)
}

// reading tells whether a part of a sentence says how something of the home measures, and the model was not told so.
func (w witness) reading(c claim, part string, all []string) bool {
	number := strings.TrimRightFunc(c.readings.FindString(part), func(r rune) bool { return !unicode.IsDigit(r) })
	if number == "" || w.about == nil {
		return false
	}
	words := w.said + " " + strings.Join(all, " ")
	ofHome := w.about.names(words)
	return (ofHome || c.present.MatchString(part)) && !w.about.measured(number, words, ofHome)
}

func inWords(text string) string { return strings.Join(intent.Words(text), " ") }

var partEnds = regexp.MustCompile(`[,;:\n–—]+|\s-+\s`)

// partsOf is a sentence in parts, each as words. What is asked claims nothing: of a question that is what follows the last
// comma. What stands in the middle of a sentence does not look like its beginning.
func partsOf(sentence string) []string {
	written := partEnds.Split(units.Replace(decimalComma.ReplaceAllString(sentence, "$1.$2")), -1)
	if strings.ContainsAny(sentence, "?？¿") {
		written = written[:len(written)-1]
	}
	var parts []string
	begins := true
	for _, text := range written {
		words := intent.Words(text)
		part := strings.Join(words, " ")
		if !begins {
			part = "_ " + part
		}
		parts = append(parts, part)
		begins = begins && len(words) <= 2 // "Okay, done"
	}
	return parts
}

var (
	decimalComma = regexp.MustCompile(`(\d),(\d)`)
	// units are signs as words, without the joiners that some languages need between letters.
	units = strings.NewReplacer("\u200c", "", "\u200d", "", "°", " degrees ", "℃", " degrees ", "℉", " degrees ", "%", " percent ")
)

// A claimError is a reply that nothing stands behind.
type claimError struct{ sentence string }

func (e *claimError) Error() string {
	return fmt.Sprintf("nothing was done, so %s is not true; what is to be done belongs into calls, and whose state was asked for into tell",
		quoted(e.sentence))
}

// honest is a *claimError for a reply with a sentence that claims something.
func (w witness) honest(reply string) error {
	for reply != "" {
		n := sentenceEnd(reply, true)
		if w.claimed(reply[:n]) {
			return &claimError{reply[:n]}
		}
		reply = reply[n:]
	}
	return nil
}

// sentenceEnd is where the first sentence of a text ends, with the space behind it; 0 when that is not known yet, unless
// the text is whole.
func sentenceEnd(text string, whole bool) int {
	ended := false
	begins := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)) // an empty line is no sentence
	for i, r := range text {
		switch {
		case i < begins:
		case r == '\n', ended && r == ' ':
			return i + 1
		case r == '。', r == '！', r == '？':
			return i + len(string(r))
		case r == '.', r == '!', r == '?', r == '…':
			ended = true
		case ended && strings.ContainsRune(`"'”»)`, r):
		default:
			ended = false
		}
	}
	if whole {
		return len(text)
	}
	return 0
}
