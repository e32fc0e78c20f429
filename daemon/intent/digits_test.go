package intent

import (
	"strings"
	"testing"
)

func TestDigits(t *testing.T) {
	for _, test := range []struct {
		language, text, digits string
		bare                   bool
	}{
		{"en", "1234", "1234", true},
		{"en", "12 34", "1234", true},
		{"en", "1, 2, 3, 4.", "1234", true},
		{"en", "12-34", "1234", true},
		{"en", "0041", "0041", true},
		{"en", "one two three four", "1234", true},
		{"en", "One, two, three, four!", "1234", true},
		{"en", "twelve thirty-four", "1234", true},
		{"en", "twelve thirty four", "1234", true},
		{"en", "oh oh seven nine", "0079", true},
		{"en", "zero zero 4 one", "0041", true},
		{"en", "١٢٣٤", "1234", true},
		{"en", "the PIN is one two three four", "1234", false},
		{"en", "unlock the front door", "", false},
		{"en", "...", "", false},
		{"en", "", "", false},
		{"de", "eins zwei drei vier", "1234", true},
		{"de", "eins zwo drei vier", "1234", true},
		{"de", "zwölf vierunddreißig", "1234", true},
		{"de", "null null fünf sechs", "0056", true},
		{"fr", "un deux trois quatre", "1234", true},
		{"fr", "quatre-vingt-dix-neuf vingt et un", "9921", true},
		{"es", "uno dos tres cuatro", "1234", true},
		{"es", "doce treinta y cuatro", "1234", true},
		{"nl", "een twee drie vier", "1234", true},
		{"nl", "één twee drie vier", "1234", true},
		{"nl", "twaalf vierendertig", "1234", true},
	} {
		digits, bare := publishedLanguage(t, test.language).Digits(test.text)
		if digits != test.digits || bare != test.bare {
			t.Errorf("%s %q: %q, %v, want %q, %v", test.language, test.text, digits, bare, test.digits, test.bare)
		}
	}
}

// What is written in digits alone is read as it is written, whatever stands between them.
func FuzzDigits(f *testing.F) {
	for _, text := range []string{"1234", "12 34", "one two", "vierunddreißig", "oh 7", "1,2", "a\u0301 1", "٣"} {
		f.Add(text)
	}
	numerals := numeralsOf(english(f), "en")
	l := &Language{Code: "en", numerals: func() map[string]string { return numerals }}
	f.Fuzz(func(t *testing.T, text string) {
		digits, bare := l.Digits(text)
		if strings.Trim(digits, "0123456789") != "" || bare && digits == "" {
			t.Errorf("%q: %q, %v", text, digits, bare)
		}
		written := strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r
			}
			return ' '
		}, text)
		if again, _ := l.Digits(written); again != strings.ReplaceAll(written, " ", "") {
			t.Errorf("%q: %q", written, again)
		}
	})
}
