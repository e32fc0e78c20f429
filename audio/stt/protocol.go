package stt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Parent and child talk in frames: a byte that says what it is, the length of the rest as 32 bits little
// endian, and the rest. The parent asks, the child answers each question with one frame, in order. Before
// the first question the child says whether it is ready.
type kind byte

const (
	kindGrammar    kind = 'g' // parent: names and grammar, see encodeGrammar; answered by kindReady
	kindClip       kind = 'c' // parent: 16-bit samples of audio.Speech; answered by kindHypothesis
	kindReady      kind = 'r' // child
	kindHypothesis kind = 'h' // child: a Hypothesis as JSON
	kindFault      kind = 'e' // child: what went wrong, as text
)

type frame struct {
	kind kind
	body []byte
}

const (
	headerBytes = 5
	// maxBody is more than the grammar of a home with thousands of names.
	maxBody = 64 << 20
)

var errFrame = errors.New("damaged frame")

func writeFrame(w io.Writer, f frame) error {
	if len(f.body) > maxBody {
		return fmt.Errorf("a frame of %d bytes is too long, at most %d", len(f.body), maxBody)
	}
	header := binary.LittleEndian.AppendUint32([]byte{byte(f.kind)}, uint32(len(f.body)))
	if _, err := w.Write(append(header, f.body...)); err != nil {
		return err
	}
	return nil
}

// readFrame reads one frame. It returns io.EOF only between frames, and takes no more memory than the
// sender has sent, whatever the length says.
func readFrame(r io.Reader) (frame, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return frame{}, err
	}
	f := frame{kind: kind(header[0])}
	n := binary.LittleEndian.Uint32(header[1:])
	if n > maxBody {
		return frame{}, fmt.Errorf("%w: %d bytes, at most %d", errFrame, n, maxBody)
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(body) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	f.body = body
	return f, err
}

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
			return nil, nil, fmt.Errorf("%w: names are cut off", errFrame)
		}
		names, b = append(names, string(b[:n])), b[n:]
	}
	if !ok {
		return nil, nil, fmt.Errorf("%w: no number of names", errFrame)
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

func encodeSamples(samples []int16) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func decodeSamples(b []byte) ([]int16, error) {
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("%w: %d bytes are not 16-bit samples", errFrame, len(b))
	}
	samples := make([]int16, len(b)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return samples, nil
}
