package resample_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"hearth/audio"
	"hearth/audio/resample"
)

func sine(rate int, hz, amplitude float64, samples int) []int16 {
	out := make([]int16, samples)
	for i := range out {
		out[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
	}
	return out
}

func convert(from, to int, in []int16) []int16 {
	r := resample.New(from, to)
	return r.Flush(r.Append(nil, in))
}

// rms of the middle, where the filter sees nothing of the edges.
func rms(samples []int16) float64 {
	edge := len(samples) / 10
	var sum float64
	for _, s := range samples[edge : len(samples)-edge] {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(len(samples)-2*edge))
}

func decibels(ratio float64) float64 { return 20 * math.Log10(ratio) }

// TestToneSurvives compares a converted tone with the same tone made at the new rate: length,
// level, frequency and phase at once.
func TestToneSurvives(t *testing.T) {
	for _, from := range []int{8000, 8001, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000} {
		for _, hz := range []float64{200, 1000, 3000} {
			t.Run(fmt.Sprintf("%d Hz/%v Hz", from, hz), func(t *testing.T) {
				got := convert(from, 16000, sine(from, hz, 12000, from/2))
				want := sine(16000, hz, 12000, 8000)
				if d := len(got) - len(want); d < 0 || d > 1 {
					t.Fatalf("%d samples, want %d", len(got), len(want))
				}
				difference := make([]int16, len(want))
				for i := range want {
					difference[i] = got[i] - want[i]
				}
				floor := -70.0
				if from == 8001 { // no exact phase
					floor = -55
				}
				if noise := decibels(rms(difference) / rms(want)); noise > floor {
					t.Errorf("differs from the tone by %.1f dB", noise)
				}
			})
		}
	}
}

func TestNothingFoldsBack(t *testing.T) {
	for _, from := range []int{22050, 32000, 44100, 48000, 96000, 192000} {
		for _, hz := range []float64{8100, 9000, 10500} {
			in := sine(from, hz, 20000, from/2)
			if level := decibels(rms(convert(from, 16000, in))/rms(in) + 1e-9); level > -70 {
				t.Errorf("%v Hz at %d Hz comes through with %.1f dB", hz, from, level)
			}
		}
	}
}

func TestPassBand(t *testing.T) {
	for _, hz := range []float64{50, 4000, 6000, 6600} {
		in := sine(48000, hz, 20000, 48000)
		if level := decibels(rms(convert(48000, 16000, in)) / rms(in)); math.Abs(level) > 0.1 {
			t.Errorf("%v Hz changes by %.2f dB", hz, level)
		}
	}
}

func TestUp(t *testing.T) {
	got := convert(16000, 48000, sine(16000, 1000, 12000, 8000))
	want := sine(48000, 1000, 12000, 24000)
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	if level := decibels(rms(got) / rms(want)); math.Abs(level) > 0.05 {
		t.Errorf("level changes by %.2f dB", level)
	}
}

func TestPiecesMakeTheWhole(t *testing.T) {
	in := sine(44100, 440, 15000, 44100)
	whole := convert(44100, 16000, in)
	r := resample.New(44100, 16000)
	var pieces []int16
	for i, size := 0, 1; i < len(in); i, size = i+size, size*2%997+1 {
		pieces = r.Append(pieces, in[i:min(i+size, len(in))])
	}
	if pieces = r.Flush(pieces); !slices.Equal(pieces, whole) {
		t.Error("the stream in pieces differs from the stream at once")
	}
}

func TestLoudSoundIsClippedNotWrapped(t *testing.T) {
	square := make([]int16, 48000)
	for i := range square {
		square[i] = math.MaxInt16
		if i/50%2 == 1 {
			square[i] = math.MinInt16
		}
	}
	// A wrapped overshoot would show as a jump over the whole range between two samples of one half wave.
	out := convert(48000, 16000, square)
	for i := 100; i < len(out)-100; i++ {
		if wave := i * 3 % 100; wave > 10 && wave < 40 && out[i] < 0 {
			t.Fatalf("sample %d is %d in the positive half wave", i, out[i])
		}
	}
}

func TestShortInput(t *testing.T) {
	for n := range 4 {
		if got, want := len(convert(48000, 16000, make([]int16, n))), (n+2)/3; got != want {
			t.Errorf("%d samples become %d, want %d", n, got, want)
		}
	}
}

func TestSpeech(t *testing.T) {
	mono := sine(48000, 500, 10000, 4800)
	stereo := make([]int16, 0, 2*len(mono))
	for _, s := range mono {
		stereo = append(stereo, s+1000, s-1000)
	}
	got := resample.Speech(audio.Clip{Format: audio.Format{Rate: 48000, Channels: 2}, Samples: stereo})
	if got.Format != audio.Speech || !slices.Equal(got.Samples, convert(48000, 16000, mono)) {
		t.Error("the mean of both channels at 16 kHz was expected")
	}
	if empty := resample.Speech(audio.Clip{Samples: mono}); empty.Format != audio.Speech || len(empty.Samples) != 0 {
		t.Error("a clip without a format should become an empty clip")
	}
}

func BenchmarkSpeech(b *testing.B) {
	for _, rate := range []int{22050, 44100, 48000} {
		clip := audio.Clip{Format: audio.Format{Rate: rate, Channels: 1}, Samples: sine(rate, 440, 9000, rate)}
		b.Run(fmt.Sprintf("1s at %d Hz", rate), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				resample.Speech(clip)
			}
		})
	}
}
