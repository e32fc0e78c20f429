package conversation

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkupIsNotReadOut(t *testing.T) {
	for written, want := range map[string]string{
		"It is **very** warm, *really* __so__, ~~cold~~ `now`.": "It is very warm, really so, cold now.",
		"**Careful.":                      "Careful.", // the first of two sentences
		"It is hot.**":                    "It is hot.",
		"## Soup":                         "Soup",
		"* one\n- *two*\n+ three\n• four": "one\ntwo\nthree\nfour",
		"1. one\n2) two":                  "1. one\n2) two",
		"> - said **he**":                 "said he",
		"---":                             "",
		"* * *":                           "",
		"```yaml\na: 1\n```":              "a: 1",
		"See [the page](http://a.test/b_c \"x\") or ![a picture](p.png).": "See the page or a picture.",
		"2 * 3 is 2*3, ~5 minutes, light_on_1, __init__":                  "2 * 3 is 2*3, ~5 minutes, light_on_1, init",
		"It is -3 °C; a [note], 5 > 4 and #1.":                            "It is -3 °C; a [note], 5 > 4 and #1.",
		"-3 °C outside":                                                   "-3 °C outside",
		"***Both***":                                                      "Both",
	} {
		if got := audible(written); got != want {
			t.Errorf("%q is read out as %q, want %q", written, got, want)
		}
	}
}

func FuzzAudible(f *testing.F) {
	f.Add("## **Hi** [a](b) `c`\n- *d*")
	f.Fuzz(func(t *testing.T, text string) {
		got := audible(text)
		if utf8.ValidString(text) && !utf8.ValidString(got) || len(got) > len(text) || strings.TrimSpace(got) != got {
			t.Errorf("%q became %q", text, got)
		}
	})
}
