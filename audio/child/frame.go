package child

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Parent and child talk in frames: a byte that says what it is, the length of the rest as 32 bits little
// endian, and the rest. The parent asks, the child answers each question with one frame, in order. Before
// the first question the child says whether it is ready.

// A Kind says what a frame is. Each protocol has its own besides those here.
type Kind byte

// Kinds that every child answers with.
const (
	Ready Kind = 'r'
	Fault Kind = 'e' // what went wrong, as text
)

// A Frame is one message.
type Frame struct {
	Kind Kind
	Body []byte
}

// FaultOf is an error on its way to the parent.
func FaultOf(err error) Frame { return Frame{Fault, []byte(err.Error())} }

const (
	headerBytes = 5
	// maxBody is more than the grammar of a home with thousands of names.
	maxBody = 64 << 20
)

// ErrFrame says that a frame is damaged.
var ErrFrame = errors.New("damaged frame")

// WriteFrame writes one frame in one piece.
func WriteFrame(w io.Writer, f Frame) error {
	if len(f.Body) > maxBody {
		return fmt.Errorf("a frame of %d bytes is too long, at most %d", len(f.Body), maxBody)
	}
	header := binary.LittleEndian.AppendUint32([]byte{byte(f.Kind)}, uint32(len(f.Body)))
	if _, err := w.Write(append(header, f.Body...)); err != nil {
		return err
	}
	return nil
}

// ReadFrame reads one frame. It returns io.EOF only between frames, and takes no more memory than the
// sender has sent, whatever the length says.
func ReadFrame(r io.Reader) (Frame, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{Kind: Kind(header[0])}
	n := binary.LittleEndian.Uint32(header[1:])
	if n > maxBody {
		return Frame{}, fmt.Errorf("%w: %d bytes, at most %d", ErrFrame, n, maxBody)
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(body) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	f.Body = body
	return f, err
}

// EncodeSamples writes samples as 16 bits each, little endian.
func EncodeSamples(samples []int16) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// DecodeSamples reads what EncodeSamples wrote.
func DecodeSamples(b []byte) ([]int16, error) {
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("%w: %d bytes are not 16-bit samples", ErrFrame, len(b))
	}
	samples := make([]int16, len(b)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return samples, nil
}
