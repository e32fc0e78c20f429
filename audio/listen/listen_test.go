package listen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"hearth/audio"
	"hearth/audio/listen"
	"hearth/audio/wav"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const frame = 320 // samples, 20 ms

// noise has a Gaussian distribution and the given level.
func noise(random *rand.Rand, dbfs float64, d time.Duration) []int16 {
	scale := 32768 * math.Pow(10, dbfs/20)
	out := make([]int16, audio.Speech.Samples(d))
	for i := range out {
		out[i] = int16(min(max(random.NormFloat64()*scale, -32768), 32767))
	}
	return out
}

// add lays a tone of the given level over samples, from at on.
func add(samples []int16, at, d time.Duration, dbfs float64) { addTone(samples, at, d, dbfs, 300) }

func addTone(samples []int16, at, d time.Duration, dbfs, hertz float64) {
	amplitude := math.Sqrt2 * 32768 * math.Pow(10, dbfs/20)
	start := audio.Speech.Samples(at)
	for i := range audio.Speech.Samples(d) {
		samples[start+i] += int16(amplitude * math.Sin(2*math.Pi*hertz*float64(i)/16000))
	}
}

// A found is an utterance and where in the stream it was given out.
type found struct {
	clip audio.Clip
	end  time.Duration
}

func push(e *listen.Endpointer, samples []int16) []found {
	var all []found
	for i := 0; i+frame <= len(samples); i += frame {
		clip, ok := e.Push(audio.Frame{Format: audio.Speech, Samples: samples[i : i+frame]})
		if ok {
			all = append(all, found{clip, audio.Speech.Duration(i + frame)})
		}
	}
	return all
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func near(got, want time.Duration) bool { return (got - want).Abs() <= 60*time.Millisecond }

func TestToneInNoise(t *testing.T) {
	for _, floor := range []float64{-70, -55, -45, -36} {
		samples := noise(random(), floor, 6*time.Second)
		add(samples, 2*time.Second, time.Second, -22)
		all := push(listen.NewEndpointer(listen.Options{}), samples)
		if len(all) != 1 {
			t.Errorf("noise of %v dBFS: %d utterances", floor, len(all))
			continue
		}
		if want := 300*time.Millisecond + time.Second + 300*time.Millisecond; !near(all[0].clip.Duration(), want) {
			t.Errorf("noise of %v dBFS: the utterance lasts %v, want %v", floor, all[0].clip.Duration(), want)
		}
		if want := 3700 * time.Millisecond; !near(all[0].end, want) {
			t.Errorf("noise of %v dBFS: given out at %v, want %v", floor, all[0].end, want)
		}
	}
}

func TestPauseWithinASentence(t *testing.T) {
	samples := noise(random(), -60, 6*time.Second)
	add(samples, 1*time.Second, 500*time.Millisecond, -25)
	add(samples, 2*time.Second, 500*time.Millisecond, -25)
	if all := push(listen.NewEndpointer(listen.Options{}), samples); len(all) != 1 || !near(all[0].clip.Duration(), 2100*time.Millisecond) {
		t.Errorf("a pause of 500 ms: %d utterances", len(all))
	}
	samples = noise(random(), -60, 7*time.Second)
	add(samples, 1*time.Second, 500*time.Millisecond, -25)
	add(samples, 3*time.Second, 500*time.Millisecond, -25)
	if all := push(listen.NewEndpointer(listen.Options{}), samples); len(all) != 2 {
		t.Errorf("a pause of 1.5 s: %d utterances", len(all))
	}
}

func TestClicksAreNoUtterances(t *testing.T) {
	samples := noise(random(), -60, 10*time.Second)
	for i := range 4 {
		add(samples, time.Duration(i+1)*2*time.Second, time.Duration(60+40*i)*time.Millisecond, -10)
	}
	if all := push(listen.NewEndpointer(listen.Options{}), samples); len(all) != 0 {
		t.Errorf("%d utterances", len(all))
	}
}

func TestTenMinutesOfNoiseAreSilent(t *testing.T) {
	for _, level := range []float64{-96, -60, -45, -30} {
		e := listen.NewEndpointer(listen.Options{})
		if all := push(e, noise(random(), level, 10*time.Minute)); len(all) != 0 {
			t.Errorf("%d utterances in noise of %v dBFS", len(all), level)
		}
	}
}

// TestRisingNoise: rain that comes on within a minute is no utterance.
func TestRisingNoise(t *testing.T) {
	e := listen.NewEndpointer(listen.Options{})
	r := random()
	for level := -65.0; level < -30; level += 0.5 {
		if all := push(e, noise(r, level, time.Second)); len(all) != 0 {
			t.Fatalf("an utterance at %v dBFS", level)
		}
	}
	if e.Floor() < -34 || e.Floor() > -30 {
		t.Errorf("the floor is at %.1f dBFS", e.Floor())
	}
}

// TestNewNoise: a fan that is switched on may count as one utterance, and then never again.
func TestNewNoise(t *testing.T) {
	e := listen.NewEndpointer(listen.Options{})
	push(e, noise(random(), -60, 5*time.Second))
	if all := push(e, noise(random(), -30, time.Minute)); len(all) > 1 || len(all) == 1 && all[0].clip.Duration() > 15*time.Second {
		t.Errorf("%d utterances", len(all))
	}
	speech := noise(random(), -30, 4*time.Second)
	add(speech, time.Second, time.Second, -14)
	if all := push(e, speech); len(all) != 1 {
		t.Errorf("speech over the new noise: %d utterances", len(all))
	}
}

func TestLongestIsCut(t *testing.T) {
	samples := noise(random(), -60, 40*time.Second)
	for at := time.Second; at < 35*time.Second; at += 500 * time.Millisecond {
		add(samples, at, 400*time.Millisecond, -20)
	}
	all := push(listen.NewEndpointer(listen.Options{}), samples)
	if len(all) < 2 {
		t.Fatalf("%d utterances", len(all))
	}
	for _, f := range all {
		if f.clip.Duration() > 15*time.Second+20*time.Millisecond {
			t.Errorf("one lasts %v", f.clip.Duration())
		}
	}
}

// TestRecordings: each recorded command, in a room of its own noise, is found once and whole.
func TestRecordings(t *testing.T) {
	shared := os.Getenv("HEARTH_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(shared, "data", "voice")
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Skip("no recordings: set HEARTH_SHARED to the folder that holds data/voice")
	}
	clips, whole := 0, 0
	for line := range strings.Lines(string(manifest)) {
		var entry struct {
			File       string  `json:"file"`
			Transcript *string `json:"transcript"`
			Noise      float64 `json:"noise_floor_rms"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Transcript == nil || *entry.Transcript == "" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.File))
		if err != nil {
			t.Fatal(err)
		}
		clip, err := wav.Decode(bytes.NewReader(content), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if clip.Duration() > 10*time.Second {
			continue // no command
		}
		clips++
		floor := 20 * math.Log10(max(entry.Noise, 1)/32768)
		room := noise(random(), floor, 2*time.Second)
		stream := slices.Concat(room, clip.Samples, room)
		all := push(listen.NewEndpointer(listen.Options{}), stream)
		if len(all) != 1 {
			t.Logf("%s: %d utterances", entry.File, len(all))
			continue
		}
		if part := speechKept(stream, all[0].clip.Samples, floor+12); part < 0.98 {
			t.Logf("%s: %.1f %% of the speech", entry.File, 100*part)
			continue
		}
		whole++
	}
	t.Logf("%d of %d whole", whole, clips)
	if float64(whole) < 0.95*float64(clips) {
		t.Errorf("only %d of %d commands were found once and whole", whole, clips)
	}
}

// speechKept is the part of the energy of the stream's frames above a level that lies within the utterance.
func speechKept(stream, utterance []int16, above float64) float64 {
	start := 0
	for !slices.Equal(stream[start:start+frame], utterance[:frame]) {
		start++
	}
	var inside, all float64
	for i := 0; i+frame <= len(stream); i += frame {
		level := listen.Level(stream[i : i+frame])
		if level < above {
			continue
		}
		power := math.Pow(10, level/10)
		all += power
		if i >= start && i+frame <= start+len(utterance) {
			inside += power
		}
	}
	return inside / all
}

// A tape is a source that ends with err.
type tape struct {
	samples []int16
	pace    time.Duration // between frames
	err     error
}

func (s *tape) Next(ctx context.Context) (audio.Frame, error) {
	if len(s.samples) < frame {
		return audio.Frame{}, s.err
	}
	time.Sleep(s.pace)
	f := audio.Frame{Format: audio.Speech, Samples: s.samples[:frame], At: time.Now()}
	s.samples = s.samples[frame:]
	return f, ctx.Err()
}

func (s *tape) Close() error { return nil }

func threeCommands() []int16 {
	samples := noise(random(), -60, 12*time.Second)
	for _, at := range []time.Duration{1, 5, 9} {
		add(samples, at*time.Second, time.Second, -20)
	}
	return samples
}

func TestRunDropsWhatComesWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := prometheus.NewRegistry()
		l := listen.New(listen.Options{}, nil, listen.NewMetrics(registry))
		began := time.Now()
		var heard []time.Duration
		err := l.Run(t.Context(), &tape{threeCommands(), 20 * time.Millisecond, io.EOF}, func(listen.Utterance) time.Time {
			heard = append(heard, time.Since(began))
			time.Sleep(6 * time.Second) // longer than until the end of the second command, at 6.7 s
			return time.Time{}
		})
		if err != nil || len(heard) != 2 || !near(heard[0], 2700*time.Millisecond) || !near(heard[1], 10700*time.Millisecond) {
			t.Errorf("heard at %v, error %v", heard, err)
		}
		want := `
# HELP hearth_listen_dropped_utterances_total Utterances dropped because the one before was still being handled.
# TYPE hearth_listen_dropped_utterances_total counter
hearth_listen_dropped_utterances_total 1
# HELP hearth_listen_utterances_total Utterances found in the sound and handed on.
# TYPE hearth_listen_utterances_total counter
hearth_listen_utterances_total 2
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	})
}

func TestSpeakingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := listen.New(listen.Options{}, nil, nil)
		var told []bool
		l.Speaking = func(on bool) { told = append(told, on) }
		err := l.Run(t.Context(), &tape{threeCommands(), 20 * time.Millisecond, io.EOF}, func(listen.Utterance) time.Time { return time.Time{} })
		if want := []bool{true, false, true, false, true, false}; err != nil || !slices.Equal(told, want) {
			t.Errorf("told %v, error %v", told, err)
		}
		// Muted in the middle of an utterance.
		told = nil
		ctx, mute := context.WithCancel(t.Context())
		l.Speaking = func(on bool) { told = append(told, on); mute() }
		_ = l.Run(ctx, &tape{threeCommands(), 20 * time.Millisecond, io.EOF}, func(listen.Utterance) time.Time { return time.Time{} })
		if want := []bool{true, false}; !slices.Equal(told, want) {
			t.Errorf("told %v when the listening ended", told)
		}
	})
}

func TestRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := listen.New(listen.Options{}, nil, nil)
		gone := errors.New("the microphone is gone")
		if err := l.Run(t.Context(), &tape{err: gone}, func(listen.Utterance) time.Time { return time.Time{} }); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
		stop := errors.New("the daemon stops")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(stop) })
		if err := l.Run(ctx, &tape{threeCommands(), 20 * time.Millisecond, io.EOF}, func(listen.Utterance) time.Time { return time.Time{} }); !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRunGivesTheLastUtteranceAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		samples := noise(random(), -60, 3*time.Second)
		add(samples, 2*time.Second, time.Second, -20)
		n := 0
		err := listen.New(listen.Options{}, nil, nil).Run(t.Context(), &tape{samples, 20 * time.Millisecond, io.EOF}, func(listen.Utterance) time.Time { n++; return time.Time{} })
		if err != nil || n != 1 {
			t.Errorf("%d utterances, error %v", n, err)
		}
	})
}

func BenchmarkPush(b *testing.B) {
	e := listen.NewEndpointer(listen.Options{})
	samples := noise(random(), -50, time.Second)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % 50 * frame
		e.Push(audio.Frame{Format: audio.Speech, Samples: samples[at : at+frame]})
	}
}

// hanging gives one frame, and then none until it is let go.
type hanging struct {
	audio.Source
	given bool
	let   chan struct{}
}

func (h *hanging) Next(context.Context) (audio.Frame, error) {
	if !h.given {
		h.given = true
		return audio.Frame{Format: audio.Speech, Samples: make([]int16, frame)}, nil
	}
	<-h.let
	return audio.Frame{}, io.EOF
}

func TestAListenerThatHangsIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := listen.New(listen.Options{}, nil, nil)
		source := &hanging{let: make(chan struct{})}
		ended := make(chan error)
		go func() { ended <- l.Run(t.Context(), source, func(listen.Utterance) time.Time { return time.Time{} }) }()
		time.Sleep(time.Minute)
		if idle := l.Idle(); idle.Round(time.Second) != time.Minute {
			t.Errorf("idle for %s, want a minute", idle)
		}
		close(source.let)
		if err := <-ended; err != nil || l.Idle() != 0 {
			t.Errorf("after the end: idle for %s, %v", l.Idle(), err)
		}
	})
}
