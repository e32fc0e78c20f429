package command

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/daemon/intent"
)

// Every intent of the published sentences has a rule, and no rule is for an intent that is not there.
func TestEveryPublishedIntentHasARule(t *testing.T) {
	var sentences struct {
		Intents   map[string]json.RawMessage `json:"intents"`
		Responses struct {
			Errors map[string]string `json:"errors"`
		} `json:"responses"`
	}
	published(t, "en.json", &sentences)
	for name := range sentences.Intents {
		if _, err := Build(read(testHome(), name, "", "", nil), Input{Home: testHome()}); errors.Is(err, ErrUnknownIntent) {
			t.Errorf("no rule for %s", name)
		}
	}
	for name := range rules {
		if _, ok := sentences.Intents[name]; !ok && !strings.HasPrefix(name, "Hearth") {
			t.Errorf("the rule for %s is for no published intent", name)
		}
	}
	for _, key := range keys() {
		if sentences.Responses.Errors[key] == "" {
			t.Errorf("no published response for the error %s", key)
		}
	}
}

// Every published slot combination is enough to build a command from, or for an apology about this home.
func TestEveryPublishedSlotCombinationIsUnderstood(t *testing.T) {
	var intents map[string]struct {
		Combinations map[string]struct {
			Slots   []string            `json:"slots"`
			Context bool                `json:"context_area"`
			Domains map[string][]string `json:"inferred_domains"`
		} `json:"slot_combinations"`
	}
	published(t, "intents.json", &intents)
	values := attributes{
		"area": "Kitchen", "floor": "Upstairs", "name": "Ceiling", "domain": "light", "device_class": "blind", "state": "on",
		"brightness": 40, "color": "red", "temperature": 21, "position": 30, "percentage": 66, "fan_mode": "low",
		"volume_level": 35, "volume_step": "up", "search_query": "night train", "media_class": "album", "message": "dinner", "item": "milk",
		"hours": 1, "minutes": 2, "seconds": 3, "start_hours": 1, "start_minutes": 30, "start_seconds": 5, "conversation_command": "open the garage",
	}
	s := testHome()
	built := 0
	for name, known := range intents {
		for combination, c := range known.Combinations {
			slots := attributes{}
			for _, slot := range c.Slots {
				if values[slot] == nil {
					t.Fatalf("%s %s: the test has no value for slot %s", name, combination, slot)
				}
				slots[slot] = values[slot]
			}
			for _, domains := range c.Domains {
				slots["domain"] = domains[0]
			}
			r := read(s, name, combination, "", slots)
			r.NeedsArea = c.Context
			_, err := Build(r, Input{Home: s, Room: "kitchen", Now: now, Timers: someTimers})
			var target *TargetError
			if err != nil && !errors.As(err, &target) {
				t.Errorf("%s %s: %v", name, combination, err)
			}
			built++
		}
	}
	if built < 150 {
		t.Errorf("only %d slot combinations", built)
	}
}

// keys are all that a TargetError may have.
func keys() []string {
	keys := []string{"no_area", "no_floor", "entity_wrong_state", "feature_not_supported", "duplicate_targets", "timer_not_found", "multiple_timers_matched"}
	for _, place := range []string{"", "_in_area", "_in_floor"} {
		keys = append(keys, "duplicate_entities"+place)
		for _, subject := range []string{"no_entity", "no_domain", "no_device_class"} {
			keys = append(keys, subject+place, subject+place+"_exposed")
		}
	}
	return keys
}

// publishedHome is a home that understands the published sentences of a language.
func publishedHome(t *testing.T, language string) *intent.Home {
	t.Helper()
	l, err := intent.Load(publishedPath(t, language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return l.Home(intent.Names{})
}

// publishedPath is where one of the published files is. It skips the test when they are not installed.
func publishedPath(t *testing.T, name string) string {
	t.Helper()
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache directory: %v", err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	path := filepath.Join(assets, "sentences", name)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		t.Skipf("no %s in %s: run make assets", name, assets)
	}
	return path
}

// published reads one of the published files.
func published(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(publishedPath(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
