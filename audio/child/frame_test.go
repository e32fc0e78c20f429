package child

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

func TestFramesComeBack(t *testing.T) {
	frames := []Frame{{Ready, []byte{}}, {Kind('c'), EncodeSamples([]int16{-32768, 0, 32767})}, {Fault, []byte("é")}}
	var b bytes.Buffer
	for _, f := range frames {
		if err := WriteFrame(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range frames {
		got, err := ReadFrame(&b)
		if err != nil || got.Kind != want.Kind || !bytes.Equal(got.Body, want.Body) {
			t.Errorf("ReadFrame = %q, %v, want %q", got, err, want)
		}
	}
	if _, err := ReadFrame(&b); !errors.Is(err, io.EOF) {
		t.Errorf("ReadFrame at the end = %v, want io.EOF", err)
	}
}

func TestSamplesComeBack(t *testing.T) {
	want := []int16{-32768, -1, 0, 1, 32767}
	got, err := DecodeSamples(EncodeSamples(want))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("DecodeSamples = %v, %v, want %v", got, err, want)
	}
	if _, err := DecodeSamples([]byte{1}); !errors.Is(err, ErrFrame) {
		t.Errorf("DecodeSamples of half a sample = %v, want ErrFrame", err)
	}
}

func TestDamagedFrames(t *testing.T) {
	tests := map[string]struct {
		bytes []byte
		want  error
	}{
		"half a header": {[]byte{'r', 0, 0}, io.ErrUnexpectedEOF},
		"cut off":       {[]byte{'r', 9, 0, 0, 0, 1, 2}, io.ErrUnexpectedEOF},
		"too long":      {[]byte{'r', 255, 255, 255, 255}, ErrFrame},
	}
	for name, test := range tests {
		if _, err := ReadFrame(bytes.NewReader(test.bytes)); !errors.Is(err, test.want) {
			t.Errorf("%s: ReadFrame = %v, want %v", name, err, test.want)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{'r', 0, 0, 0, 0})
	f.Add([]byte{'c', 4, 0, 0, 0, 1, 2, 3, 4, 'g', 1, 0, 0, 0, 0})
	f.Add([]byte{'h', 0, 0, 0, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		in := bytes.NewReader(b)
		for {
			at := len(b) - in.Len()
			got, err := ReadFrame(in)
			if err != nil {
				return
			}
			var again bytes.Buffer
			if err := WriteFrame(&again, got); err != nil {
				t.Fatalf("a frame that was read cannot be written: %v", err)
			}
			if !bytes.Equal(again.Bytes(), b[at:len(b)-in.Len()]) {
				t.Fatalf("read %q as %q", b[at:], again.Bytes())
			}
		}
	})
}
