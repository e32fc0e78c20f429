package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/web"
)

// TestAHundredTurnsAtOnce come from ten rooms: none is lost, none is done twice.
func TestAHundredTurnsAtOnce(t *testing.T) {
	requireAssets(t)
	h := runHomeAssistant(t, "", manySwitches(t, 1_000, 1_000))
	h.connect()
	counted := h.countCalls()
	d := startHearth(t, h)
	d.follows()
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			request := web.SayRequest{Text: "turn on the " + lampName(i*7), Room: fmt.Sprintf("zone_%d", i%10)}
			turn, err := d.client.Say(t.Context(), request)
			if err != nil {
				t.Error(err)
			} else if len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed {
				t.Errorf("turn %d: %q, %+v", i, turn.Reply, turn.Steps)
			}
		})
	}
	wg.Wait()
	states := h.states()
	for i := range 100 {
		id := lampID(i * 7)
		if states[id].State != "on" {
			t.Errorf("%s is %s", id, states[id].State)
		}
		if n := counted(id); n != 1 {
			t.Errorf("%s was called %d times", id, n)
		}
	}
	turns, err := d.client.Recent(context.Background(), 200)
	if err != nil || len(turns) != 100 {
		t.Errorf("%d turns in the history, %v", len(turns), err)
	}
	t.Logf("the daemon has %d MB in memory", d.memory(t))
}

// countCalls counts the services that are called on each entity from now on, as Home Assistant's bus has them.
func (h *homeAssistant) countCalls() (of func(entity string) int) {
	h.t.Helper()
	var mu sync.Mutex
	calls := map[string]int{}
	event := homeassistant.Command{"type": "subscribe_events", "event_type": "call_service"}
	_, err := h.conn.Subscribe(h.t.Context(), event, func(text json.RawMessage) {
		var call struct {
			Data struct {
				Data struct {
					Entities []string `json:"entity_id"`
				} `json:"service_data"`
			} `json:"data"`
		}
		if err := json.Unmarshal(text, &call); err != nil {
			h.t.Errorf("%s: %v", text, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, id := range call.Data.Data.Entities {
			calls[id]++
		}
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return func(entity string) int {
		mu.Lock()
		defer mu.Unlock()
		return calls[entity]
	}
}

// memory is what the daemon itself has in memory, in megabytes.
func (d *hearth) memory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes / 1000
}

func lampID(i int) string { return "input_boolean." + strings.ReplaceAll(lampName(i), " ", "_") }

func lampName(i int) string {
	words := strings.Fields("amber birch cedar delta ember fern grove hazel iris juniper")
	return words[i/1000%10] + " " + words[i/100%10] + " " + words[i/10%10] + " " + words[i%10] + " lamp"
}

// manySwitches writes a home of so many helpers that report what they do, in 40 areas, the first of them exposed.
func manySwitches(tb testing.TB, n, exposed int) string {
	tb.Helper()
	var helpers, setup strings.Builder
	helpers.WriteString("input_boolean:\n")
	for i := range 40 {
		fmt.Fprintf(&setup, "{\"type\": \"config/area_registry/create\", \"name\": \"Zone %d\"}\n", i)
	}
	var ids []string
	for i := range n {
		fmt.Fprintf(&helpers, "  %s: {name: %s}\n", strings.ReplaceAll(lampName(i), " ", "_"), lampName(i))
		fmt.Fprintf(&setup, "{\"type\": \"config/entity_registry/update\", \"entity_id\": %q, \"area_id\": \"zone_%d\"}\n", lampID(i), i%40)
		ids = append(ids, strconv.Quote(lampID(i)))
	}
	fmt.Fprintf(&setup, "{\"type\": \"homeassistant/expose_entity\", \"assistants\": [\"conversation\"], \"entity_ids\": [%s], \"should_expose\": true}\n",
		strings.Join(ids[:exposed], ","))
	dir := tb.TempDir()
	for path, text := range map[string]string{"packages/home.yaml": helpers.String(), "setup.jsonl": setup.String()} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}
