package daemon

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	bcp47 "golang.org/x/text/language"

	"hearth/daemon/conversation"
)

// loadPhrases reads what a conversation itself says and understands in a language. One that has no phrases
// is asked in English, and answered in English or with its own words for yes and no.
func loadPhrases(assets, code string) (*conversation.Phrases, error) {
	phrases, err := conversation.LoadPhrases(code)
	if err != nil {
		return nil, err
	}
	if base, _, _ := strings.Cut(code, "-"); base == phrases.Language {
		return phrases, nil
	}
	yes, no, err := readYesNo(filepath.Join(assets, "yesno"), code)
	if err != nil {
		return nil, fmt.Errorf("read yes and no of language %q: %w", code, err)
	}
	return phrases, phrases.Accept(yes, no)
}

// readYesNo reads a language's words for yes and no, none if CLDR does not know it. CLDR writes them as
// "tak:t", the word and its abbreviations (UTS #35, part 7, POSIX elements).
func readYesNo(dir, code string) (yes, no []string, err error) {
	for _, locale := range locales(code) {
		raw, err := os.ReadFile(filepath.Join(dir, locale+".json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		var file struct {
			Main map[string]struct {
				POSIX struct {
					Messages struct{ YesStr, NoStr string }
				}
			}
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			return nil, nil, fmt.Errorf("%s.json: %w", locale, err)
		}
		words := file.Main[locale].POSIX.Messages
		return strings.Split(words.YesStr, ":"), strings.Split(words.NoStr, ":"), nil
	}
	return nil, nil, nil
}

// locales are CLDR's names for a language, the closest first: "zh-TW" is written in "zh-Hant".
func locales(code string) []string {
	tag, err := bcp47.Parse(code)
	if err != nil {
		return []string{code}
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	return []string{code, base.String() + "-" + script.String(), base.String()}
}
