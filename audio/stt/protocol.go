package stt

import (
	"encoding/binary"
	"fmt"

	"hearth/audio/child"
)

// What the frames between a Worker and its child are, besides those of every child.
const (
	kindGrammar    child.Kind = 'g' // parent: names and grammar, see encodeGrammar; answered by child.Ready
	kindClip       child.Kind = 'c' // parent: 16-bit samples of audio.Speech; answered by kindHypothesis
	kindHypothesis child.Kind = 'h' // child: a Hypothesis as JSON
)

// encodeGrammar joins names and grammar: the number of names, each with its length, then the grammar.
// Numbers are varints.
func encodeGrammar(grammar []byte, names []string) []byte {
	b := binary.AppendUvarint(nil, uint64(len(names)))
	for _, name := range names {
		b = append(binary.AppendUvarint(b, uint64(len(name))), name...)
	}
	return append(b, grammar...)
}

func decodeGrammar(b []byte) (grammar []byte, names []string, err error) {
	count, b, ok := cutUvarint(b)
	for range count {
		var n uint64
		if n, b, ok = cutUvarint(b); !ok || n > uint64(len(b)) {
			return nil, nil, fmt.Errorf("%w: names are cut off", child.ErrFrame)
		}
		names, b = append(names, string(b[:n])), b[n:]
	}
	if !ok {
		return nil, nil, fmt.Errorf("%w: no number of names", child.ErrFrame)
	}
	return b, names, nil
}

func cutUvarint(b []byte) (n uint64, rest []byte, ok bool) {
	n, used := binary.Uvarint(b)
	if used <= 0 {
		return 0, nil, false
	}
	return n, b[used:], true
}
