package wake

import (
	"bytes"
	"testing"
)

func FuzzDecodeSound(f *testing.F) {
	f.Add(encodeSound(0, nil))
	f.Add(encodeSound(-1, []int16{-32768, 0, 32767}))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7})
	f.Fuzz(func(t *testing.T, b []byte) {
		at, samples, err := decodeSound(b)
		if err == nil && !bytes.Equal(encodeSound(at, samples), b) {
			t.Fatalf("%q came back otherwise", b)
		}
	})
}
