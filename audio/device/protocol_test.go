package device

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"hearth/audio"
)

func TestFrameSurvivesThePipe(t *testing.T) {
	at := time.Unix(1_800_000_000, 123_456_789)
	samples := []int16{0, 1, -1, 32767, -32768}
	var pipe bytes.Buffer
	for range 3 {
		if err := writeMessage(&pipe, kindFrame, appendFrame(nil, at, 77, samples)); err != nil {
			t.Fatal(err)
		}
	}
	r := newMessageReader(iotest.OneByteReader(&pipe))
	for range 3 {
		m, err := readMessage(r)
		if err != nil || m.kind != kindFrame {
			t.Fatalf("got %q, %v", m.kind, err)
		}
		frame, lost, err := parseFrame(m.body)
		if err != nil || lost != 77 || !frame.At.Equal(at) || frame.Format != audio.Speech || !slices.Equal(frame.Samples, samples) {
			t.Errorf("got %+v, %d lost, %v", frame, lost, err)
		}
	}
	if _, err := readMessage(r); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestFaultSurvivesThePipe(t *testing.T) {
	var pipe bytes.Buffer
	if err := writeJSON(&pipe, kindFault, faultOf(ErrNoDevice)); err != nil {
		t.Fatal(err)
	}
	m, err := readMessage(newMessageReader(&pipe))
	if err != nil {
		t.Fatal(err)
	}
	if err := parseFault(m.body); !errors.Is(err, ErrNoDevice) || errors.Is(err, ErrStalled) {
		t.Errorf("got %v", err)
	}
}

func FuzzReadMessage(f *testing.F) {
	var pipe bytes.Buffer
	_ = writeMessage(&pipe, kindReady, []byte("Microphone"))
	_ = writeMessage(&pipe, kindFrame, appendFrame(nil, time.Unix(1, 2), 3, make([]int16, 320)))
	_ = writeMessage(&pipe, kindAlive, nil)
	_ = writeJSON(&pipe, kindFault, faultOf(ErrNoDevice))
	f.Add(pipe.Bytes())
	f.Add(pipe.Bytes()[:40])
	f.Add([]byte{byte(kindFrame), 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{byte(kindFrame), 17, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := newMessageReader(bytes.NewReader(stream))
		read := 0
		for {
			m, err := readMessage(r)
			if err != nil {
				break
			}
			read += messageHeader + len(m.body)
			if frame, _, err := parseFrame(m.body); err == nil && len(frame.Samples) != (len(m.body)-frameHeader)/2 {
				t.Errorf("%d samples from %d bytes", len(frame.Samples), len(m.body))
			}
			if parseFault(m.body) == nil {
				t.Error("a fault without an error")
			}
		}
		if read > len(stream) {
			t.Errorf("read %d bytes of %d", read, len(stream))
		}
	})
}
