package wake_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"hearth/audio/wake"
)

// childMode makes this test binary the child of a Worker.
const childMode = "HEARTH_TEST_WAKE"

func TestMain(m *testing.M) {
	var open func() (wake.Engine, error)
	switch os.Getenv(childMode) {
	case "":
		goleak.VerifyTestMain(m)
	case "unable":
		open = func() (wake.Engine, error) { return nil, errors.New("the model is missing") }
	default:
		open = func() (wake.Engine, error) { return &listener{}, nil }
	}
	if err := wake.Serve(os.Stdin, os.Stdout, open); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// The first sample of a piece tells a listener what to do.
const (
	silent int16 = iota
	said
	complain
	crash
	hang
)

// listener finds its first phrase where a sample says so, once for each run of samples that follow each other.
type listener struct{ phrases []string }

func (l *listener) SetPhrases(phrases []string) error {
	if slices.Contains(phrases, "bad") {
		return errors.New("the phrase is bad")
	}
	l.phrases = phrases
	return nil
}

func (l *listener) Push(at int64, samples []int16) (hits []wake.Hit, err error) {
	for i, s := range samples {
		switch s {
		case said:
			hits = append(hits, wake.Hit{Phrase: l.phrases[0], Start: at, End: at + int64(i), Confidence: 0.9})
		case complain:
			return nil, errors.New("too loud")
		case crash:
			os.Exit(3)
		case hang:
			select {}
		}
	}
	return hits, nil
}
