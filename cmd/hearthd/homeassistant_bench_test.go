package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
)

// BenchmarkHomeAssistant says the same sentences to Hearth and to Home Assistant's own conversation agent, one after
// the other in the same homes, and reports what each takes until the answer: Hearth through its socket and with the
// state confirmed, each sentence for the first time; Home Assistant through its WebSocket, for the first time and
// again, when it has kept what it recognised. One run of it says all:
//
//	go test -run '^$' -bench HomeAssistant -benchtime 1x ./cmd/hearthd
func BenchmarkHomeAssistant(b *testing.B) {
	requireAssets(b)
	for _, at := range []struct {
		name      string
		home      func(testing.TB) string
		sentences []string
	}{
		{"demo", func(testing.TB) string { return "" }, demoSentences},
		{"entities=1000", func(tb testing.TB) string { return manySwitches(tb, 1_000, 1_000) }, manySentences()},
	} {
		b.Run(at.name, func(b *testing.B) {
			h := runHomeAssistant(b, "", at.home(b))
			h.connect()
			d := startHearth(b, h)
			d.follows()
			d.waitFor("recogniser") // whose start has the processor busy
			for b.Loop() {
				report(b, "ha-first", timed(b, at.sentences, h.process))
				report(b, "ha-again", timed(b, at.sentences, h.process))
				report(b, "hearth-first", timed(b, at.sentences, d.confirmed))
				report(b, "hearth-again", timed(b, at.sentences, d.confirmed))
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// demoSentences change something in the demo home, each of them each time.
var demoSentences = func() []string {
	var all []string
	for _, name := range []string{"bed light", "kitchen lights", "ceiling lights", "office rgbw lights", "ac",
		"ceiling fan", "living room fan", "percentage full fan", "living room rgbww lights"} {
		all = append(all, "turn off the "+name, "turn on the "+name)
	}
	return append(all, "set bed light brightness to 20 percent", "set bed light brightness to 70 percent",
		"set kitchen lights to red", "set kitchen lights to blue")
}()

func manySentences() []string {
	var all []string
	for i := range 50 {
		name := lampName(i * 19)
		all = append(all, "turn on the "+name, "turn off the "+name)
	}
	return all
}

// process has Home Assistant's own agent carry out a sentence.
func (h *homeAssistant) process(text string) error {
	var result struct {
		Response struct {
			Type   string `json:"response_type"`
			Speech any    `json:"speech"`
		} `json:"response"`
	}
	command := homeassistant.Command{"type": "conversation/process", "text": text, "language": "en"}
	err := h.conn.Ask(h.t.Context(), command, &result)
	if err == nil && result.Response.Type != "action_done" {
		err = fmt.Errorf("Home Assistant: %+v", result.Response)
	}
	return err
}

// confirmed has Hearth carry out a sentence, and see that it was.
func (d *hearth) confirmed(text string) error {
	turn, err := d.say("", text)
	if err != nil {
		return err
	}
	for _, s := range turn.Steps {
		if s.Outcome != conversation.Confirmed {
			return fmt.Errorf("%s is %s: %s", s.Entity, s.Outcome, s.Evidence)
		}
	}
	if len(turn.Steps) == 0 {
		return fmt.Errorf("nothing done: %s", turn.Reply)
	}
	return nil
}

// timed is how long each sentence takes, in ascending order.
func timed(tb testing.TB, sentences []string, say func(string) error) []time.Duration {
	tb.Helper()
	var took []time.Duration
	for _, sentence := range sentences {
		time.Sleep(20 * time.Millisecond) // nobody speaks without a pause, in which both write down what was
		began := time.Now()
		if err := say(sentence); err != nil {
			tb.Fatalf("%q: %v", sentence, err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took
}

func report(b *testing.B, who string, took []time.Duration) {
	for _, p := range []int{50, 95} {
		b.ReportMetric(float64(took[(len(took)-1)*p/100])/float64(time.Millisecond), fmt.Sprintf("%s-p%d-ms", who, p))
	}
}

// BenchmarkIdle is what the daemon takes of a processor while nobody speaks and 200 states a second change, in a home
// of 2,000 entities. Home Assistant tells it the changes of those that are exposed.
func BenchmarkIdle(b *testing.B) {
	requireAssets(b)
	const entities, perSecond, seconds = 2_000, 200, 10
	for _, exposed := range []int{200, entities} {
		b.Run(fmt.Sprintf("exposed=%d", exposed), func(b *testing.B) {
			h := runHomeAssistant(b, "", manySwitches(b, entities, exposed))
			h.connect()
			d := startHearth(b, h)
			d.follows()
			d.waitFor("recogniser")
			time.Sleep(5 * time.Second) // what starting left to do
			for b.Loop() {
				before := d.processorTime(b)
				next := time.NewTicker(time.Second / perSecond)
				began := time.Now()
				for i := range perSecond * seconds {
					<-next.C
					h.ask(homeassistant.Command{"type": "call_service", "domain": "input_boolean", "service": "toggle",
						"target": map[string]string{"entity_id": lampID(i * 7919 % entities)}}, nil)
				}
				next.Stop()
				used, took := d.processorTime(b)-before, time.Since(began)
				b.ReportMetric(100*used.Seconds()/took.Seconds(), "percent-of-a-core")
				b.ReportMetric(perSecond*seconds/took.Seconds(), "changes/s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// processorTime is what the daemon's threads have used of the processors so far. The times in stat are samples, taken
// when the clock ticks, which is when a timer wakes a process: those in schedstat are measured (proc_pid_schedstat(5)).
func (d *hearth) processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", d.process.Pid))
	if err != nil || len(threads) == 0 {
		tb.Fatalf("no threads: %v", err)
	}
	var sum time.Duration
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		used, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		sum += time.Duration(used)
	}
	return sum
}
