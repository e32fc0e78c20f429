package doctor

import (
	"context"
	"fmt"
	"os"

	"hearth/audio/wake"
	"hearth/daemon"
)

// wakeWord looks whether the phrases can be listened for, and starts a detector unless the daemon has it at work.
func (e *examination) wakeWord(ctx context.Context) []Finding {
	word := e.Microphone.WakeWord
	_, missing := os.Stat(daemon.WakeModel(e.Config))
	switch {
	case e.lacksRecogniser():
		return fine("there is no recogniser to listen for")
	case missing != nil && word == daemon.NoWakeWord && len(e.Microphone.WakeWords) == 0:
		return fine("none is set (microphone.wake_word), and the model that finds them is not there")
	case missing != nil:
		return one(Problem, "the model that finds wake words is missing, and nobody is heard without it: "+missing.Error(),
			"set microphone.wake_word to off, or get the model (docs/wake.md)")
	}
	var findings []Finding
	for _, phrase := range append(e.Microphone.WakeWords, word) {
		if phrase == daemon.NoWakeWord {
			continue
		}
		if err := wake.Check(daemon.WakeModel(e.Config), phrase); err != nil {
			findings = append(findings, one(Problem, err.Error(), "choose another phrase")...)
		} else if short(phrase) {
			findings = append(findings, one(Warning, fmt.Sprintf("%q is short: much else sounds like it", phrase), "take a phrase of three syllables or more")...)
		}
	}
	if word == daemon.NoWakeWord && len(findings) == 0 {
		return fine("none is set in the file (microphone.wake_word); those offered can be listened for")
	}
	if !e.hears() || e.Microphone.Device == "off" {
		return append(findings, fine("nothing is listened to")...)
	}
	if e.works("wake") {
		return append(findings, fine("the daemon has it at work")...)
	}
	return append(findings, e.startDetector(ctx, word)...)
}

// short tells whether a phrase has too few letters to be told from others.
func short(phrase string) bool { return len(phrase) < 7 }

func (e *examination) startDetector(ctx context.Context, word string) []Finding {
	if word == daemon.NoWakeWord {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	worker := wake.NewWorker(wake.WorkerOptions{Command: []string{e.executable, "wake", "--assets", e.AssetsDir()}, Log: e.log})
	worker.SetPhrases([]string{word})
	started := false
	err := worker.Run(ctx, func() { started = true; stop() })
	if !started {
		return one(Problem, fmt.Sprintf("the detector does not start: %v", err), e.fetchAssets())
	}
	return fine("%q can be listened for", word)
}
