package whisper

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// sentences is a grammar of a few sentences. A state is a sentence's beginning, by its place in all.
type sentences struct {
	all  []string
	free int32 // state from which on words are free, 0 for none
}

func grammarOf(list ...string) *sentences {
	g := &sentences{all: []string{""}}
	for _, s := range list {
		for n := range len(s) {
			if !slices.Contains(g.all, s[:n+1]) {
				g.all = append(g.all, s[:n+1])
			}
		}
		g.all = append(g.all, s+"$")
	}
	return g
}

func (g *sentences) Start() int32 { return 0 }

func (g *sentences) Step(state int32, r rune) int32 {
	return int32(slices.Index(g.all, g.all[state]+string(r)))
}

func (g *sentences) Final(state int32) bool { return slices.Contains(g.all, g.all[state]+"$") }
func (g *sentences) Free(state int32) bool  { return g.free > 0 && state >= g.free }

// Weight shares a state among the sentences that go on from it or end in it.
func (g *sentences) Weight(state int32, r rune) float64 { return g.share(state, string(r)) }
func (g *sentences) EndWeight(state int32) float64      { return g.share(state, "$") }

func (g *sentences) share(state int32, next string) float64 {
	with, all := 0.0, 0.0
	for _, s := range g.all {
		if rest, ok := strings.CutPrefix(s, g.all[state]); ok && strings.HasSuffix(rest, "$") {
			all++
			if strings.HasPrefix(rest, next) {
				with++
			}
		}
	}
	return math.Log(with / all)
}

func TestSpell(t *testing.T) {
	g := grammarOf("what's the temperature", "nevermind", "never say never", "set it to 50 percent", "set it to 21.5 degrees", "turn on tv", "mom and dad")
	tests := []struct {
		said, token string
		want        []string // what the token adds, each way
	}{
		{"", " What", []string{"what"}},
		{"what", "'s", []string{"'s"}},
		{"what", "’s", []string{"'s"}},
		{"", " NEVER", []string{"never"}},
		{"never", " mind", []string{"mind"}},
		{"never", " say", []string{" say"}},
		{"nevermind", ".", []string{""}},
		{"set it to 50", "%", []string{" percent"}},
		{"set it to 21", ".", []string{"", "."}},
		{"set it to 21.", "5", []string{"5"}},
		{"set it to 21.5", "°", []string{" degrees"}},
		{"turn on", " T", []string{" t"}},
		{"turn on t", "-V", []string{"v"}},
		{"mom", " & Dad", []string{" and dad"}},
		{"turn on", " radio", nil},
		{"", " what is", nil},
	}
	for _, test := range tests {
		s := &speller{grammar: g, forms: [][]rune{[]rune(strings.ToLower(test.token))}}
		var got []string
		for _, a := range s.spell(int32(slices.Index(g.all, test.said)), 0) {
			got = append(got, a.text)
			if want := test.said + a.text; g.all[a.state] != want {
				t.Errorf("after %q, %q leads to %q, want %q", test.said, test.token, g.all[a.state], want)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("after %q, %q spells %q, want %q", test.said, test.token, got, test.want)
		}
	}
}

func TestTokensOfNoUse(t *testing.T) {
	m := &model{Settings: Settings{End: 4}, tokens: []string{" Turn", "\xc3", "♪", "on", "<|end|>"}, silent: map[int]bool{2: true}}
	forms := m.normalForms()
	if string(forms[0]) != " turn" || forms[1] != nil || forms[2] != nil || string(forms[3]) != "on" || len(forms) != 4 {
		t.Errorf("normalForms = %q", forms)
	}
	s := &speller{grammar: grammarOf("turn on"), forms: forms}
	if got := s.spell(0, 1); got != nil {
		t.Errorf("half a rune spells %v", got)
	}
}
