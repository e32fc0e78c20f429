package device_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/audio"
	"hearth/audio/device"
)

// soon is when a child that hangs on purpose is given up. Those that will answer have patience.
const soon = 300 * time.Millisecond

// open starts a microphone with patience, and then gives it that of o.
func open(t *testing.T, child string, o device.Options) *device.Microphone {
	t.Helper()
	stallAfter := o.StallAfter
	o.Command, o.StallAfter = command(child), patience
	m, err := device.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	m.SetStallAfter(stallAfter)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestOpenGivesUp(t *testing.T) {
	cases := []struct {
		child      string
		stallAfter time.Duration
		is         error
		says       string
	}{
		{"hang-at-once", soon, device.ErrStalled, "open microphone"},
		{"no-device", patience, device.ErrNoDevice, "there is no capture device"},
		{"die", patience, nil, "segmentation fault in a driver"},
	}
	for _, c := range cases {
		t.Run(c.child, func(t *testing.T) {
			_, err := device.Open(t.Context(), device.Options{Command: command(c.child), StallAfter: c.stallAfter})
			if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A process that is long to start is waited for, with the patience of one whose sound may stop sooner.
func TestOpenIsPatient(t *testing.T) {
	m, err := device.Open(t.Context(), device.Options{Command: command("slow"), StallAfter: soon})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenWithoutProgram(t *testing.T) {
	if _, err := device.Open(t.Context(), device.Options{}); err == nil {
		t.Error("no command was accepted")
	}
	if _, err := device.Open(t.Context(), device.Options{Command: []string{"/nonexistent/hearthd"}}); err == nil {
		t.Error("a program that does not exist was started")
	}
}

func TestNextNoticesAVanishedDevice(t *testing.T) {
	cases := []struct {
		child      string
		stallAfter time.Duration
		frames     int
		is         error
		says       string
	}{
		{"hang-after-frames", soon, 3, device.ErrStalled, "Test Microphone"},
		{"hang-but-alive", soon, 0, device.ErrStalled, ""},
		{"hang-within-frame", soon, 0, device.ErrStalled, ""},
		{"end-within-frame", patience, 0, nil, "unexpected EOF"},
		{"garbage", patience, 0, nil, "at most 65536 are allowed"},
		{"odd-frame", patience, 0, nil, "frame of 17 bytes"},
	}
	for _, c := range cases {
		t.Run(c.child, func(t *testing.T) {
			m := open(t, c.child, device.Options{StallAfter: c.stallAfter})
			for range c.frames {
				if frame, err := m.Next(t.Context()); err != nil || len(frame.Samples) != 320 || frame.Format != audio.Speech {
					t.Fatalf("got %d samples of %v, error %v", len(frame.Samples), frame.Format, err)
				}
			}
			_, err := m.Next(t.Context())
			if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if _, err := m.Next(t.Context()); err == nil {
				t.Error("a frame came from a dead microphone")
			}
		})
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	m := open(t, "hang-after-frames", device.Options{StallAfter: time.Hour})
	for range 3 {
		if _, err := m.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("the daemon stops")
	ctx, cancel := context.WithCancelCause(t.Context())
	go cancel(stop)
	if _, err := m.Next(ctx); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestCloseEndsNext(t *testing.T) {
	m := open(t, "hang-after-frames", device.Options{StallAfter: time.Hour})
	go m.Close()
	for {
		if _, err := m.Next(t.Context()); err != nil {
			return
		}
	}
}

func TestMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics := device.NewMetrics(registry)
	m := open(t, "lossy", device.Options{StallAfter: soon, Metrics: metrics})
	for {
		if _, err := m.Next(t.Context()); err != nil {
			break
		}
	}
	want := `
# HELP hearth_device_dropped_samples_total Samples of the microphone lost because nobody took them in time.
# TYPE hearth_device_dropped_samples_total counter
hearth_device_dropped_samples_total 480
# HELP hearth_device_opened_total Sound devices opened, reopenings included.
# TYPE hearth_device_opened_total counter
hearth_device_opened_total{kind="capture"} 1
hearth_device_opened_total{kind="playback"} 0
# HELP hearth_device_stalled_total Sound devices that stopped answering and were given up.
# TYPE hearth_device_stalled_total counter
hearth_device_stalled_total{kind="capture"} 1
hearth_device_stalled_total{kind="playback"} 0
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

// TestNullDevice runs the real child on the null backend, where silence comes in at the real pace.
func TestNullDevice(t *testing.T) {
	m := open(t, "capture", device.Options{Device: device.Null, StallAfter: 10 * time.Second})
	var last time.Time
	for i := range 25 {
		frame, err := m.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(frame.Samples) != 320 || !frame.At.After(last) {
			t.Errorf("frame %d: %d samples at %v, the one before at %v", i, len(frame.Samples), frame.At, last)
		}
		last = frame.At
	}
}

func TestNullSpeaker(t *testing.T) {
	speaker := device.NewSpeaker(device.Options{Command: command("playback"), Device: device.Null, StallAfter: 10 * time.Second})
	if err := speaker.Play(t.Context(), audio.Clip{Format: audio.Speech, Samples: make([]int16, 3200)}); err != nil {
		t.Error(err)
	}
}

// Clips may come late, be empty, or not come at all.
func TestClipsAsTheyCome(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics := device.NewMetrics(registry)
	speaker := device.NewSpeaker(device.Options{Command: command("playback"), Device: device.Null, StallAfter: patience, Metrics: metrics})
	clips := func(all ...audio.Clip) func(context.Context) (audio.Clip, bool) {
		return func(ctx context.Context) (audio.Clip, bool) {
			if len(all) == 0 {
				return audio.Clip{}, false
			}
			next := all[0]
			all = all[1:]
			return next, true
		}
	}
	short, none := audio.Clip{Format: audio.Speech, Samples: make([]int16, 1600)}, audio.Clip{Format: audio.Speech}
	long := audio.Clip{Format: audio.Speech, Samples: make([]int16, 48000)} // in more than one message
	if err := speaker.PlayAll(t.Context(), clips(none, short, none, long, short)); err != nil {
		t.Error(err)
	}
	if err := speaker.PlayAll(t.Context(), clips()); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if opened := counted(t, registry, "hearth_device_opened_total"); opened != 1 {
		t.Errorf("the loudspeaker was opened %v times", opened)
	}
	other := audio.Clip{Format: audio.Format{Rate: 22050, Channels: 1}, Samples: make([]int16, 2205)}
	if err := speaker.PlayAll(t.Context(), clips(short, other)); err == nil || !strings.Contains(err.Error(), "22050 Hz") {
		t.Errorf("of two formats: %v", err)
	}
	stop := errors.New("barge-in")
	ctx, cancel := context.WithCancelCause(t.Context())
	waiting := func(ctx context.Context) (audio.Clip, bool) {
		if short.Samples != nil {
			first := short
			short.Samples = nil
			return first, true
		}
		cancel(stop)
		<-ctx.Done()
		return audio.Clip{}, false
	}
	if err := speaker.PlayAll(ctx, waiting); !errors.Is(err, stop) {
		t.Errorf("while a clip is awaited: %v", err)
	}
}

// counted adds up a counter.
func counted(t *testing.T, registry *prometheus.Registry, name string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == name {
			for _, m := range family.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

func TestSpeakerGivesUp(t *testing.T) {
	clip := audio.Clip{Format: audio.Speech, Samples: make([]int16, 320)}
	play := func(ctx context.Context, child string, stallAfter time.Duration) error {
		return device.NewSpeaker(device.Options{Command: command(child), StallAfter: stallAfter}).Play(ctx, clip)
	}
	if err := play(t.Context(), "hang-at-once", soon); !errors.Is(err, device.ErrStalled) {
		t.Errorf("got %v", err)
	}
	if err := play(t.Context(), "hang-when-ready", soon); !errors.Is(err, device.ErrStalled) {
		t.Errorf("when it should play: got %v", err)
	}
	if err := play(t.Context(), "hang-but-alive", soon); !errors.Is(err, device.ErrStalled) {
		t.Errorf("alive, but silent: got %v", err)
	}
	if err := play(t.Context(), "no-device", patience); !errors.Is(err, device.ErrNoDevice) {
		t.Errorf("got %v", err)
	}
	if err := play(t.Context(), "die", patience); err == nil || !strings.Contains(err.Error(), "segmentation fault") {
		t.Errorf("got %v", err)
	}
	stop := errors.New("barge-in")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if err := play(ctx, "hang-at-once", patience); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}
