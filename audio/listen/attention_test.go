package listen_test

import (
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
)

// A spotter hears the phrase at the given times, each some time after it ended.
type spotter struct {
	wanted bool
	ends   []time.Duration
	delay  time.Duration

	pushed time.Duration // of sound
	next   int64         // the sample that follows what was pushed
	runs   int           // of samples that follow each other
	at     time.Duration // now
}

func (s *spotter) Wanted() bool { return s.wanted }

func (s *spotter) Push(at int64, samples []int16) {
	if at != s.next || s.runs == 0 {
		s.runs++
	}
	s.next = at + int64(len(samples))
	s.pushed += audio.Speech.Duration(len(samples))
}

func (s *spotter) Heard() (end int64, ok bool) {
	if len(s.ends) == 0 || s.at < s.ends[0]+s.delay {
		return 0, false
	}
	end = int64(audio.Speech.Samples(s.ends[0]))
	s.ends = s.ends[1:]
	return end, true
}

// A heard is what a Listener did, and when.
type heard struct {
	utterances []listen.Utterance
	at         []time.Duration
	woken      []time.Duration
	waits      []time.Duration
	speaking   []bool
}

// run has a Listener hear samples, with a phrase or without. Until answers for each utterance.
func run(t *testing.T, s *spotter, samples []int16, change func(*listen.Listener), until func(listen.Utterance) time.Time) (h heard) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := listen.New(listen.Options{}, nil, nil)
		l.Spotter = s
		l.Woken = func() { h.woken = append(h.woken, time.Since(began)) }
		l.Acknowledge = func() { h.waits = append(h.waits, time.Since(began)) }
		l.Speaking = func(on bool) { h.speaking = append(h.speaking, on) }
		l.Own = func() bool { s.at = time.Since(began); return false }
		if change != nil {
			change(l)
		}
		err := l.Run(t.Context(), &tape{samples, 20 * time.Millisecond, io.EOF}, func(u listen.Utterance) time.Time {
			h.utterances, h.at = append(h.utterances, u), append(h.at, time.Since(began))
			if until == nil {
				return time.Time{}
			}
			return until(u)
		})
		if err != nil {
			t.Error(err)
		}
	})
	return h
}

// sentence is a tone of a second and a half in so much room noise, at a time.
func sentence(length time.Duration, at ...time.Duration) []int16 {
	samples := noise(random(), -60, length)
	for _, at := range at {
		add(samples, at, 1500*time.Millisecond, -20)
	}
	return samples
}

func TestWithoutThePhraseNothingIsAnUtterance(t *testing.T) {
	s := &spotter{wanted: true}
	h := run(t, s, sentence(20*time.Second, 3*time.Second, 12*time.Second), nil, nil)
	if len(h.utterances)+len(h.woken)+len(h.waits)+len(h.speaking) != 0 {
		t.Errorf("heard %+v", h)
	}
	// A second before each, the tone, and a second after it.
	if s.runs != 3 || !near(s.pushed, time.Second+2*3500*time.Millisecond) { // and the very first
		t.Errorf("the spotter was given %v in %d runs", s.pushed, s.runs)
	}
}

func TestCommandInTheSameBreath(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{3500 * time.Millisecond}, delay: 500 * time.Millisecond}
	h := run(t, s, sentence(10*time.Second, 3*time.Second), nil, nil) // phrase and command last until 4.5 s
	if len(h.utterances) != 1 || !h.utterances[0].Woken || len(h.waits) != 0 {
		t.Fatalf("heard %+v", h)
	}
	if got, want := h.utterances[0].Clip.Duration(), time.Second+300*time.Millisecond; !near(got, want) {
		t.Errorf("the command lasts %v, want %v: the phrase is no part of it", got, want)
	}
	if !near(h.at[0], 5200*time.Millisecond) || !slices.Equal(h.speaking, []bool{true, false}) {
		t.Errorf("given out at %v, told %v", h.at, h.speaking)
	}
}

func TestCommandThatIsOverWhenThePhraseIsFound(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{3500 * time.Millisecond}, delay: 2 * time.Second}
	h := run(t, s, sentence(10*time.Second, 3*time.Second), nil, nil)
	if len(h.utterances) != 1 || !near(h.at[0], 5500*time.Millisecond) || len(h.waits) != 0 {
		t.Errorf("heard %+v", h)
	}
}

func TestCommandAfterAPause(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{4500 * time.Millisecond}, delay: 500 * time.Millisecond}
	h := run(t, s, sentence(14*time.Second, 3*time.Second, 8*time.Second), nil, nil)
	if len(h.utterances) != 1 || !h.utterances[0].Woken || !near(h.at[0], 10200*time.Millisecond) {
		t.Errorf("heard %+v", h)
	}
	if len(h.waits) != 1 || !near(h.waits[0], 5200*time.Millisecond) {
		t.Errorf("acknowledged at %v", h.waits)
	}
}

func TestNothingFollowsThePhrase(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{4500 * time.Millisecond}, delay: 500 * time.Millisecond}
	h := run(t, s, sentence(20*time.Second, 3*time.Second, 15*time.Second), nil, nil) // the second tone comes too late
	if len(h.utterances) != 0 || !slices.Equal(h.speaking, []bool{true, false}) {
		t.Errorf("heard %+v", h)
	}
}

// TestToneIsNoCommand has the answer to the phrase be heard by the microphone, with a command that begins meanwhile.
func TestToneIsNoCommand(t *testing.T) {
	for _, command := range []bool{false, true} {
		samples := sentence(14*time.Second, 3*time.Second)
		addTone(samples, 5500*time.Millisecond, time.Second, -15, listen.ToneHertz)
		want := 0
		if command {
			add(samples, 5700*time.Millisecond, 1500*time.Millisecond, -20)
			want = 1
		}
		s := &spotter{wanted: true, ends: []time.Duration{4500 * time.Millisecond}, delay: 500 * time.Millisecond}
		h := run(t, s, samples, nil, nil)
		if len(h.utterances) != want {
			t.Fatalf("with a command: %v: %d utterances", command, len(h.utterances))
		}
		if command && !near(h.utterances[0].Clip.Duration(), 2100*time.Millisecond) {
			t.Errorf("the command lasts %v", h.utterances[0].Clip.Duration())
		}
	}
}

// TestQuestionNeedsNoPhrase: what follows a question within its time is its answer, and noise does not end it.
func TestQuestionNeedsNoPhrase(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{3500 * time.Millisecond}, delay: 500 * time.Millisecond}
	asked := time.Time{}
	h := run(t, s, sentence(40*time.Second, 3*time.Second, 8*time.Second, 13*time.Second, 18*time.Second, 30*time.Second), nil,
		func(u listen.Utterance) time.Time {
			switch {
			case u.Woken: // Hearth asks
				asked = time.Now().Add(12 * time.Second)
				return asked
			case u.Until.IsZero():
				t.Error("an answer to no question")
			case asked.IsZero():
				return time.Time{} // the second answer is one
			}
			asked = time.Time{}
			return u.Until // the first is noise
		})
	if len(h.utterances) != 3 || !near(h.at[1], 10200*time.Millisecond) || !near(h.at[2], 15200*time.Millisecond) {
		t.Errorf("heard at %v", h.at)
	}
}

func TestQuestionRunsOut(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{3500 * time.Millisecond}, delay: 500 * time.Millisecond}
	h := run(t, s, sentence(20*time.Second, 3*time.Second, 12*time.Second), nil,
		func(listen.Utterance) time.Time { return time.Now().Add(4 * time.Second) })
	if len(h.utterances) != 1 {
		t.Errorf("heard at %v", h.at)
	}
}

// TestOwnVoiceIsNoCommand: the phrase is heard while Hearth speaks, which stops a little later.
func TestOwnVoiceIsNoCommand(t *testing.T) {
	samples := sentence(14*time.Second, 3*time.Second, 4500*time.Millisecond, 9*time.Second) // its voice until 6 s, then a command
	s := &spotter{wanted: true, ends: []time.Duration{4500 * time.Millisecond}, delay: 500 * time.Millisecond}
	began := time.Time{}
	h := run(t, s, samples, func(l *listen.Listener) {
		began = time.Now()
		l.Own = func() bool {
			s.at = time.Since(began)
			return s.at > 2*time.Second && s.at < 6100*time.Millisecond
		}
	}, nil)
	if len(h.woken) != 1 || len(h.utterances) != 1 || !near(h.at[0], 11200*time.Millisecond) {
		t.Errorf("heard %+v", h)
	}
}

// TestOwnVoiceIsNoCommandWithoutAPhrase: a reply, a ring or an announcement would be one to whoever takes each utterance.
func TestOwnVoiceIsNoCommandWithoutAPhrase(t *testing.T) {
	h := run(t, &spotter{}, sentence(14*time.Second, 3*time.Second, 9*time.Second), func(l *listen.Listener) {
		began := time.Now()
		l.Own = func() bool { at := time.Since(began); return at > 2*time.Second && at < 6100*time.Millisecond }
	}, nil)
	if len(h.utterances) != 1 || !near(h.at[0], 11200*time.Millisecond) {
		t.Errorf("heard %d, at %v", len(h.utterances), h.at)
	}
}

// TestAPhraseOfBefore the microphone was closed and opened again is found late, where there is no sound yet.
func TestAPhraseOfBefore(t *testing.T) {
	s := &spotter{wanted: true, ends: []time.Duration{8 * time.Second}, delay: -7900 * time.Millisecond}
	if h := run(t, s, sentence(10*time.Second, 3*time.Second), nil, nil); len(h.woken) != 0 || len(h.utterances) != 0 {
		t.Errorf("woken at %v, heard at %v", h.woken, h.at)
	}
}

// TestWakeWordIsSwitched on and off while the microphone is open.
func TestWakeWordIsSwitched(t *testing.T) {
	s := &spotter{}
	began := time.Time{}
	h := run(t, s, sentence(20*time.Second, 3*time.Second, 8*time.Second, 14*time.Second), func(l *listen.Listener) {
		began = time.Now()
		l.Own = func() bool {
			at := time.Since(began)
			s.wanted = at > 7*time.Second && at < 12*time.Second
			return false
		}
	}, nil)
	if len(h.at) != 2 || !near(h.at[0], 5200*time.Millisecond) || !near(h.at[1], 16200*time.Millisecond) {
		t.Errorf("heard at %v", h.at)
	}
}

func TestScanIsTheSame(t *testing.T) {
	samples := sentence(10*time.Second, 3*time.Second)
	clip := audio.Clip{Format: audio.Speech, Samples: samples}
	if got := listen.Scan(listen.Options{}, nil, clip); len(got) != 1 || got[0].Woken {
		t.Errorf("without a phrase: %d utterances", len(got))
	}
	if got := listen.Scan(listen.Options{}, &spotter{wanted: true}, clip); len(got) != 0 {
		t.Errorf("with a phrase that was not said: %d utterances", len(got))
	}
}
