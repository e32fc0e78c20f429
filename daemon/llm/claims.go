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
	unless, claims *regexp.Regexp
}

// readClaims reads the file, which a test has read before.
func readClaims(file []byte) map[string]claim {
	var written map[string]struct{ Unless, Claims []string }
	if err := yaml.Unmarshal(file, &written); err != nil {
		panic(fmt.Sprintf("read claims.yaml: %v", err))
	}
	all := map[string]claim{}
	for language, w := range written {
		all[language] = claim{regexp.MustCompile(strings.Join(w.Unless, "|")), regexp.MustCompile(strings.Join(w.Claims, "|"))}
	}
	return all
}

// claimed tells whether a sentence of a reply claims to have done something, or to know how something of the home is. Of
// a language that is not known, English sentences are.
func claimed(sentence, language string) bool {
	if strings.ContainsAny(sentence, "?？¿") {
		return false
	}
	c, ok := claims[language]
	if !ok {
		c = claims["en"]
	}
	text := strings.Join(intent.Words(sentence), " ")
	return c.claims.MatchString(text) && !c.unless.MatchString(text)
}

// A claimError is a reply that nothing stands behind.
type claimError struct{ sentence string }

func (e *claimError) Error() string {
	return fmt.Sprintf("nothing was done, so %s is not true; what is to be done belongs into calls, and whose state was asked for into tell",
		quoted(e.sentence))
}

// honest is a *claimError for a reply with a sentence that claims something.
func honest(reply, language string) error {
	for reply != "" {
		n := sentenceEnd(reply, true)
		if claimed(reply[:n], language) {
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
