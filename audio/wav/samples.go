package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Codec numbers of WAVE files (RFC 2361).
const (
	codecPCM        = 0x0001
	codecFloat      = 0x0003
	codecExtensible = 0xFFFE
)

var codecNames = map[uint16]string{
	0x0002: "Microsoft ADPCM",
	0x0006: "A-law",
	0x0007: "mu-law",
	0x0011: "IMA ADPCM",
	0x0031: "GSM 6.10",
	0x0050: "MPEG",
	0x0055: "MP3",
	0x00FF: "AAC",
	0x2000: "AC-3",
}

// An encoding is how one sample is written down.
type encoding struct {
	bytes  int
	sample func(b []byte) int16 // b holds at least bytes
}

var (
	pcm = map[int]encoding{
		8:  {1, func(b []byte) int16 { return (int16(b[0]) - 128) << 8 }},
		16: {2, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) }},
		24: {3, func(b []byte) int16 { return narrow(int32(b[0])<<8 | int32(b[1])<<16 | int32(b[2])<<24) }},
		32: {4, func(b []byte) int16 { return narrow(int32(binary.LittleEndian.Uint32(b))) }},
	}
	float = map[int]encoding{
		32: {4, func(b []byte) int16 { return fromFloat(math.Float32frombits(binary.LittleEndian.Uint32(b))) }},
	}
)

func encodingOf(codec uint16, bits int) (encoding, error) {
	switch codec {
	case codecPCM:
		if e, ok := pcm[bits]; ok {
			return e, nil
		}
		return encoding{}, &Error{"bits per sample", fmt.Sprint(bits), "8, 16, 24 and 32 are accepted"}
	case codecFloat:
		if e, ok := float[bits]; ok {
			return e, nil
		}
		return encoding{}, &Error{"bits per sample", fmt.Sprintf("%d (float)", bits), "float samples must have 32"}
	}
	name := fmt.Sprintf("0x%04X", codec)
	if known, ok := codecNames[codec]; ok {
		name += " (" + known + ")"
	}
	return encoding{}, &Error{"codec", name, "convert it to PCM, 16 bits"}
}

// narrow rounds a 32-bit sample to 16 bits.
func narrow(v int32) int16 {
	return int16(min((int64(v)+1<<15)>>16, math.MaxInt16))
}

// fromFloat scales 1.0 to full level. What is louder is clipped; what is no number is silence.
func fromFloat(v float32) int16 {
	if v != v {
		return 0
	}
	return int16(math.RoundToEven(float64(min(max(v*-math.MinInt16, math.MinInt16), math.MaxInt16))))
}

const framesAtOnce = 4096

// next reads the next block of samples, interleaved, at most framesAtOnce frames. It returns io.EOF when
// the data chunk is over. The slice is only valid until the next call.
func (s *stream) next() ([]int16, error) {
	want := min(int64(framesAtOnce*s.frameBytes()), s.left)
	if cap(s.block) < int(want) {
		s.block = make([]byte, want)
	}
	n, err := io.ReadFull(s.r, s.block[:want])
	if s.left != untilEnd {
		s.left -= int64(n)
	}
	short := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case err != nil && !short:
		return nil, fmt.Errorf("read WAV data: %w", err)
	case short && s.left > 0 && s.left != untilEnd:
		return nil, truncated(fmt.Sprintf("%d bytes early", s.left))
	}
	samples := s.convert(s.block[:n-n%s.frameBytes()])
	if len(samples) == 0 {
		return nil, io.EOF
	}
	return samples, nil
}

func (s *stream) convert(block []byte) []int16 {
	s.samples = s.samples[:0]
	for ; len(block) > 0; block = block[s.encoding.bytes:] {
		s.samples = append(s.samples, s.encoding.sample(block))
	}
	return s.samples
}
