package listen

import (
	"iter"

	"hearth/audio"
)

// A frame is a piece of sound as the listening looks at it.
type frame struct {
	samples []int16
	own     bool // Hearth itself was to be heard
}

// recent is the sound of the last while.
type recent struct {
	frames []frame
	length int   // samples in frames
	end    int64 // number of the sample after them
}

// add forgets the oldest frames for the new one.
func (r *recent) add(f frame) {
	r.frames = append(r.frames, f)
	r.length += len(f.samples)
	r.end += int64(len(f.samples))
	old := 0
	for r.length > audio.Speech.Samples(remembered) {
		r.length -= len(r.frames[old].samples)
		old++
	}
	kept := copy(r.frames, r.frames[old:])
	clear(r.frames[kept:]) // let go of the samples
	r.frames = r.frames[:kept]
}

// from are the frames from a sample on, the first one cut there, each with the number of its first sample.
func (r *recent) from(at int64) iter.Seq2[int64, frame] {
	return func(yield func(int64, frame) bool) {
		begin := r.end - int64(r.length)
		for _, f := range r.frames {
			end := begin + int64(len(f.samples))
			if cut := max(0, at-begin); end > at && !yield(begin+cut, frame{f.samples[cut:], f.own}) {
				return
			}
			begin = end
		}
	}
}
