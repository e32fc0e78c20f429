package mqtt

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseQuestion(t *testing.T) {
	for _, test := range []struct {
		payload string
		want    question
		err     string
	}{
		{payload: "turn on the light", want: question{Text: "turn on the light"}},
		{payload: "  Licht an \n", want: question{Text: "Licht an"}},
		{payload: `{"text":"light on","room":"kitchen","id":"1"}`, want: question{"light on", "kitchen", "1"}},
		{payload: `"light on"`, want: question{Text: `"light on"`}},
		{payload: "", err: "no text"},
		{payload: " \t", err: "no text"},
		{payload: `{}`, err: "no text"},
		{payload: `{"text":"a","id":"a/b"}`, err: "part of the reply's topic"},
		{payload: `{"text":"a","id":"#"}`, err: "part of the reply's topic"},
		{payload: `{"text":"","id":"7"}`, want: question{ID: "7"}, err: "no text"},
		{payload: `{"text":"a"} {"text":"b"}`, err: "something follows"},
		{payload: `{"text":5}`, err: "not JSON like"},
		{payload: `{"texts":"a"}`, err: "texts"},
		{payload: `{`, err: "not JSON like"},
		{payload: "caf\xe9", err: "UTF-8"},
		{payload: strings.Repeat("a", maxQuestion+1), err: "4097 bytes"},
		{payload: strings.Repeat("a", maxQuestion), want: question{Text: strings.Repeat("a", maxQuestion)}},
	} {
		got, err := parseQuestion([]byte(test.payload))
		if test.err == "" && (err != nil || got != test.want) {
			t.Errorf("%.40q: got %+v, %v", test.payload, got, err)
		}
		if test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%.40q: got error %v, want %q in it", test.payload, err, test.err)
		}
	}
}

func FuzzParseQuestion(f *testing.F) {
	for _, seed := range []string{"light on", `{"text":"light on","room":"kitchen"}`, "{", "\xff", `{"text":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		q, err := parseQuestion(payload)
		if err != nil {
			return
		}
		if q.Text == "" || q.Text != strings.TrimSpace(q.Text) || !utf8.ValidString(q.Text+q.Room+q.ID) {
			t.Errorf("%q gives %+v", payload, q)
		}
	})
}
