package wav

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"hearth/audio"
)

const (
	minRate, maxRate = 8000, 192000
	maxChannels      = 64
	maxFormatBytes   = 4096 // of a fmt chunk; 40 are defined

	// streamingSize is the smallest size that programs writing into a pipe put where they cannot know
	// better: espeak-ng 0x7FFFF000, arecord and sox 0x7FFFFFFF and less, ffmpeg 0xFFFFFFFF.
	streamingSize = 0x7FFFF000
	untilEnd      = math.MaxInt64
)

// A stream is a WAV file whose header has been read.
type stream struct {
	r         *bufio.Reader
	format    audio.Format
	encoding  encoding
	left      int64 // bytes of the data chunk still to read, or untilEnd
	limit     time.Duration
	maxFrames int
	block     []byte  // scratch of next
	samples   []int16 // scratch of next
}

// open reads a file's header, up to the first byte of sound.
func open(r io.Reader, limit time.Duration) (*stream, error) {
	s := &stream{r: bufio.NewReaderSize(r, 32<<10), limit: limit}
	riffSize, err := s.readRIFF()
	if err != nil {
		return nil, err
	}
	for position := int64(4); ; { // counted as the RIFF size does: from "WAVE" on
		id, size, err := s.readChunkHeader()
		if err != nil {
			return nil, err
		}
		position += 8
		if id == "data" {
			return s, s.startData(int64(size), int64(riffSize), position)
		}
		if id == "fmt " {
			err = s.readFormat(size)
		} else {
			err = s.skip(int64(size))
		}
		if err == nil && size%2 == 1 { // chunks are padded to even sizes
			err = s.skip(1)
		}
		if err != nil {
			return nil, err
		}
		position += int64(size) + int64(size%2)
	}
}

func (s *stream) readRIFF() (size uint32, err error) {
	var header [12]byte
	switch n, err := io.ReadFull(s.r, header[:]); {
	case n == 0 && errors.Is(err, io.EOF):
		return 0, &Error{"header", "an empty file", "a WAV file begins with RIFF and WAVE"}
	case errors.Is(err, io.ErrUnexpectedEOF) && (n < 4 || string(header[:4]) == "RIFF"):
		return 0, truncated("within its header")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return 0, fmt.Errorf("read WAV header: %w", err)
	}
	if string(header[:4]) != "RIFF" || string(header[8:]) != "WAVE" {
		return 0, &Error{"header", fmt.Sprintf("%q", header[:4]) + other(header[:]), "a WAV file begins with RIFF and WAVE"}
	}
	return binary.LittleEndian.Uint32(header[4:8]), nil
}

// other names the format of a file that is no WAV, where it is a frequent one.
func other(header []byte) string {
	switch {
	case string(header[:4]) == "OggS":
		return " (Ogg)"
	case string(header[:4]) == "fLaC":
		return " (FLAC)"
	case string(header[:3]) == "ID3", header[0] == 0xFF && header[1]&0xE0 == 0xE0:
		return " (MP3)"
	case string(header[:4]) == "RIFX", string(header[:4]) == "RF64":
		return " (a rare kind of WAV)"
	case string(header[4:8]) == "ftyp":
		return " (MP4)"
	}
	return ""
}

func (s *stream) readChunkHeader() (id string, size uint32, err error) {
	var header [8]byte
	if _, err := io.ReadFull(s.r, header[:]); err != nil {
		return "", 0, atEnd(err, "before its data chunk")
	}
	return string(header[:4]), binary.LittleEndian.Uint32(header[4:]), nil
}

func (s *stream) skip(bytes int64) error {
	if _, err := io.CopyN(io.Discard, s.r, bytes); err != nil {
		return atEnd(err, "before its data chunk")
	}
	return nil
}

// atEnd is what a failed read means: the file's end, or a failure of the reader itself.
func atEnd(err error, where string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return truncated(where)
	}
	return fmt.Errorf("read WAV: %w", err)
}

func (s *stream) readFormat(size uint32) error {
	if size < 16 || size > maxFormatBytes {
		return &Error{"header", fmt.Sprintf("a fmt chunk of %d bytes", size), "16, 18 or 40 bytes are usual"}
	}
	chunk := make([]byte, size)
	if _, err := io.ReadFull(s.r, chunk); err != nil {
		return atEnd(err, "within its fmt chunk")
	}
	return s.setFormat(chunk)
}

// setFormat reads the body of a fmt chunk: codec, channels, rate, bytes a second, bytes a frame, bits
// a sample, then for WAVE_FORMAT_EXTENSIBLE the size of the extension, valid bits, channel mask and GUID.
func (s *stream) setFormat(chunk []byte) error {
	codec := binary.LittleEndian.Uint16(chunk)
	if codec == codecExtensible && len(chunk) >= 40 {
		codec = binary.LittleEndian.Uint16(chunk[24:]) // a GUID begins with the codec it stands for
	}
	channels := int(binary.LittleEndian.Uint16(chunk[2:]))
	rate := binary.LittleEndian.Uint32(chunk[4:])
	frameBytes := int(binary.LittleEndian.Uint16(chunk[12:]))
	bits := int(binary.LittleEndian.Uint16(chunk[14:]))

	var err error
	if s.encoding, err = encodingOf(codec, bits); err != nil {
		return err
	}
	if channels < 1 || channels > maxChannels {
		return &Error{"channels", fmt.Sprint(channels), fmt.Sprintf("1 to %d are accepted", maxChannels)}
	}
	if rate < minRate || rate > maxRate {
		return &Error{"sample rate", fmt.Sprintf("%d Hz", rate), fmt.Sprintf("%d to %d Hz are accepted", minRate, maxRate)}
	}
	if frameBytes != channels*s.encoding.bytes {
		return &Error{"header", fmt.Sprintf("%d bytes a frame", frameBytes),
			fmt.Sprintf("%d channels of %d bits take %d", channels, bits, channels*s.encoding.bytes)}
	}
	s.format = audio.Format{Rate: int(rate), Channels: channels}
	return nil
}

// startData prepares reading a data chunk of the given size, which begins at position.
func (s *stream) startData(size, riffSize, position int64) error {
	if s.format.Rate == 0 {
		return &Error{"header", "a data chunk before any fmt chunk", "the format must come first"}
	}
	s.maxFrames = int(s.limit.Seconds() * float64(s.format.Rate))
	s.left = size
	// Some programs that write into a pipe leave the size 0. The file is really empty when, by the RIFF
	// size, something follows the data chunk.
	if size >= streamingSize || size == 0 && (riffSize <= position || riffSize >= streamingSize) {
		s.left = untilEnd
		return nil
	}
	if frames := size / int64(s.frameBytes()); frames > int64(s.maxFrames) {
		length := time.Duration(float64(frames) / float64(s.format.Rate) * float64(time.Second))
		return tooLong(length.Round(time.Millisecond).String(), s.limit)
	}
	return nil
}

func (s *stream) frameBytes() int { return s.format.Channels * s.encoding.bytes }
