package conversation

import (
	"slices"
	"strings"
	"testing"
)

// cut gives the sentences of a text that comes in pieces of so many bytes.
func cut(language, text string, size int) []string {
	c := cutter{language: language}
	var all []string
	for piece := range slices.Chunk([]byte(text), size) {
		all = append(all, c.write(string(piece))...)
	}
	if rest := c.rest(); rest != "" {
		all = append(all, rest)
	}
	return all
}

func TestSentences(t *testing.T) {
	cases := []struct {
		language, text string
		want           []string
	}{
		{"en", "", nil},
		{"en", "Done", []string{"Done"}},
		{"en", "It is on. The door is locked!", []string{"It is on.", "The door is locked!"}},
		{"en", "It is 21.5 degrees. Warm?", []string{"It is 21.5 degrees.", "Warm?"}},
		{"en", "Dr. Who lives on J. Street. No. 7 is his.", []string{"Dr. Who lives on J. Street.", "No. 7 is his."}},
		{"en", "No. The door is open.", []string{"No.", "The door is open."}},
		{"en", "Wake at 6 a.m. or so, e.g. Monday. Fine.", []string{"Wake at 6 a.m. or so, e.g. Monday.", "Fine."}},
		{"en", "Well... maybe. Hmm… No… Yes.", []string{"Well... maybe.", "Hmm…", "No…", "Yes."}},
		{"en", `He said "Stop." Then "go" (now!). End`, []string{`He said "Stop."`, `Then "go" (now!).`, "End"}},
		{"en", "Really?! Yes... See example.com for it.", []string{"Really?!", "Yes...", "See example.com for it."}},
		{"en", "1. Open the door.\n2. Leave.", []string{"1. Open the door.", "2. Leave."}},
		{"en", "It is 21. The door is open.", []string{"It is 21.", "The door is open."}},
		{"en", "One\nTwo.\n\nThree ", []string{"One", "Two.", "Three"}},
		{"de", "Am 3. Mai um 7.30 Uhr, d. h. bald. Dr. Maier kommt z.B. Freitag.", []string{"Am 3. Mai um 7.30 Uhr, d. h. bald.", "Dr. Maier kommt z.B. Freitag."}},
		{"de", "Es sind 21,5 Grad. Ist das „warm?“ Ja.", []string{"Es sind 21,5 Grad.", "Ist das „warm?“", "Ja."}},
		{"fr", "Il est. M. Dupont arrive ! Mme. Durand aussi ? Oui.", []string{"Il est.", "M. Dupont arrive !", "Mme. Durand aussi ?", "Oui."}},
		{"fr", "« Ah ! » dit-il. Fin.", []string{"« Ah ! » dit-il.", "Fin."}},
		{"es", "Hola. ¿Qué tal? ¡Bien! El Sr. Gómez, p. ej. Luis.", []string{"Hola.", "¿Qué tal?", "¡Bien!", "El Sr. Gómez, p. ej. Luis."}},
		{"nl", "Dhr. Jansen komt om 18.00 uur. Bijv. Morgen.", []string{"Dhr. Jansen komt om 18.00 uur.", "Bijv. Morgen."}},
		{"ja", "好了。灯开了！", []string{"好了。", "灯开了！"}},
		{"en", "bad \xff bytes. end. End", []string{"bad \xff bytes. end.", "End"}},
	}
	for _, test := range cases {
		for _, size := range []int{1, 2, 3, 7, 1000} {
			if got := cut(test.language, test.text, size); !slices.Equal(got, test.want) {
				t.Errorf("%q in pieces of %d: got %q, want %q", test.text, size, got, test.want)
			}
		}
	}
}

// That a sentence has ended is known as soon as the next begins.
func TestASentenceIsCutAtOnce(t *testing.T) {
	c := cutter{language: "en"}
	for _, piece := range []string{"The light", " is on", ".", " "} {
		if got := c.write(piece); got != nil {
			t.Errorf("after %q: %q", piece, got)
		}
	}
	if got := c.write("T"); !slices.Equal(got, []string{"The light is on."}) {
		t.Errorf("got %q", got)
	}
}

func TestAnEndlessSentenceIsCutBetweenWords(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat("endless and ", 200))
	all := cut("en", text, 5)
	if len(all) < 4 || strings.Join(all, " ") != text {
		t.Errorf("%d sentences: %q", len(all), all)
	}
	if all := cut("en", strings.Repeat("ö", 1000), 5); len(all) < 3 || strings.Join(all, "") != strings.Repeat("ö", 1000) {
		t.Errorf("of one word: %q", all)
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("It is on. The door is locked!", "en", uint8(3))
	f.Add("Dr. A. \xff 。\n.", "de", uint8(1))
	f.Add("« Ah ! » dit-il… Fin.", "fr", uint8(200))
	f.Fuzz(func(t *testing.T, text, language string, size uint8) {
		whole := cut(language, text, max(1, len(text)))
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got := squeeze(strings.Join(whole, " ")); got != squeeze(text) {
			t.Errorf("%q became %q", text, got)
		}
		if len(text) > longestSentence {
			return // where it is cut then hangs on what has come
		}
		if pieces := cut(language, text, int(size)+1); !slices.Equal(pieces, whole) {
			t.Errorf("%q in pieces of %d is %q, and %q as a whole", text, int(size)+1, pieces, whole)
		}
	})
}
