package llm

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"hearth/daemon/intent"
)

//go:embed claims.yaml
var claimsFile []byte

// claims are how sentences claim something, by language.
var claims = readClaims(claimsFile)

type claim struct {
	unless, deeds, states *regexp.Regexp
}

// readClaims reads the file, which a test has read before.
func readClaims(file []byte) map[string]claim {
	var written map[string]struct{ Unless, Deeds, States []string }
	if err := yaml.Unmarshal(file, &written); err != nil {
		panic(fmt.Sprintf("read claims.yaml: %v", err))
	}
	all := map[string]claim{}
	for language, w := range written {
		any := func(of []string) *regexp.Regexp { return regexp.MustCompile(strings.Join(of, "|")) }
		all[language] = claim{any(w.Unless), any(w.Deeds), any(w.States)}
	}
	return all
}

// claimed tells whether a sentence of a reply claims to do something, or, unless that was witnessed, to know how
// something of the home is. A language that is not known is looked at as English.
func claimed(sentence, language string, witnessed bool) bool {
	if strings.ContainsAny(sentence, "?？¿") {
		return false
	}
	c, ok := claims[language]
	if !ok {
		c = claims["en"]
	}
	text := strings.Join(intent.Words(sentence), " ")
	return (c.deeds.MatchString(text) || !witnessed && c.states.MatchString(text)) && !c.unless.MatchString(text)
}

// A claimError is a reply that nothing stands behind.
type claimError struct{ sentence string }

func (e *claimError) Error() string {
	return fmt.Sprintf("nothing was done, so %s is not true; what is to be done belongs into calls, and whose state was asked for into tell",
		quoted(e.sentence))
}

// honest is a *claimError for a reply with a sentence that claims something.
func honest(reply, language string, witnessed bool) error {
	for reply != "" {
		n := sentenceEnd(reply, true)
		if claimed(reply[:n], language, witnessed) {
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
	for i, r := range text {
		switch {
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
