package whisper

import (
	"math"
	"math/cmplx"
)

// Whisper's log mel spectrum (openai/whisper, audio.py): 16 kHz, frames of 25 ms every 10 ms under a Hann
// window, 80 bands on the Slaney mel scale up to 8 kHz.
const (
	window = 400 // samples
	hop    = 160 // samples
	bands  = 80
	bins   = window/2 + 1
)

// spectrum computes log mel spectra. It keeps scratch space: not safe for concurrent use.
type spectrum struct {
	hann  [window]float32
	roots [window]complex64 // the 400th roots of one
	first [bands]int        // first bin of each band
	bands [bands][]float32  // weight of that bin and the following ones
	in    [window]complex64
	out   [window]complex64
}

func newSpectrum() *spectrum {
	s := &spectrum{}
	for i := range window {
		angle := 2 * math.Pi * float64(i) / window
		s.hann[i] = float32(0.5 - 0.5*math.Cos(angle))
		s.roots[i] = complex64(cmplx.Rect(1, -angle))
	}
	top := 15 + 27*math.Log(8)/math.Log(6.4) // 8 kHz in mel
	for b := range bands {
		at := func(i int) float64 { return melToHertz(top * float64(b+i) / (bands + 1)) }
		s.band(b, at(0), at(1), at(2))
	}
	return s
}

// melToHertz is Slaney's scale: linear below 1 kHz, logarithmic above.
func melToHertz(mel float64) float64 {
	if mel < 15 {
		return mel * 200 / 3
	}
	return 1000 * math.Exp((mel-15)*math.Log(6.4)/27)
}

// band makes a triangle of area one over the bins between low and high.
func (s *spectrum) band(b int, low, centre, high float64) {
	for k := range bins {
		f := float64(k) * 16000 / window
		weight := min((f-low)/(centre-low), (high-f)/(high-centre)) * 2 / (high - low)
		if weight <= 0 {
			continue
		}
		if s.bands[b] == nil {
			s.first[b] = k
		}
		s.bands[b] = append(s.bands[b], float32(weight))
	}
}

// logMel fills the clip with silence up to frames and returns bands rows of frames values each, scaled
// as the model was trained.
func (s *spectrum) logMel(samples []int16, frames int) []float32 {
	mel := make([]float32, bands*frames)
	loudest := float32(-10)
	for t := range frames {
		if t*hop-window/2 >= len(samples) {
			for b := range bands {
				mel[b*frames+t] = -10 // silence
			}
			continue
		}
		s.load(samples, t*hop-window/2, frames*hop)
		s.transform(s.out[:], s.in[:], window, 1)
		for b := range bands {
			l := float32(math.Log10(max(s.energy(b), 1e-10)))
			loudest = max(loudest, l)
			mel[b*frames+t] = l
		}
	}
	for i, l := range mel {
		mel[i] = (max(l, loudest-8) + 4) / 4
	}
	return mel
}

// load puts one frame under the window; sound is mirrored at both ends of its length.
func (s *spectrum) load(samples []int16, start, length int) {
	for i := range window {
		at := start + i
		if at < 0 {
			at = -at
		}
		if at >= length {
			at = 2*length - 2 - at
		}
		v := float32(0)
		if at < len(samples) {
			v = float32(samples[at]) / 32768
		}
		s.in[i] = complex(v*s.hann[i], 0)
	}
}

func (s *spectrum) energy(band int) (sum float64) {
	for i, weight := range s.bands[band] {
		c := s.out[s.first[band]+i]
		sum += float64(weight * (real(c)*real(c) + imag(c)*imag(c)))
	}
	return sum
}

// transform is a discrete Fourier transform of n values, step apart; n is a product of fours and fives.
func (s *spectrum) transform(out, in []complex64, n, step int) {
	if n == 1 {
		out[0] = in[0]
		return
	}
	radix := 4
	if n%5 == 0 {
		radix = 5
	}
	part := n / radix
	for j := range radix {
		s.transform(out[j*part:], in[j*step:], part, step*radix)
	}
	var t [5]complex64
	for k := range part {
		for j := range radix {
			t[j] = out[j*part+k] * s.roots[j*k*step]
		}
		for q := range radix {
			sum := t[0]
			for j := 1; j < radix; j++ {
				sum += t[j] * s.roots[j*q%radix*(window/radix)]
			}
			out[q*part+k] = sum
		}
	}
}
