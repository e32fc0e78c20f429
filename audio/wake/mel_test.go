package wake

import (
	"math"
	"math/cmplx"
	"testing"
)

func TestTransformIsFouriers(t *testing.T) {
	f := newFilterBank()
	var in [points]complex128
	for i := range in {
		in[i] = complex(math.Sin(float64(i*i)), 0)
	}
	f.buffer = in
	f.transform()
	for _, k := range []int{0, 1, 17, 255, 256, 511} {
		var want complex128
		for i, v := range in {
			want += v * cmplx.Rect(1, -2*math.Pi*float64(i*k)/points)
		}
		if cmplx.Abs(f.buffer[k]-want) > 1e-9 {
			t.Errorf("bin %d is %v, want %v", k, f.buffer[k], want)
		}
	}
}

// TestToneLiesInItsBand has a tone of each band's middle be loudest there.
func TestToneLiesInItsBand(t *testing.T) {
	low, high := 1127*math.Log(1+20.0/700), 1127*math.Log(1+7600.0/700)
	for _, band := range []int{20, 40, 60, 79} {
		hertz := 700 * (math.Exp((low+float64(band+1)*(high-low)/(bands+1))/1127) - 1)
		samples := make([]int16, 1600)
		for i := range samples {
			samples[i] = int16(8000 * math.Sin(2*math.Pi*hertz*float64(i)/16000))
		}
		loudest := 0
		newFilterBank().push(samples, func(frame []float32) {
			for b, level := range frame {
				if level > frame[loudest] {
					loudest = b
				}
			}
		})
		if loudest < band-1 || loudest > band+1 {
			t.Errorf("a tone of %.0f Hz is loudest in band %d, want %d", hertz, loudest, band)
		}
	}
}

// TestPiecesOfAnyLengthGiveTheSameFrames.
func TestPiecesOfAnyLengthGiveTheSameFrames(t *testing.T) {
	samples := make([]int16, 8000)
	for i := range samples {
		samples[i] = int16(3000 * math.Sin(float64(i*i)/9000))
	}
	frames := func(length int) (all []float32) {
		f := newFilterBank()
		for at := 0; at < len(samples); at += length {
			f.push(samples[at:min(at+length, len(samples))], func(frame []float32) { all = append(all, frame...) })
		}
		return all
	}
	want := frames(len(samples))
	if len(want) != bands*((len(samples)+before-window)/hop+1) {
		t.Errorf("%d numbers of half a second", len(want))
	}
	for _, length := range []int{1, 159, 320, 1280} {
		got := frames(length)
		if len(got) != len(want) {
			t.Fatalf("pieces of %d: %d numbers, want %d", length, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("pieces of %d: number %d differs", length, i)
			}
		}
	}
}
