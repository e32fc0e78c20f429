//go:build vm

package vm_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A card is a sound card (Intel HDA) of a machine. Somebody speaks into its microphone over and over, and what its
// loudspeaker plays is kept. Behind it is a PulseAudio of the test's own.
type card struct {
	t      *testing.T
	dir    string
	played bytes.Buffer // s16le, one channel; to be read when the recorder has ended
	ends   []func()
}

func newCard(t *testing.T, sentence string) *card {
	t.Helper()
	c := &card{t: t, dir: t.TempDir()}
	for file, text := range map[string]string{
		"pulse.pa": "load-module module-native-protocol-unix auth-anonymous=1 socket=" + c.socket() + `
load-module module-null-sink sink_name=feed rate=44100 channels=2 format=s16le
load-module module-null-sink sink_name=loudspeaker rate=44100 channels=2 format=s16le
set-default-source feed.monitor
set-default-sink loudspeaker
`,
		"asoundrc": fmt.Sprintf("pcm.hub { type pulse server \"unix:%s\" }\n", c.socket()),
		"speak":    "while paplay --device=feed said.wav; do sleep 8; done\n",
	} {
		if err := os.WriteFile(filepath.Join(c.dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("espeak-ng", "-v", "en-gb", "-s", "140", "-w", filepath.Join(c.dir, "said.wav"), sentence).CombinedOutput(); err != nil {
		t.Fatalf("espeak-ng: %v\n%s", err, out)
	}
	c.start("pulseaudio", "-n", "-F", "pulse.pa", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if c.command("pactl", "info").Run() == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("pulseaudio does not answer")
		}
	}
	c.start("parec", "--device=loudspeaker.monitor", "--rate=16000", "--channels=1", "--format=s16le")
	c.start("sh", "speak")
	t.Cleanup(c.end)
	return c
}

func (c *card) socket() string { return filepath.Join(c.dir, "native") }

func (c *card) command(name string, args ...string) *exec.Cmd {
	command := exec.Command(name, args...)
	command.Dir = c.dir
	command.Env = append(os.Environ(), "HOME="+c.dir, "XDG_RUNTIME_DIR="+c.dir, "PULSE_SERVER=unix:"+c.socket())
	return command
}

// start has a program run until end.
func (c *card) start(name string, args ...string) {
	c.t.Helper()
	command := c.command(name, args...)
	if name == "parec" {
		command.Stdout = &c.played
	}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.ends = append(c.ends, func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()
	})
}

func (c *card) end() {
	for len(c.ends) > 0 {
		c.ends[len(c.ends)-1]()
		c.ends = c.ends[:len(c.ends)-1]
	}
}

// options have qemu plug it in; they are read with the environment of environ.
func (c *card) options() []string {
	return strings.Fields("-audiodev alsa,id=card,in.dev=hub,out.dev=hub,in.try-poll=off,out.try-poll=off -device intel-hda -device hda-duplex,audiodev=card")
}

func (c *card) environ() []string {
	return []string{"HOME=" + c.dir, "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:" + filepath.Join(c.dir, "asoundrc")}
}

// heard is for how long the loudspeaker was louder than -40 dB, once the recorder has ended.
func (c *card) heard() time.Duration {
	c.end()
	const step = 1600 // a tenth of a second
	samples := make([]int16, c.played.Len()/2)
	_ = binary.Read(&c.played, binary.LittleEndian, samples) // the length is right
	loud := 0
	for ; len(samples) >= step; samples = samples[step:] {
		sum := 0.0
		for _, s := range samples[:step] {
			sum += float64(s) * float64(s)
		}
		if math.Sqrt(sum/step) > 327 {
			loud++
		}
	}
	return time.Duration(loud) * 100 * time.Millisecond
}
