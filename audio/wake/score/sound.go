package score

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
)

// noise is so much of a pink one, as rooms have it, at a level in dBFS (Paul Kellet's filter).
func noise(random *rand.Rand, level float64, d time.Duration) []int16 {
	values := make([]float64, audio.Speech.Samples(d))
	var a, b, c, power float64
	for i := range values {
		white := random.NormFloat64()
		a = 0.99765*a + white*0.0990460
		b = 0.96300*b + white*0.2965164
		c = 0.57000*c + white*1.0526913
		values[i] = a + b + c + white*0.1848
		power += values[i] * values[i] / float64(len(values))
	}
	samples := make([]int16, len(values))
	for i, v := range values {
		samples[i] = clipped(v / math.Sqrt(power) * 32768 * math.Pow(10, level/20))
	}
	return samples
}

// over lays noise over a clip with room around it.
func over(random *rand.Rand, clip []int16, level float64) audio.Clip {
	const around = 2 * time.Second
	samples := noise(random, level, 2*around+audio.Speech.Duration(len(clip)))
	for i, s := range clip {
		at := audio.Speech.Samples(around) + i
		samples[at] = clipped(float64(samples[at]) + float64(s))
	}
	return audio.Clip{Format: audio.Speech, Samples: samples}
}

func clipped(v float64) int16 { return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v)))) }

// speechLevel is the level of the loud part of a clip, and quietLevel that of the quiet part: of frames of 20 ms
// the one that nine of ten are below, and above.
func speechLevel(samples []int16) float64 { return percentile(samples, 0.9) }
func quietLevel(samples []int16) float64  { return percentile(samples, 0.1) }

func percentile(samples []int16, share float64) float64 {
	var levels []float64
	for frame := range slices.Chunk(samples, 320) {
		levels = append(levels, listen.Level(frame))
	}
	if len(levels) == 0 {
		return -96
	}
	slices.Sort(levels)
	return levels[int(share*float64(len(levels)-1))]
}

// atLevel is the sound made as loud as level.
func atLevel(samples []int16, level float64) []int16 {
	gain := math.Pow(10, (level-speechLevel(samples))/20)
	out := make([]int16, len(samples))
	for i, s := range samples {
		out[i] = clipped(float64(s) * gain)
	}
	return out
}

// trimmed is a clip without the silence at its end that synthetic voices leave.
func trimmed(samples []int16) []int16 {
	const quiet = 300
	end := len(samples)
	for end > 0 && samples[end-1] < quiet && samples[end-1] > -quiet {
		end--
	}
	return samples[:end]
}
