package device

import (
	"testing"
	"time"

	"hearth/audio"
)

func pcm(from, n int) []byte {
	b := make([]byte, 0, 2*n)
	for i := range n {
		v := uint16(from + i)
		b = append(b, byte(v), byte(v>>8))
	}
	return b
}

func TestRingKeepsOrderAndTime(t *testing.T) {
	r := newRing()
	start := time.Unix(1000, 0)
	frame := make([]int16, 320)
	pushed, taken := 0, 0
	for _, n := range []int{100, 500, 7, 1000, 320, 33} {
		r.push(pcm(pushed, n), start.Add(audio.Speech.Duration(pushed+n)))
		pushed += n
		for {
			at, lost, ok := r.take(frame)
			if !ok {
				break
			}
			if lost != 0 || frame[0] != int16(taken) || frame[319] != int16(taken+319) {
				t.Fatalf("frame of sample %d begins with %d, ends with %d, %d lost", taken, frame[0], frame[319], lost)
			}
			if off := at.Sub(start.Add(audio.Speech.Duration(taken))).Abs(); off > time.Microsecond {
				t.Errorf("frame of sample %d is dated %v wrong", taken, off)
			}
			taken += 320
		}
	}
	if left := pushed - taken; left < 0 || left >= 320 {
		t.Errorf("%d samples stay behind", left)
	}
}

func TestRingLosesTheOldestAndCounts(t *testing.T) {
	r := newRing()
	room := len(r.samples)
	r.push(pcm(0, room+500), time.Unix(1000, 0))
	frame := make([]int16, 320)
	at, lost, ok := r.take(frame)
	if !ok || lost != 500 || frame[0] != 500 {
		t.Errorf("got sample %d, %d lost", frame[0], lost)
	}
	if want := time.Unix(1000, 0).Add(-ringLength); !at.Equal(want) {
		t.Errorf("dated %v, want %v", at, want)
	}
}

func TestRingPushDoesNotAllocate(t *testing.T) {
	r := newRing()
	period := pcm(0, 320)
	now := time.Now()
	if n := testing.AllocsPerRun(100, func() { r.push(period, now) }); n != 0 {
		t.Errorf("%v allocations a callback", n)
	}
}
