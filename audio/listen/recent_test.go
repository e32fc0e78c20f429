package listen

import (
	"testing"

	"hearth/audio"
)

// TestRecentKnowsWhereItsSoundIs has each sample be its own number.
func TestRecentKnowsWhereItsSoundIs(t *testing.T) {
	var r recent
	next := 0
	for next < 3*audio.Speech.Samples(remembered) {
		samples := make([]int16, 313)
		for i := range samples {
			samples[i] = int16((next + i) % 30000)
		}
		next += len(samples)
		r.add(frame{samples: samples})
	}
	oldest := int64(next - audio.Speech.Samples(remembered))
	for _, from := range []int64{int64(next) - 1, int64(next) - 313, int64(next) - 1000, oldest - 9999} {
		at := max(from, oldest)
		first := true
		for number, f := range r.from(from) {
			if first && from > oldest && number != from || !first && number != at {
				t.Fatalf("from %d: a frame at %d, want %d", from, number, at)
			}
			if f.samples[0] != int16(number%30000) {
				t.Fatalf("from %d: sample %d is %d", from, number, f.samples[0])
			}
			at, first = number+int64(len(f.samples)), false
		}
		if at != int64(next) {
			t.Errorf("from %d: it ends at %d, want %d", from, at, next)
		}
	}
	for range r.from(int64(next)) {
		t.Error("there is sound after the end")
	}
}
