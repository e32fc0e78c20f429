package wav

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"hearth/audio"
)

const headerBytes = 44

// Encode writes the clip as 16-bit PCM. It refuses a clip whose format has no rate or no channels, and
// one too long for a WAV file (4 GB).
func Encode(w io.Writer, clip audio.Clip) error {
	size := 2 * int64(len(clip.Samples))
	if clip.Format.Rate <= 0 || clip.Format.Channels <= 0 || clip.Format.Channels > maxChannels {
		return fmt.Errorf("write WAV: impossible format: %v", clip.Format)
	}
	if size > math.MaxUint32-headerBytes {
		return fmt.Errorf("write WAV: %v is too long for one file", clip.Duration())
	}
	file := make([]byte, 0, headerBytes+size)
	file = appendHeader(file, clip.Format, uint32(size))
	for _, s := range clip.Samples {
		file = binary.LittleEndian.AppendUint16(file, uint16(s))
	}
	if _, err := w.Write(file); err != nil {
		return fmt.Errorf("write WAV: %w", err)
	}
	return nil
}

func appendHeader(b []byte, f audio.Format, dataBytes uint32) []byte {
	frameBytes := 2 * f.Channels
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, headerBytes-8+dataBytes)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, codecPCM)
	b = binary.LittleEndian.AppendUint16(b, uint16(f.Channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Rate*frameBytes))
	b = binary.LittleEndian.AppendUint16(b, uint16(frameBytes))
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	return binary.LittleEndian.AppendUint32(b, dataBytes)
}
