package wake

import (
	"math"

	"hearth/audio"
)

// Kaldi's log mel filter bank (kaldi-native-fbank), as the model was trained with it: 16 kHz, frames of 25 ms
// every 10 ms around their middle, pre-emphasis, Povey's window, 80 bands from 20 to 7600 Hz.
const (
	window = 400 // samples
	hop    = 160 // samples
	bands  = 80
	points = 512 // of the Fourier transform
	before = window/2 - hop/2
)

// A filterBank turns a running stream of samples into frames. It keeps scratch space: not safe for concurrent use.
type filterBank struct {
	window [window]float64
	first  [bands]int       // first bin of each band
	bands  [bands][]float64 // weight of that bin and the following ones
	roots  [points / 2]complex128
	buffer [points]complex128

	samples []float64 // that frames still need; the first belongs to the next frame
}

func newFilterBank() *filterBank {
	f := &filterBank{}
	for i := range f.window {
		f.window[i] = math.Pow(0.5-0.5*math.Cos(2*math.Pi*float64(i)/(window-1)), 0.85)
	}
	for i := range f.roots {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / points)
		f.roots[i] = complex(cos, -sin)
	}
	mel := func(hertz float64) float64 { return 1127 * math.Log(1+hertz/700) }
	low, high := mel(20), mel(7600)
	step := (high - low) / (bands + 1)
	for b := range bands {
		left := low + float64(b)*step
		f.band(b, func(bin int) float64 {
			at := mel(float64(bin) * float64(audio.Speech.Rate) / points)
			return min((at-left)/step, (left+2*step-at)/step)
		})
	}
	f.reset()
	return f
}

// band keeps the bins in which a triangle is above zero.
func (f *filterBank) band(b int, triangle func(bin int) float64) {
	for bin := range points / 2 {
		weight := triangle(bin)
		if weight <= 0 {
			continue
		}
		if f.bands[b] == nil {
			f.first[b] = bin
		}
		f.bands[b] = append(f.bands[b], weight)
	}
}

// reset begins a new stream, with silence before it.
func (f *filterBank) reset() { f.samples = append(f.samples[:0], make([]float64, before)...) }

// push adds samples and calls frame for each frame that is complete now. The frame is valid during the call.
func (f *filterBank) push(samples []int16, frame func([]float32)) {
	for _, s := range samples {
		f.samples = append(f.samples, float64(s)/32768)
	}
	var out [bands]float32
	used := 0
	for ; used+window <= len(f.samples); used += hop {
		f.compute(f.samples[used:used+window], &out)
		frame(out[:])
	}
	f.samples = f.samples[:copy(f.samples, f.samples[used:])]
}

func (f *filterBank) compute(samples []float64, out *[bands]float32) {
	var mean float64
	for _, s := range samples {
		mean += s
	}
	mean /= window
	clear(f.buffer[window:])
	last := samples[0] - mean // the first is emphasised against itself
	for i, s := range samples {
		s -= mean
		f.buffer[i] = complex((s-0.97*last)*f.window[i], 0)
		last = s
	}
	f.transform()
	for b, weights := range f.bands {
		var energy float64
		for i, weight := range weights {
			c := f.buffer[f.first[b]+i]
			energy += weight * (real(c)*real(c) + imag(c)*imag(c))
		}
		const least = 0x1p-23 // float32's epsilon
		out[b] = float32(math.Log(max(energy, least)))
	}
}

// transform is the discrete Fourier transform of the buffer, in place (Cooley and Tukey).
func (f *filterBank) transform() {
	x := &f.buffer
	for i, j := 1, 0; i < points; i++ {
		bit := points / 2
		for ; j&bit != 0; bit /= 2 {
			j ^= bit
		}
		if j ^= bit; i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for size := 2; size <= points; size *= 2 {
		half, step := size/2, points/size
		for start := 0; start < points; start += size {
			for k := range half {
				a, b := x[start+k], x[start+k+half]*f.roots[k*step]
				x[start+k], x[start+k+half] = a+b, a-b
			}
		}
	}
}
