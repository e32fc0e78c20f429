package homeassistant

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hearth/daemon/home"
)

func building() *registries {
	r := &registries{
		entities: map[home.EntityID]entityEntry{"lock.front": {Device: "door"}, "sensor.battery": {Device: "door"}, "light.hall": {Area: "hall"}, "lock.shed": {Area: "garden"}},
		devices:  map[string]deviceEntry{"door": {Area: "hall"}},
		areas:    []areaEntry{{ID: "hall", Floor: "ground"}, {ID: "garden"}},
	}
	for _, id := range []home.EntityID{"light.hall", "light.lamp", "lock.front", "lock.shed", "sensor.battery"} {
		r.states = append(r.states, stateEntry{ID: id})
	}
	return r
}

func TestWhatAScriptChanges(t *testing.T) {
	const anything = "anything"
	for steps, want := range map[string]string{
		`[]`: "[]",
		`{"action":"light.turn_on","target":{"entity_id":"light.lamp"},"data":{"brightness":"{{ 5 }}"}}`:                                                        "[light.lamp]",
		`[{"service":"lock.unlock","entity_id":["lock.front","lock.shed"]}]`:                                                                                    "[lock.front lock.shed]",
		`[{"action":"lock.unlock","data":{"entity_id":"lock.front, lock.shed"}}]`:                                                                               "[lock.front lock.shed]",
		`[{"action":"lock.unlock","target":{"entity_id":"all"}}]`:                                                                                               "[lock.front lock.shed]",
		`[{"action":"lock.unlock","target":{"area_id":"hall"}}]`:                                                                                                "[lock.front]",
		`[{"action":"light.turn_off","target":{"area_id":["hall"]}}]`:                                                                                           "[light.hall]",
		`[{"action":"homeassistant.turn_off","target":{"floor_id":"ground"}}]`:                                                                                  "[light.hall lock.front sensor.battery]",
		`[{"action":"lock.unlock","target":{"device_id":"door"}}]`:                                                                                              "[lock.front]",
		`[{"action":"lock.unlock","target":{"label_id":"outside"}}]`:                                                                                            "[lock.front lock.shed]",
		`[{"device_id":"door","domain":"lock","type":"unlock","entity_id":"0123"}]`:                                                                             "[lock.front sensor.battery]",
		`[{"scene":"scene.leave"}]`:                                                                                                                             "[scene.leave]",
		`[{"action":"script.leave"},{"action":"script.turn_on","target":{"entity_id":"script.other"}}]`:                                                         "[script.leave script.other]",
		`[{"action":"automation.trigger","target":{"entity_id":"automation.a"}}]`:                                                                               "[automation.a]",
		`[{"delay":5},{"wait_template":"{{ x }}"},{"variables":{"a":1}},{"stop":""},"{{ x }}",{"condition":"state","entity_id":"lock.front","state":"locked"}]`: "[]",
		`[{"repeat":{"count":2,"sequence":[{"action":"lock.unlock","target":{"entity_id":"lock.front"}}]}}]`:                                                    "[lock.front]",
		`[{"choose":[{"conditions":[],"sequence":[{"scene":"scene.a"}]}],"default":[{"scene":"scene.b"}]}]`:                                                     "[scene.a scene.b]",
		`[{"if":[],"then":{"scene":"scene.a"},"else":[{"scene":"scene.b"}]}]`:                                                                                   "[scene.a scene.b]",
		`[{"parallel":[{"sequence":[{"scene":"scene.a"}]},{"scene":"scene.b"}]}]`:                                                                               "[scene.a scene.b]",
		`[{"action":"notify.phone","data":{"message":"{{ x }}"}}]`:                                                                                              "[]",
		`[{"enabled":false,"action":"shell_command.x"}]`:                                                                                                        "[]",

		`[{"action":"lock.unlock","target":{"entity_id":"{{ door }}"}}]`:              anything,
		`[{"action":"lock.unlock","target":"{{ door }}"}]`:                            anything,
		`[{"action":"lock.unlock","data":{"entity_id":["lock.front","{{ door }}"]}}]`: anything,
		`[{"action":"lock.unlock","target":{"entity_id":"0123456789abcdef"}}]`:        anything,
		`[{"action":"{{ service }}","target":{"entity_id":"light.lamp"}}]`:            anything,
		`[{"service_template":"lock.unlock"}]`:                                        anything,
		`[{"action":"lock.unlock"}]`:                                                  anything,
		`[{"action":"shell_command.open"}]`:                                           anything,
		`[{"action":"mqtt.publish","data":{"topic":"a"}}]`:                            anything,
		`[{"action":"homeassistant.restart"}]`:                                        anything,
		`[{"action":"scene.apply","data":{"entities":{"lock.front":"unlocked"}}}]`:    anything,
		`[{"event":"open_sesame"}]`:                                                   anything,
		`[{"device_id":"gone","domain":"lock","type":"unlock"}]`:                      anything,
		`[{"repeat":{"count":2,"sequence":[{"event":"x"}]}}]`:                         anything,
		`[{"something_new":1}]`:                                                       anything,
		`[7]`:                                                                         anything,
	} {
		for _, key := range []string{"sequence", "actions", "action"} {
			var config map[string]any
			if err := json.Unmarshal([]byte(`{"alias":"A","`+key+`":`+steps+`}`), &config); err != nil {
				t.Fatal(steps, err)
			}
			got := anything
			if runs := building().runsOf(config); runs != nil {
				got = fmt.Sprint(runs)
			}
			if got != want {
				t.Errorf("%s: %s, want %s", steps, got, want)
			}
		}
	}
	if building().runsOf(nil) != nil || building().runsOf(map[string]any{"use_blueprint": map[string]any{}}) != nil {
		t.Error("without steps nothing is known")
	}
}

// TestScriptsAreLookedInto when the home is loaded, and again when one was rewritten; until then it may do anything.
func TestScriptsAreLookedInto(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"script.leave": "Leave", "script.secret": "Secret", "automation.dusk": "Dusk"})
		s.answer("get_states", append(s.answers["get_states"].([]any), map[string]any{"entity_id": "script.inner", "state": "off", "attributes": map[string]any{}}))
		configs := map[string]string{
			"script.leave":    `{"sequence":[{"action":"script.inner"}]}`,
			"script.inner":    `{"sequence":[{"action":"lock.unlock","target":{"entity_id":"lock.front"}}]}`,
			"automation.dusk": `{"triggers":[],"actions":[{"action":"light.turn_on","target":{"entity_id":"light.lamp"}}]}`,
		}
		s.handle = func(c *client, command map[string]any) bool {
			if kind := command["type"]; kind != "script/config" && kind != "automation/config" {
				return false
			}
			s.mu.Lock()
			config, ok := configs[command["entity_id"].(string)]
			s.mu.Unlock()
			if id := int(command["id"].(float64)); ok {
				c.send(result(id, map[string]any{"config": json.RawMessage(config)}))
			} else {
				c.send(failure(id, "unauthorized", "Unauthorized", ""))
			}
			return true
		}
		h := newTestHome(s, goodToken)
		r := started(t, h)
		want := func(when string, id home.EntityID, runs ...home.EntityID) {
			t.Helper()
			if e, ok := h.Snapshot().Entity(id); !ok || !slices.Equal(e.Runs, runs) || (e.Runs == nil) != (runs == nil) {
				t.Errorf("%s: %s runs %v, want %v", when, id, e.Runs, runs)
			}
		}
		want("at first", "script.leave", "script.inner")
		want("at first", "script.inner", "lock.front")
		want("at first", "automation.dusk", "light.lamp")
		want("at first", "script.secret")
		s.mu.Lock()
		configs["script.leave"] = `{"sequence":[{"action":"cover.open_cover","target":{"entity_id":"cover.garage"}}]}`
		s.mu.Unlock()
		s.change("script.leave", "unavailable", nil)
		synctest.Wait()
		want("while it is rewritten", "script.leave")
		s.change("script.leave", "off", nil)
		time.Sleep(2 * settle)
		want("rewritten", "script.leave", "cover.garage")
		s.change("script.leave", "on", nil)
		synctest.Wait()
		want("while it runs", "script.leave", "cover.garage")
		r.stop()
		want("without a connection", "script.leave")
	})
}

// FuzzActions reads a script of any content. What it is said to change is an entity's ID.
func FuzzActions(f *testing.F) {
	for _, seed := range []string{
		`{"sequence":[{"action":"lock.unlock","target":{"area_id":"hall"}}]}`, `{"actions":{"scene":"scene.a"}}`,
		`{"action":[{"repeat":{"sequence":[{"device_id":"door","domain":"lock","type":"unlock"}]}}]}`, `{"sequence":null}`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var config map[string]any
		if json.Unmarshal(text, &config) != nil {
			return
		}
		for _, id := range building().runsOf(config) {
			if !serviceName.MatchString(string(id)) {
				t.Errorf("it runs %q", id)
			}
		}
	})
}
