package device

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"hearth/audio"
)

// A device that is faster than the sound comes hears silence in between, and the end only after the last of it.
func TestAPlayerWaitsForSound(t *testing.T) {
	p := newPlayer(audio.Speech)
	take := func(bytes int) []byte {
		out := make([]byte, bytes)
		p.fill(out)
		return out
	}
	over := func() bool {
		select {
		case <-p.over:
			return true
		default:
			return false
		}
	}
	p.add([]byte{1, 2, 3, 4})
	p.add([]byte{5, 6})
	if got := take(4); !slices.Equal(got, []byte{1, 2, 3, 4}) {
		t.Errorf("first %v", got)
	}
	if got := take(8); !slices.Equal(got, []byte{5, 6, 0, 0, 0, 0, 0, 0}) {
		t.Errorf("then %v", got)
	}
	take(10 * p.tail)
	if over() {
		t.Fatal("it is over although more may come")
	}
	p.add([]byte{7, 8})
	p.end()
	if got := take(p.tail); !slices.Equal(got[:3], []byte{7, 8, 0}) || over() {
		t.Errorf("the last: %v, over %v", got[:3], over())
	}
	if take(2); !over() {
		t.Error("it is not over")
	}
	take(p.tail) // the device goes on for a while
}

func TestAPlayerTakesNoMoreThanItCanHold(t *testing.T) {
	p := newPlayer(audio.Format{Rate: 8000, Channels: 1})
	half := make([]byte, 2*p.format.Samples(longestSound)/2)
	for i, want := range []bool{true, true, false} {
		if got := p.add(half); got != want {
			t.Errorf("half of what it can hold, time %d: %v", i+1, got)
		}
	}
}

func FuzzFeed(f *testing.F) {
	message := func(k kind, body string) string {
		return string(binary.LittleEndian.AppendUint32([]byte{byte(k)}, uint32(len(body)))) + body
	}
	f.Add(message(kindFormat, `{"Rate":16000,"Channels":1}`) + message(kindSound, "abcd"))
	f.Add(message(kindFormat, `{"Rate":-1}`))
	f.Add(message(kindFormat, `{"Rate":16000,"Channels":2}`) + message(kindSound, "abc"))
	f.Fuzz(func(t *testing.T, input string) {
		in := newMessageReader(strings.NewReader(input))
		format, err := readFormat(in)
		if err != nil {
			return
		}
		p := newPlayer(format)
		err = p.feed(in)
		p.end()
		held := bytes.Join(p.waits, nil)
		if !strings.Contains(input, string(held)) && len(p.waits) == 1 || err == nil && len(held)%2 != 0 {
			t.Errorf("%q is played of %q", held, input)
		}
	})
}
