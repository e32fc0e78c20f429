// Package resample changes the sample rate and the channels of sound. It is a polyphase filter with a
// windowed sinc: nothing above the lower of the two Nyquist frequencies gets through, so that a 48 kHz
// recording does not fold its hiss into the speech.
package resample

import (
	"math"

	"hearth/audio"
)

const (
	// crossings is the half length of the filter, in zero crossings of its sinc. With kaiserBeta it
	// gives 80 dB of stop band and a transition of 16 % of the lower Nyquist frequency.
	crossings  = 32
	kaiserBeta = 7.857
	// cutoff is the middle of the transition, as a part of the lower Nyquist frequency; the stop band
	// begins at Nyquist.
	cutoff = 0.92
	// maxPhases bounds the filter bank. Every rate that sound cards and codecs use needs fewer (11,025
	// Hz to 16 kHz: 640) and is exact; others take the nearest phase, which costs some 60 dB of noise floor.
	maxPhases = 1024
)

// A Resampler converts one channel of a running stream from one rate to another. Output sample k is the
// sound at the moment of input sample k*from/to: there is no delay to correct. Not safe for concurrent use.
type Resampler struct {
	up, down int // to/from in lowest terms
	half     int // input samples on either side of an output sample
	phases   int
	bank     []float32 // phases rows of 2*half coefficients

	input []float32 // what later outputs still need
	at    int       // index in input of the next output's first coefficient
	frac  int       // where the next output lies between two input samples, in 1/up
}

// New prepares a conversion. Both rates must be positive.
func New(from, to int) *Resampler {
	divisor := gcd(from, to)
	r := &Resampler{up: to / divisor, down: from / divisor}
	if r.passthrough() {
		return r
	}
	scale := min(1, float64(to)/float64(from))
	r.half = int(math.Ceil(crossings / scale))
	r.phases = min(r.up, maxPhases)
	r.bank = filterBank(r.phases, r.half, scale)
	r.input = make([]float32, r.half-1)
	return r
}

func (r *Resampler) passthrough() bool { return r.up == r.down }

// Append converts samples and appends to dst what can be said of them already; the last few
// milliseconds wait for more input or for Flush.
func (r *Resampler) Append(dst, samples []int16) []int16 {
	if r.passthrough() {
		return append(dst, samples...)
	}
	for _, s := range samples {
		r.input = append(r.input, float32(s))
	}
	dst = r.emit(dst)
	r.forget()
	return dst
}

// Flush appends the rest, as if silence followed. In all, n samples become n*to/from, rounded up.
// The Resampler is then of no more use.
func (r *Resampler) Flush(dst []int16) []int16 {
	if r.passthrough() {
		return dst
	}
	r.input = append(r.input, make([]float32, r.half)...)
	return r.emit(dst)
}

func (r *Resampler) emit(dst []int16) []int16 {
	taps := 2 * r.half
	for r.at+taps <= len(r.input) {
		phase := r.frac * r.phases / r.up
		dst = append(dst, round(dot(r.bank[phase*taps:(phase+1)*taps], r.input[r.at:r.at+taps])))
		r.frac += r.down
		r.at += r.frac / r.up
		r.frac %= r.up
	}
	return dst
}

// forget drops the input that no later output needs.
func (r *Resampler) forget() {
	done := min(r.at, len(r.input))
	r.input = r.input[:copy(r.input, r.input[done:])]
	r.at -= done
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var even, odd float32 // two sums let the processor overlap them; len(a) is even
	for i := 0; i+1 < len(a); i += 2 {
		even += a[i] * b[i]
		odd += a[i+1] * b[i+1]
	}
	return even + odd
}

func round(v float32) int16 {
	return int16(math.RoundToEven(float64(min(max(v, math.MinInt16), math.MaxInt16))))
}

// Mono appends to dst the mean of each frame's channels. A partial last frame is dropped.
func Mono(dst, samples []int16, channels int) []int16 {
	if channels == 1 {
		return append(dst, samples...)
	}
	for ; len(samples) >= channels; samples = samples[channels:] {
		sum := 0
		for _, s := range samples[:channels] {
			sum += int(s)
		}
		dst = append(dst, int16(sum/channels))
	}
	return dst
}

// Speech is the clip in audio.Speech. A clip that is so already is returned as it is; one whose format
// has no rate or no channels comes back empty.
func Speech(clip audio.Clip) audio.Clip {
	if clip.Format == audio.Speech {
		return clip
	}
	speech := audio.Clip{Format: audio.Speech}
	if clip.Format.Rate <= 0 || clip.Format.Channels <= 0 {
		return speech
	}
	r := New(clip.Format.Rate, audio.Speech.Rate)
	speech.Samples = r.Flush(r.Append(nil, Mono(nil, clip.Samples, clip.Format.Channels)))
	return speech
}
