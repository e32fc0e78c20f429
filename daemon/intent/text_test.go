package intent

import "testing"

func TestNormalize(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"  Open \t the\n hatch ", "Open the hatch"},
		{"open the hatch.", "open the hatch"},
		{"open, the hatch?!", "open the hatch"},
		{"¿abre la puerta?", "abre la puerta"},
		{"it’s cold", "it's cold"},
		{"set it to 20.5 degrees.", "set it to 20.5 degrees"},
		{"set it to 0.5.", "set it to 0.5"},
		{"turn on the A.C.", "turn on the A.C."},
		{"the A.C. is on.", "the A.C. is on"},
		{"say : hello", "say hello"},
		{"hello — there", "hello there"},
		{"...", ""},
		{"cafe\u0301", "café"},
		{"a\x00b", "ab"},
		{"", ""},
	} {
		if got := string(normalize(tc.text)); got != tc.want {
			t.Errorf("normalize(%q) = %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestSkipWords(t *testing.T) {
	skip := newSkipWords(&languageFile{SkipWords: []string{"please", "can you", "can"}})
	for _, tc := range []struct{ text, all, start, end string }{
		{"Please open it", "open it", "open it", "Please open it"},
		{"can you please open it please", "open it", "open it please", "can you please open it"},
		{"open the canister", "open the canister", "open the canister", "open the canister"},
		{"open please it", "open it", "open please it", "open please it"},
		{"please", "", "", ""},
	} {
		text := []rune(tc.text)
		if got := string(skip.removeAll(text)); got != tc.all {
			t.Errorf("removeAll(%q) = %q, want %q", tc.text, got, tc.all)
		}
		if got := string(skip.removeStart(text)); got != tc.start {
			t.Errorf("removeStart(%q) = %q, want %q", tc.text, got, tc.start)
		}
		if got := string(skip.removeEnd(text)); got != tc.end {
			t.Errorf("removeEnd(%q) = %q, want %q", tc.text, got, tc.end)
		}
	}
}

func TestDigitsOfAllScripts(t *testing.T) {
	for text, want := range map[string]string{
		"٢٥ ۲۵ २५ ২৫ ๒๕ ２５ 𝟐𝟓 𝟮𝟱": "25 25 25 25 25 25 25 25",
		"−٢٠٫٥":               "-20,5",
		"пʼять, п’ять":        "п'ять, п'ять",
		"ยี่\u200bสิบ":        "ยี่สิบ",
		"ΣΑΣ, ISIYI ısıyı, ẞ": "σασ, isiyi isiyi, ß",
	} {
		if got := string(foldTemplate(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestInvisibleRunes types sentences with marks that nobody sees, and words that need theirs.
func TestInvisibleRunes(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"\u200fopen\u200f the\u202e hatch\u202c", "open the hatch"},
		{"\ufeffopen the ha\u00adtch\u2069", "open the hatch"},
		{"o\u200dpen\u200c the\u2060 hatch 2\u200d", "open the hatch 2"},
		{"open\x00 \x1b\x07the\u0085hatch", "open the hatch"},
		{"heart ❤\ufe0f", "heart ❤"},
		{"👩\u200d🚀", "👩\u200d🚀"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"ക്\u200dഷ", "ക്\u200dഷ"},
	} {
		if got := string(normalize(tc.text)); got != tc.want {
			t.Errorf("%q becomes %q, want %q", tc.text, got, tc.want)
		}
	}
	for _, text := range []string{"\u200fopen the fore\u00ad hatch", "open\u200b the fore hatch\u202c", "op\u200den the fore hatch\x00"} {
		if rs := testHome(t).Recognize(text, Where{}); len(rs) != 1 {
			t.Errorf("%q gives %v", text, rs)
		}
	}
}
