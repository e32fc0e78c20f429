package listen

import (
	"math"

	"hearth/audio"
)

// ToneHertz is the frequency of the tone by which Acknowledge may answer. It is taken out of the sound after that, so
// that a command may begin while the tone is heard, and the tone is none.
const ToneHertz = 1046.5

// A notch takes one frequency out of a stream (Robert Bristow-Johnson's audio equaliser cookbook).
type notch struct {
	a1, a2, b0, b1 float64 // b2 is b0
	x1, x2, y1, y2 float64
}

func newNotch(hertz float64) *notch {
	const q = 5 // half of the energy is lost 100 Hz beside ToneHertz
	sin, cos := math.Sincos(2 * math.Pi * hertz / float64(audio.Speech.Rate))
	alpha := sin / (2 * q)
	return &notch{b0: 1 / (1 + alpha), b1: -2 * cos / (1 + alpha), a1: -2 * cos / (1 + alpha), a2: (1 - alpha) / (1 + alpha)}
}

// filter returns the next samples without the frequency.
func (n *notch) filter(samples []int16) []int16 {
	out := make([]int16, len(samples))
	for i, s := range samples {
		x := float64(s)
		y := n.b0*(x+n.x2) + n.b1*n.x1 - n.a1*n.y1 - n.a2*n.y2
		n.x2, n.x1, n.y2, n.y1 = n.x1, x, n.y1, y
		out[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(y))))
	}
	return out
}
