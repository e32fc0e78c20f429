package mqtt

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseCommand(t *testing.T) {
	for _, test := range []struct {
		payload string
		want    command
		err     string
	}{
		{payload: "turn on the light", want: command{Text: "turn on the light"}},
		{payload: "  Licht an \n", want: command{Text: "Licht an"}},
		{payload: `{"text":"light on","room":"kitchen","request":"1"}`, want: command{"light on", "kitchen", "1"}},
		{payload: `"light on"`, want: command{Text: `"light on"`}},
		{payload: "", err: "no text"},
		{payload: " \t", err: "no text"},
		{payload: `{}`, err: "no text"},
		{payload: `{"text":"a"} {"text":"b"}`, err: "something follows"},
		{payload: `{"text":5}`, err: "not JSON like"},
		{payload: `{"texts":"a"}`, err: "texts"},
		{payload: `{`, err: "not JSON like"},
		{payload: "caf\xe9", err: "UTF-8"},
		{payload: strings.Repeat("a", maxCommand+1), err: "4097 bytes"},
		{payload: strings.Repeat("a", maxCommand), want: command{Text: strings.Repeat("a", maxCommand)}},
	} {
		got, err := parseCommand([]byte(test.payload))
		if test.err == "" && (err != nil || got != test.want) {
			t.Errorf("%.40q: got %+v, %v", test.payload, got, err)
		}
		if test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%.40q: got error %v, want %q in it", test.payload, err, test.err)
		}
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, seed := range []string{"light on", `{"text":"light on","room":"kitchen"}`, "{", "\xff", `{"text":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := parseCommand(payload)
		if err != nil {
			return
		}
		if c.Text == "" || c.Text != strings.TrimSpace(c.Text) || !utf8.ValidString(c.Text+c.Room+c.Request) {
			t.Errorf("%q gives %+v", payload, c)
		}
	})
}
