package stt_test

import (
	"errors"
	"slices"
	"testing"

	"hearth/audio"
	"hearth/audio/stt"
)

// phrases is a grammar of a few sentences; "*" in one stands for any letters. A state is the number of
// runes read.
type phrases []string

func (p phrases) Start() int32 { return 0 }

func (p phrases) Step(state int32, r rune) int32 {
	ok := slices.ContainsFunc(p, func(s string) bool { return int(state) < len(s) && (rune(s[state]) == r || s[state] == '*') })
	if !ok {
		return -1
	}
	return state + 1
}

func (p phrases) Final(state int32) bool {
	return slices.ContainsFunc(p, func(s string) bool { return len(s) == int(state) })
}

func (p phrases) Free(state int32) bool {
	return slices.ContainsFunc(p, func(s string) bool { return state > 0 && int(state) <= len(s) && s[state-1] == '*' })
}

func (p phrases) Weight(int32, rune) float64 { return 0 }
func (p phrases) EndWeight(int32) float64    { return 0 }

func TestJudge(t *testing.T) {
	clear := stt.Hypothesis{Text: "turn on the lights", Free: "Turn on the lights.", LogProb: -0.2, FreeLog: -0.2}
	with := func(change func(*stt.Hypothesis)) stt.Hypothesis {
		h := clear
		change(&h)
		return h
	}
	tests := []struct {
		name string
		h    stt.Hypothesis
		want stt.Verdict
	}{
		{"both agree", clear, stt.Act},
		{"the grammar is a little better", with(func(h *stt.Hypothesis) { h.Confidence = 2 }), stt.Act},
		{"bent a little", with(func(h *stt.Hypothesis) { h.Confidence = -4 }), stt.Act},
		{"bent much", with(func(h *stt.Hypothesis) { h.Confidence = -6.5 }), stt.Ask},
		{"something else, clearly", with(func(h *stt.Hypothesis) { h.Confidence = -12 }), stt.Open},
		{"something else, unclear", with(func(h *stt.Hypothesis) { h.Confidence, h.FreeLog = -12, -1.3 }), stt.Reject},
		{"no sentence near", with(func(h *stt.Hypothesis) { h.Text = "" }), stt.Open},
		{"nothing at all", stt.Hypothesis{}, stt.Reject},
		{"a guess at a foreign language", with(func(h *stt.Hypothesis) { h.Confidence, h.LogProb, h.FreeLog = 6, -5.8, -1.3 }), stt.Reject},
		{"mostly anybody's words", with(func(h *stt.Hypothesis) { h.Wild = 0.6 }), stt.Open},
		{"some words of one's own", with(func(h *stt.Hypothesis) { h.Wild = 0.3 }), stt.Act},
		{"a name that opens a story", with(func(h *stt.Hypothesis) { h.Free = "Turn on the lights was the song we sang on the way home." }), stt.Open},
		{"noise", with(func(h *stt.Hypothesis) { h.FreeLog = -3.9 }), stt.Reject},
		{"silence", with(func(h *stt.Hypothesis) { h.FreeLog, h.NoSpeech = -1.6, 0.9 }), stt.Reject},
		{"a quiet voice", with(func(h *stt.Hypothesis) { h.NoSpeech = 0.7 }), stt.Act},
	}
	for _, test := range tests {
		if got := test.h.Judge(); got != test.want {
			t.Errorf("%s: Judge = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestWildShare(t *testing.T) {
	tests := []struct {
		grammar phrases
		text    string
		want    float64
	}{
		{phrases{"add ***** to my list"}, "add candy to my list", 0.25},
		{phrases{"play *****"}, "play songs", 0.5},
		{phrases{"play *****"}, "stop", 1},
		{phrases{"play *****"}, "", 0},
	}
	for _, test := range tests {
		if got := stt.WildShare(test.grammar, test.text); got != test.want {
			t.Errorf("WildShare(%q) = %v, want %v", test.text, got, test.want)
		}
	}
}

func TestSilent(t *testing.T) {
	clip := audio.Clip{Format: audio.Speech, Samples: make([]int16, 16000)}
	if !stt.Silent(clip) || !stt.Silent(audio.Clip{Format: audio.Speech}) {
		t.Error("digital silence is not silent")
	}
	for i := range clip.Samples {
		clip.Samples[i] = int16(10 * (i%2*2 - 1))
	}
	if !stt.Silent(clip) {
		t.Error("hiss of -70 dB is not silent")
	}
	for i := 8000; i < 8400; i++ {
		clip.Samples[i] = 300
	}
	if stt.Silent(clip) {
		t.Error("a short sound of -41 dB is silent")
	}
}

func TestVerdictAsText(t *testing.T) {
	for v := stt.Reject; v <= stt.Act; v++ {
		text, err := v.MarshalText()
		var got stt.Verdict
		if err = errors.Join(err, got.UnmarshalText(text)); err != nil || got != v {
			t.Errorf("%v came back from %q as %v, %v", v, text, got, err)
		}
	}
	if err := new(stt.Verdict).UnmarshalText([]byte("maybe")); err == nil {
		t.Error("a verdict of maybe")
	}
}
