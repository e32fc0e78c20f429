package device

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"hearth/audio"
)

// A child speaks to the daemon in messages: one byte of kind, four of length (little endian), and a body.
const (
	messageHeader = 5
	maxBody       = 64 << 10
)

type kind byte

const (
	kindReady   kind = 'R' // the device is open; the body is its name
	kindFrame   kind = 'F' // sound, see appendFrame
	kindAlive   kind = 'A' // nothing to tell; empty. It is written so that a child notices a daemon that is gone
	kindDone    kind = 'O' // the clip has been played; empty
	kindFault   kind = 'E' // the end; the body is JSON of fault
	kindDevices kind = 'D' // JSON of []Info
)

// What a child that plays is told, on its standard input. The end of that is the end of the sound.
const (
	kindFormat kind = 'W' // JSON of audio.Format; first
	kindSound  kind = 'P' // samples, little endian
)

type message struct {
	kind kind
	body []byte
}

// A fault is how a child's error reaches the daemon.
type fault struct {
	NoDevice bool   `json:"no_device,omitempty"`
	Message  string `json:"message"`
}

func faultOf(err error) fault {
	return fault{NoDevice: errors.Is(err, ErrNoDevice), Message: err.Error()}
}

// A childError is a fault after its way through the pipe.
type childError fault

func (e childError) Error() string { return e.Message }

func (e childError) Is(target error) bool { return target == ErrNoDevice && e.NoDevice }

func writeMessage(w io.Writer, k kind, body []byte) error {
	m := make([]byte, 0, messageHeader+len(body))
	m = append(m, byte(k))
	m = binary.LittleEndian.AppendUint32(m, uint32(len(body)))
	if _, err := w.Write(append(m, body...)); err != nil {
		return fmt.Errorf("write to the daemon: %w", err)
	}
	return nil
}

func writeJSON(w io.Writer, k kind, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode for the daemon: %w", err)
	}
	return writeMessage(w, k, body)
}

// newMessageReader gives readMessage the room it needs to look at the longest message.
func newMessageReader(r io.Reader) *bufio.Reader {
	return bufio.NewReaderSize(r, messageHeader+maxBody)
}

// readMessage reads the next message. It consumes whole messages only: after a deadline it can be called
// again. It returns io.EOF at the end, and io.ErrUnexpectedEOF in the middle of a message.
func readMessage(r *bufio.Reader) (message, error) {
	header, err := peek(r, messageHeader)
	if err != nil {
		return message{}, err
	}
	k, length := kind(header[0]), binary.LittleEndian.Uint32(header[1:])
	if length > maxBody {
		return message{}, fmt.Errorf("message of %d bytes, at most %d are allowed", length, maxBody)
	}
	whole, err := peek(r, messageHeader+int(length))
	if err != nil {
		return message{}, err
	}
	m := message{k, bytes.Clone(whole[messageHeader:])}
	_, err = r.Discard(len(whole))
	return m, err
}

func peek(r *bufio.Reader, n int) ([]byte, error) {
	b, err := r.Peek(n)
	if errors.Is(err, io.EOF) && len(b) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return b, err
}

const frameHeader = 16

// appendFrame appends the body of a kindFrame message: when the first sample was captured (nanoseconds
// since 1970), how many samples the child has lost in all, and the samples, all little endian.
func appendFrame(b []byte, at time.Time, lost uint64, samples []int16) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(at.UnixNano()))
	b = binary.LittleEndian.AppendUint64(b, lost)
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func parseFrame(body []byte) (frame audio.Frame, lost uint64, err error) {
	if len(body) <= frameHeader || len(body)%2 != 0 {
		return audio.Frame{}, 0, fmt.Errorf("frame of %d bytes", len(body))
	}
	frame = audio.Frame{
		Format:  audio.Speech,
		At:      time.Unix(0, int64(binary.LittleEndian.Uint64(body))),
		Samples: make([]int16, (len(body)-frameHeader)/2),
	}
	for i := range frame.Samples {
		frame.Samples[i] = int16(binary.LittleEndian.Uint16(body[frameHeader+2*i:]))
	}
	return frame, binary.LittleEndian.Uint64(body[8:]), nil
}

// parseFault reads the body of a kindFault message; an unreadable one is an error too.
func parseFault(body []byte) error {
	var f fault
	if err := json.Unmarshal(body, &f); err != nil || f.Message == "" {
		return fmt.Errorf("unreadable fault %.100q", body)
	}
	return childError(f)
}
