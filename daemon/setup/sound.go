package setup

import (
	"context"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
)

// meterStep is how often a level is told.
const meterStep = 100 * time.Millisecond

// Levels listens for a while and tells the level of each tenth of a second, in dB relative to full scale. It returns
// the loudest.
func Levels(ctx context.Context, from audio.Source, last time.Duration, tell func(dbfs float64)) (loudest float64, err error) {
	loudest = listen.Level(nil)
	var step []int16
	for heard := time.Duration(0); heard < last; {
		frame, err := from.Next(ctx)
		if err != nil {
			return loudest, err
		}
		heard += frame.Format.Duration(len(frame.Samples))
		step = append(step, frame.Samples...)
		if frame.Format.Duration(len(step)) >= meterStep {
			level := listen.Level(step)
			loudest = max(loudest, level)
			tell(level)
			step = step[:0]
		}
	}
	return loudest, nil
}
