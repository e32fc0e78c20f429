package device_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/audio/device"
)

// A soundServer is a real PulseAudio with two null sinks: what is played into "feed" is heard by the
// microphone "usbmic", and "speaker" is the loudspeaker.
type soundServer struct{ t *testing.T }

const microphoneModule = "load-module module-remap-source source_name=usbmic master=feed.monitor" +
	" source_properties=device.description=VirtualUSBMic"

func startPulseAudio(t *testing.T) *soundServer {
	t.Helper()
	program, err := exec.LookPath("pulseaudio")
	if err != nil {
		t.Skip("pulseaudio is not installed: apt-get install pulseaudio")
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "pulse.pa")
	err = os.WriteFile(script, []byte(strings.Join([]string{
		"load-module module-native-protocol-unix auth-anonymous=1 socket=" + filepath.Join(dir, "native"),
		"load-module module-null-sink sink_name=feed rate=16000 channels=1 format=s16le",
		"load-module module-null-sink sink_name=speaker rate=16000 channels=1 format=s16le sink_properties=device.description=VirtualSpeaker",
		microphoneModule,
		"set-default-source usbmic",
		"set-default-sink speaker",
	}, "\n")+"\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", dir)
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("PULSE_SERVER", "")
	var log bytes.Buffer
	server := exec.Command(program, "-n", "-F", script, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm")
	server.Stderr = &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
		if t.Failed() {
			t.Logf("pulseaudio: %s", log.String())
		}
	})
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(dir, "native"))
	s := &soundServer{t}
	s.waitForMicrophone()
	return s
}

// do runs pactl, which comes with pulseaudio.
func (s *soundServer) do(command string) {
	s.t.Helper()
	if answer, err := exec.Command("pactl", strings.Fields(command)...).CombinedOutput(); err != nil {
		s.t.Fatalf("pactl %s: %v %s", command, err, answer)
	}
}

func (s *soundServer) waitForMicrophone() {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		answer, err := exec.Command("pactl", "get-default-source").Output()
		if err == nil && strings.TrimSpace(string(answer)) == "usbmic" {
			return
		}
	}
	s.t.Fatal("pulseaudio does not answer")
}

// patience is how long a busy machine may take over opening a device.
const patience = 10 * time.Second

func speaker(name string) *device.Speaker {
	return device.NewSpeaker(device.Options{Command: command("playback"), Device: name, StallAfter: patience})
}

func noise(seed uint64, d time.Duration) audio.Clip {
	random := rand.New(rand.NewPCG(seed, seed))
	clip := audio.Clip{Format: audio.Speech, Samples: make([]int16, audio.Speech.Samples(d))}
	for i := range clip.Samples {
		clip.Samples[i] = int16(random.IntN(40000)-20000) | 1 // never 0, which is silence
	}
	return clip
}

// onset is how much of the start of a clip PulseAudio's null sink may swallow while it adapts its latency.
const onset = 1600

// hear plays the clip into the microphone's feed and checks that the microphone captures it exactly. Only silence
// may come in between: PulseAudio puts it where a busy machine does not bring the sound in time.
func hear(t *testing.T, m *device.Microphone, clip audio.Clip) {
	t.Helper()
	hearPlaying(t, m, clip, func() error { return speaker("feed").Play(t.Context(), clip) })
}

// hearPlaying is hear with another way to play it.
func hearPlaying(t *testing.T, m *device.Microphone, clip audio.Clip, play func() error) {
	t.Helper()
	played := make(chan error, 1)
	go func() { played <- play() }()
	want := clip.Samples[onset:]
	var heard []int16
	start, silent := -1, 0
	for start < 0 || len(heard) < start+len(want) {
		frame, err := m.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sound := slices.DeleteFunc(frame.Samples, func(s int16) bool { return s == 0 })
		heard, silent = append(heard, sound...), silent+len(frame.Samples)-len(sound)
		if silent > audio.Speech.Samples(patience) {
			t.Fatalf("%d of %d samples were heard", len(heard), len(clip.Samples))
		}
		if start < 0 {
			start = find(heard, want[:64])
		}
	}
	if n := differing(heard[start:], want); n > 0 {
		t.Errorf("%d of %d samples differ", n, len(want))
	}
	if err := <-played; err != nil {
		t.Error(err)
	}
}

func find(in, what []int16) int {
	for i := range in[:max(0, len(in)-len(what)+1)] {
		if in[i] == what[0] && slices.Equal(in[i:i+len(what)], what) {
			return i
		}
	}
	return -1
}

func TestWhatIsPlayedIsHeardExactly(t *testing.T) {
	startPulseAudio(t)
	m := open(t, "capture", device.Options{StallAfter: patience})
	if m.Name() != "VirtualUSBMic" {
		t.Errorf("opened %s", m.Name())
	}
	hear(t, m, noise(1, 2*time.Second))
}

// Three clips of which the last comes late: each is heard once and whole, in order, through one opening of the device.
func TestClipsAreHeardOneAfterTheOther(t *testing.T) {
	startPulseAudio(t)
	m := open(t, "capture", device.Options{StallAfter: patience})
	whole := noise(4, 3*time.Second)
	second := audio.Speech.Rate
	given := 0
	next := func(ctx context.Context) (audio.Clip, bool) {
		if given == 3 {
			return audio.Clip{}, false
		}
		if given == 2 {
			select {
			case <-time.After(2500 * time.Millisecond): // the first two have been heard
			case <-ctx.Done():
			}
		}
		part := whole.Samples[given*second : (given+1)*second]
		given++
		return audio.Clip{Format: audio.Speech, Samples: part}, true
	}
	hearPlaying(t, m, whole, func() error { return speaker("feed").PlayAll(t.Context(), next) })
}

// differing counts the samples of b that are not the same in a.
func differing(a, b []int16) (n int) {
	for i := range b {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

func TestUnpluggedMicrophoneIsNoticedAndReopened(t *testing.T) {
	server := startPulseAudio(t)
	m := open(t, "capture", device.Options{Device: "usbmic", StallAfter: patience})
	if _, err := m.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.SetStallAfter(time.Second)
	server.do("unload-module module-remap-source")
	for {
		if _, err := m.Next(t.Context()); err != nil {
			if !errors.Is(err, device.ErrStalled) {
				t.Errorf("got %v", err)
			}
			break
		}
	}
	o := device.Options{Command: command("capture"), Device: "usbmic", StallAfter: patience}
	if _, err := device.Open(t.Context(), o); !errors.Is(err, device.ErrNoDevice) {
		t.Errorf("unplugged: got %v", err)
	}
	server.do(microphoneModule)
	hear(t, open(t, "capture", o), noise(2, 500*time.Millisecond))
}

func TestLoudspeakersMonitorIsNoMicrophone(t *testing.T) {
	server := startPulseAudio(t)
	server.do("unload-module module-remap-source")
	_, err := device.Open(t.Context(), device.Options{Command: command("capture"), StallAfter: patience})
	if !errors.Is(err, device.ErrNoDevice) {
		t.Errorf("got %v", err)
	}
}

func TestList(t *testing.T) {
	startPulseAudio(t)
	devices, err := device.List(t.Context(), device.Options{Command: command("devices"), StallAfter: patience})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []device.Info{
		{ID: "usbmic", Name: "VirtualUSBMic", Kind: device.Capture, Default: true},
		{ID: "speaker", Name: "VirtualSpeaker", Kind: device.Playback, Default: true},
	} {
		if !slices.Contains(devices, want) {
			t.Errorf("%+v is not in %+v", want, devices)
		}
	}
	if len(devices) != 3 { // and the microphone's feed
		t.Errorf("%+v", devices)
	}
}

func TestDeadServerIsNoDevice(t *testing.T) {
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(t.TempDir(), "nobody"))
	_, err := device.Open(t.Context(), device.Options{Command: command("capture"), Device: "usbmic", StallAfter: patience})
	if !errors.Is(err, device.ErrNoDevice) {
		t.Errorf("got %v", err)
	}
}

func TestBargeInStopsTheLoudspeaker(t *testing.T) {
	startPulseAudio(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	m := open(t, "capture", device.Options{StallAfter: patience})
	played := make(chan error, 1)
	go func() { played <- speaker("feed").Play(ctx, noise(3, time.Minute)) }()
	for loud := false; !loud; {
		frame, err := m.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		loud = slices.Max(frame.Samples) > 1000
	}
	stop := errors.New("barge-in")
	cancel(stop)
	if err := <-played; !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	for silent := 0; silent < 10; silent++ { // ends only when the sound has ended
		frame, err := m.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if slices.Max(frame.Samples) != 0 {
			silent = 0
		}
	}
}
