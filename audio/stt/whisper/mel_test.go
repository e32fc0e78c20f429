package whisper

import (
	"math"
	"slices"
	"testing"
)

// tone is a second of a sine.
func tone(hertz, amplitude float64) []int16 {
	samples := make([]int16, 16000)
	for i := range samples {
		samples[i] = int16(amplitude * math.Sin(2*math.Pi*hertz*float64(i)/16000))
	}
	return samples
}

// column is one frame of a spectrum of so many frames.
func column(mel []float32, frame, frames int) []float32 {
	c := make([]float32, bands)
	for b := range c {
		c[b] = mel[b*frames+frame]
	}
	return c
}

func TestTonesLandInTheirBand(t *testing.T) {
	s := newSpectrum()
	// Centres of Slaney's 80 bands up to 8 kHz: librosa.mel_frequencies(82, fmin=0, fmax=8000)[1:-1].
	for hertz, band := range map[float64]int{223: 5, 1006: 26, 1932: 43, 3857: 61, 7409: 78} {
		frame := column(s.logMel(tone(hertz, 8000), 100), 50, 100)
		at := slices.Index(frame, slices.Max(frame))
		if at < band-1 || at > band+1 {
			t.Errorf("%v Hz is loudest in band %d, want about %d", hertz, at, band)
		}
	}
}

func TestLoudnessIsLogarithmic(t *testing.T) {
	s := newSpectrum()
	loud, soft := s.logMel(tone(1000, 10000), 100), s.logMel(tone(1000, 1000), 100)
	if d := slices.Max(loud) - slices.Max(soft); math.Abs(float64(d)-0.5) > 0.01 {
		t.Errorf("20 dB make %v, want 0.5: two powers of ten, a quarter each", d)
	}
	if d := slices.Max(loud) - slices.Min(loud); math.Abs(float64(d)-2) > 1e-4 {
		t.Errorf("a spectrum spans %v, want 2: it is cut off 80 dB below its loudest value", d)
	}
}

func TestSilenceIsFlat(t *testing.T) {
	for _, v := range newSpectrum().logMel(make([]int16, 800), 20) {
		if math.Abs(float64(v)+1.5) > 1e-5 {
			t.Fatalf("silence is %v, want -1.5: ten powers of ten below full scale", v)
		}
	}
}

func TestTransformAgainstItsDefinition(t *testing.T) {
	s := newSpectrum()
	for i := range s.in {
		s.in[i] = complex(float32(math.Sin(float64(i*i))), 0)
	}
	s.transform(s.out[:], s.in[:], window, 1)
	for _, k := range []int{0, 1, 7, 100, 199, 200, 399} {
		var want complex128
		for i, v := range s.in {
			angle := -2 * math.Pi * float64(i*k%window) / window
			want += complex128(v) * complex(math.Cos(angle), math.Sin(angle))
		}
		if d := complex128(s.out[k]) - want; math.Hypot(real(d), imag(d)) > 1e-3 {
			t.Errorf("bin %d is %v, want %v", k, s.out[k], want)
		}
	}
}

func TestLayOut(t *testing.T) {
	for _, rows := range []int{25, 150, 1499, windowRows} {
		seq, stands := layOut(rows), 0.0
		for i, b := range seq.bias {
			stands += math.Exp(float64(b))
			if seq.source[i] < 0 || seq.source[i] >= int64(rows) || seq.place[i] < 0 || seq.place[i] >= windowRows {
				t.Fatalf("of %d rows, position %d shows row %d at place %d", rows, i, seq.source[i], seq.place[i])
			}
		}
		if math.Abs(stands-windowRows) > 1e-2 {
			t.Errorf("%d rows stand for %.3f, want all %d of the window", rows, stands, windowRows)
		}
		if want := rows + (windowRows-rows+silenceRows-1)/silenceRows; len(seq.source) != want {
			t.Errorf("%d rows make a sequence of %d, want %d", rows, len(seq.source), want)
		}
	}
}
