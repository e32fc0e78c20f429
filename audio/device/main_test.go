package device_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hearth/audio/device"
)

// TestMain lets the test binary stand in for hearthd: called with the name of a child, it is that child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		if err := child(os.Args[1], strings.TrimPrefix(os.Args[len(os.Args)-1], "--device=")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func child(name, sound string) error {
	ctx := context.Background()
	if sound == name {
		sound = device.Auto
	}
	o := device.ServeOptions{Device: sound}
	switch name {
	case "capture":
		return device.ServeCapture(ctx, os.Stdout, o)
	case "playback":
		return device.ServePlayback(ctx, os.Stdin, os.Stdout, o)
	case "devices":
		return device.ServeDevices(ctx, os.Stdout)
	}
	return misbehave(name)
}

// misbehave is a child as a hanging sound server, or a fault of our own, would make it.
func misbehave(name string) error {
	ready := message('R', []byte("Test Microphone"))
	frame := message('F', make([]byte, 16+640))
	var says []byte
	hangs := true
	switch name {
	case "hang-at-once":
	case "slow":
		time.Sleep(500 * time.Millisecond)
		says = append(ready, frame...)
	case "hang-after-frames":
		says = bytes.Join([][]byte{ready, frame, frame, frame}, nil)
	case "hang-when-ready":
		says = ready
	case "hang-but-alive":
		os.Stdout.Write(ready)
		for {
			os.Stdout.Write(message('A', nil))
			time.Sleep(5 * time.Millisecond)
		}
	case "hang-within-frame":
		says = append(ready, frame[:100]...)
	case "die":
		hangs = false
		fmt.Fprintln(os.Stderr, "segmentation fault in a driver")
	case "end-within-frame":
		says, hangs = append(ready, frame[:100]...), false
	case "garbage":
		says = append(ready, "ALSA lib pcm.c: this is no message at all"...)
	case "odd-frame":
		says = append(ready, message('F', make([]byte, 17))...)
	case "lossy":
		second := message('F', binary.LittleEndian.AppendUint64(make([]byte, 8), 480))
		second = message('F', append(second[5:], make([]byte, 640)...))
		says = bytes.Join([][]byte{ready, frame, second, second}, nil)
	case "no-device":
		says = message('E', []byte(`{"no_device":true,"message":"no such sound device: there is no capture device"}`))
	default:
		return fmt.Errorf("unknown child %q", name)
	}
	if _, err := os.Stdout.Write(says); err != nil {
		return err
	}
	for hangs {
		time.Sleep(time.Hour)
	}
	return nil
}

func message(kind byte, body []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(body))), body...)
}

// command starts the test binary as a child.
func command(name string) []string { return []string{os.Args[0], name} }
