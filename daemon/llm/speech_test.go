package llm

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// However an output is cut into pieces, what is said adds up to the reply.
func FuzzSpeech(f *testing.F) {
	f.Add("It is dark. Good night!", 1)
	f.Add("Tabs\t. and \\n. \"Quotes.\" 21.5 °C… 😀! x", 3)
	f.Add(". . .", 2)
	f.Fuzz(func(t *testing.T, reply string, size int) {
		if !utf8.ValidString(reply) || size < 1 {
			return
		}
		quoted, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		s := &speech{say: func(sentence string) { said = append(said, sentence) }}
		output := `{"calls":[],"reply":` + string(quoted) + "}"
		for len(output) > 0 {
			n := min(size, len(output))
			s.write(output[:n])
			output = output[n:]
		}
		s.finish(reply)
		if got, want := strings.Join(said, " "), reply; strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("said %q, want %q", said, want)
		}
		for _, sentence := range said {
			if strings.TrimSpace(sentence) == "" {
				t.Errorf("said nothing: %q", said)
			}
		}
	})
}

func TestSpeechWaitsWhenTheReplyComesFirst(t *testing.T) {
	s := &speech{say: func(sentence string) { t.Errorf("said %q before the calls were known", sentence) }}
	s.write(`{"reply": "I opened it. Really.", "calls": [`)
}
