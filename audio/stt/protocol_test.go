package stt

import (
	"bytes"
	"slices"
	"testing"
)

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
