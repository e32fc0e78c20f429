package listen

import (
	"math"
	"time"
)

const (
	// An utterance in progress goes on while it is this much quieter than what could begin one: words end softly.
	hysteresis = 3.0 // dB
	// The floor falls by this part of the difference with each frame, and rises by this much a second: speech
	// must not pull it up before the next pause.
	floorFall = 0.2
	floorRise = 4.0   // dB/s
	silence   = -96.0 // dBFS, the level of frames of zeros
	// The floor begins as the quietest moment of so long a time, in which nothing counts as speech.
	learning = 500 * time.Millisecond
)

// A room is how loud it is where the microphone stands, while nobody speaks.
type room struct {
	gate, margin float64       // of Options
	floor        float64       // dBFS
	learned      time.Duration // sound from which the floor has been learned, up to learning
}

func newRoom(o Options) room { return room{gate: o.Gate, margin: o.Margin} }

// threshold is the level that speech must reach.
func (r *room) threshold() float64 { return max(r.gate, r.floor+r.margin) }

// speech tells whether so loud a frame may begin an utterance.
func (r *room) speech(level float64) bool { return level > r.threshold() && r.learned >= learning }

// goesOn tells whether so loud a frame may be part of one that has begun.
func (r *room) goesOn(level float64) bool { return level > r.threshold()-hysteresis }

func (r *room) follow(level float64, length time.Duration) {
	switch {
	case r.learned == 0:
		r.floor, r.learned = level, length
	case r.learned < learning:
		r.floor, r.learned = min(r.floor, level), r.learned+length
	case level < r.floor:
		r.floor += floorFall * (level - r.floor)
	default:
		r.floor = min(level, r.floor+floorRise*length.Seconds())
	}
	// Lower floors change nothing, but take long to rise from: some microphones give zeros between words.
	r.floor = max(r.floor, r.gate-r.margin)
}

// Level is the mean power of samples in dBFS: 0 for a full-scale square wave, -3 for a full-scale sine.
func Level(samples []int16) float64 {
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	if sum == 0 {
		return silence
	}
	return 10 * math.Log10(sum/float64(len(samples))/(1<<30))
}
