package stt

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

func TestFramesComeBack(t *testing.T) {
	frames := []frame{{kindReady, []byte{}}, {kindClip, encodeSamples([]int16{-32768, 0, 32767})}, {kindFault, []byte("é")}}
	var b bytes.Buffer
	for _, f := range frames {
		if err := writeFrame(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range frames {
		got, err := readFrame(&b)
		if err != nil || got.kind != want.kind || !bytes.Equal(got.body, want.body) {
			t.Errorf("readFrame = %q, %v, want %q", got, err, want)
		}
	}
	if _, err := readFrame(&b); !errors.Is(err, io.EOF) {
		t.Errorf("readFrame at the end = %v, want io.EOF", err)
	}
}

func TestSamplesComeBack(t *testing.T) {
	want := []int16{-32768, -1, 0, 1, 32767}
	got, err := decodeSamples(encodeSamples(want))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("decodeSamples = %v, %v, want %v", got, err, want)
	}
	if _, err := decodeSamples([]byte{1}); !errors.Is(err, errFrame) {
		t.Errorf("decodeSamples of half a sample = %v, want errFrame", err)
	}
}

func TestDamagedFrames(t *testing.T) {
	tests := map[string]struct {
		bytes []byte
		want  error
	}{
		"half a header": {[]byte{'r', 0, 0}, io.ErrUnexpectedEOF},
		"cut off":       {[]byte{'r', 9, 0, 0, 0, 1, 2}, io.ErrUnexpectedEOF},
		"too long":      {[]byte{'r', 255, 255, 255, 255}, errFrame},
	}
	for name, test := range tests {
		if _, err := readFrame(bytes.NewReader(test.bytes)); !errors.Is(err, test.want) {
			t.Errorf("%s: readFrame = %v, want %v", name, err, test.want)
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
			got, err := readFrame(in)
			if err != nil {
				return
			}
			var again bytes.Buffer
			if err := writeFrame(&again, got); err != nil {
				t.Fatalf("a frame that was read cannot be written: %v", err)
			}
			if !bytes.Equal(again.Bytes(), b[at:len(b)-in.Len()]) {
				t.Fatalf("read %q as %q", b[at:], again.Bytes())
			}
		}
	})
}

func FuzzDecodeGrammar(f *testing.F) {
	f.Add(encodeGrammar(nil, nil))
	f.Add(encodeGrammar([]byte("grammar"), []string{"Kitchen", "", "Büro"}))
	f.Add([]byte{255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, b []byte) {
		grammar, names, err := decodeGrammar(b)
		if err != nil {
			return
		}
		again, namesAgain, err := decodeGrammar(encodeGrammar(grammar, names))
		if err != nil || !bytes.Equal(again, grammar) || !slices.Equal(namesAgain, names) {
			t.Fatalf("%q with %q came back as %q with %q, %v", grammar, names, again, namesAgain, err)
		}
	})
}
