package homeassistant

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"hearth/daemon/home"
)

// TestRecordedExchange reads every whole frame that a Home Assistant 2025.6.3 sent, in order, and ends with the
// lamp as it was at the end: off.
func TestRecordedExchange(t *testing.T) {
	file, err := os.Open(filepath.Join(shared(), "data", "home-assistant", "golden_ws.jsonl"))
	if err != nil {
		t.Skipf("no recorded exchanges: %v (set HEARTH_SHARED)", err)
	}
	defer file.Close()
	s := newStore()
	s.replace(home.NewSnapshot([]home.Entity{{ID: "light.bed_light", Name: "Bed Light"}, {ID: "light.kitchen_lights"}}, nil, nil))
	frames, events := 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var recorded struct {
			From string          `json:"dir"`
			Text json.RawMessage `json:"msg"`
		}
		if err := json.Unmarshal(lines.Bytes(), &recorded); err != nil {
			t.Fatal(err)
		}
		if recorded.From != "S" || bytes.HasPrefix(recorded.Text, []byte(`"`)) { // too long, and cut
			continue
		}
		messages, err := parseFrame(recorded.Text)
		if err != nil {
			t.Errorf("%.200s: %v", recorded.Text, err)
		}
		frames++
		for _, m := range messages {
			if m.Type != "event" {
				continue
			}
			e, err := parseStateEvent(m.Event)
			if err != nil {
				t.Errorf("%.200s: %v", m.Event, err)
			}
			events += s.apply(e)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	e, _ := s.Snapshot().Entity("light.bed_light")
	if frames != 34 || events != 9 || e.State != "off" || e.Attributes["supported_features"] != 4.0 || e.Attributes["friendly_name"] != "Bed Light" {
		t.Errorf("%d frames, %d changes, at last %+v", frames, events, e)
	}
}

// shared is the folder of recordings beside the module, unless HEARTH_SHARED names another.
func shared() string {
	if dir := os.Getenv("HEARTH_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "..", "..", "shared")
}
