package score

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
	"hearth/audio/stt"
	"hearth/audio/wake"
)

func openDetector(t *testing.T) *wake.Detector {
	t.Helper()
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	model := filepath.Join(assets, "kws-zipformer-gigaspeech-3.3M")
	if _, err := os.Stat(model); err != nil {
		t.Skip("no model that finds wake words: make assets takes it from HEARTH_SHARED")
	}
	d, err := wake.Open(wake.Options{Library: filepath.Join(assets, "onnxruntime", "libonnxruntime.so.1"), Model: model, Threshold: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

const text = `There was once a sweet little girl, who was loved by everybody who saw her, but most of all by her grandmother.

One day her mother said to her: come, here is a piece of cake and a bottle of wine, take them to your grandmother, she is ill and weak.`

// TestRun holds the detector to what it can do, through the listening that the microphone's sound goes through.
func TestRun(t *testing.T) {
	d := openDetector(t)
	clip, err := voices[0].say(t.Context(), "okay computer")
	if err != nil {
		t.Skipf("%v: apt-get install flite espeak-ng", err)
	}
	report, err := Run(t.Context(), Options{
		Detector: d, Phrases: []string{"okay computer"}, Text: text, Read: time.Second,
		Recordings: []Recording{
			{"a.wav", "okay computer", clip},
			{"b.wav", "", audio.Clip{Format: audio.Speech, Samples: noise(rand.New(rand.NewPCG(1, 1)), -30, 5*time.Second)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := report.WriteText(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	if !strings.Contains(table.String(), "1/1") || report.alarms("okay computer", 0.05) != 0 {
		t.Error("a recording was not found, or noise was")
	}
	for _, noise := range []float64{60, 20} {
		found := 0
		for _, trial := range report.Spoken {
			if trial.Noise == noise && trial.Confidence >= 0.25 {
				found++
			}
		}
		if found < 32 {
			t.Errorf("noise %v dB below: %d of 36 are found, want at least 32", noise, found)
		}
	}
	if _, err := Run(t.Context(), Options{Detector: d, Text: text, Read: time.Hour}); err == nil {
		t.Error("so short a text was read for an hour")
	}
}

// An ear remembers what it was given.
type ear struct {
	stt.Engine
	clips []audio.Clip
}

func (e *ear) Transcribe(clip audio.Clip) (stt.Hypothesis, error) {
	e.clips = append(e.clips, clip)
	return stt.Hypothesis{Text: "heard"}, nil
}

func TestAfterThePhraseOnlyTheCommandIsLeft(t *testing.T) {
	d := openDetector(t)
	command, err := voices[0].say(t.Context(), "turn on the kitchen light")
	if err != nil {
		t.Skipf("%v: apt-get install flite espeak-ng", err)
	}
	inner := &ear{}
	e, err := After(t.Context(), inner, d, "okay computer", 300*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := e.Transcribe(command); err != nil || h.Text != "heard" || len(inner.clips) != 1 {
		t.Fatalf("heard %q in %d clips, %v", h.Text, len(inner.clips), err)
	}
	if got, whole := inner.clips[0].Duration(), command.Duration(); got < whole-300*time.Millisecond || got > whole+900*time.Millisecond {
		t.Errorf("%v are left of a command of %v and the phrase", got, whole)
	}
}

func TestSound(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	room := noise(random, -40, time.Second)
	if got := listen.Level(room); got < -40.5 || got > -39.5 {
		t.Errorf("noise of -40 dBFS has %.1f", got)
	}
	if got := speechLevel(atLevel(room, -20)); got < -20.5 || got > -19.5 {
		t.Errorf("brought to -20 dBFS it has %.1f", got)
	}
	if got := paragraphs("Contents\r\n\r\n" + text); len(got) != 2 || strings.Contains(got[0], "\n") {
		t.Errorf("paragraphs %q", got)
	}
	if got := trimmed([]int16{5, 1000, -400, 20, -20, 0}); len(got) != 3 {
		t.Errorf("%d samples are left", len(got))
	}
}
