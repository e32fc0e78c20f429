// Package wav reads and writes WAV files: PCM of 8, 16, 24 and 32 bits and 32-bit float, with any number
// of channels up to 64 and rates of 8 to 192 kHz. It believes no size in a header: memory is bounded by
// the longest clip its caller accepts.
//
// Sources: Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE), and
// Multiple Channel Audio Data and WAVE Files (WAVE_FORMAT_EXTENSIBLE).
package wav

import (
	"errors"
	"io"
	"time"

	"hearth/audio"
	"hearth/audio/resample"
)

// Decode reads a WAV file and converts it to audio.Speech: channels are averaged, the rate is changed
// band-limited. A clip longer than limit is refused, so limit must be positive.
//
// What is wrong with the file comes back as *Error; a failure to read r as that failure.
func Decode(r io.Reader, limit time.Duration) (audio.Clip, error) {
	s, err := open(r, limit)
	if err != nil {
		return audio.Clip{}, err
	}
	converter := resample.New(s.format.Rate, audio.Speech.Rate)
	clip := audio.Clip{Format: audio.Speech}
	var mono []int16
	err = s.each(func(samples []int16) {
		mono = resample.Mono(mono[:0], samples, s.format.Channels)
		clip.Samples = converter.Append(clip.Samples, mono)
	})
	if err != nil {
		return audio.Clip{}, err
	}
	clip.Samples = converter.Flush(clip.Samples)
	return clip, nil
}

// DecodeFormat is Decode without the conversion: the clip keeps the file's rate and channels. Samples
// become 16 bits wide.
func DecodeFormat(r io.Reader, limit time.Duration) (audio.Clip, error) {
	s, err := open(r, limit)
	if err != nil {
		return audio.Clip{}, err
	}
	clip := audio.Clip{Format: s.format}
	if err := s.each(func(samples []int16) { clip.Samples = append(clip.Samples, samples...) }); err != nil {
		return audio.Clip{}, err
	}
	return clip, nil
}

// each calls use with the samples of the file, block by block, interleaved. A block is only valid
// during the call.
func (s *stream) each(use func(samples []int16)) error {
	frames := 0
	for {
		samples, err := s.next()
		if errors.Is(err, io.EOF) && frames == 0 {
			return &Error{"length", "0 samples", "record some sound"}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		frames += len(samples) / s.format.Channels
		if frames > s.maxFrames {
			return tooLong("more than "+s.limit.String(), s.limit)
		}
		use(samples)
	}
}
