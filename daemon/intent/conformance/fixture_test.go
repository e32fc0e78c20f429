package conformance

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// fixtures are tests in the published layout, one for each thing that a fixture may say in more than one way.
var fixtures = map[string]string{
	"HassTimerStatus/name_only": `
timers:
  - {name: pizza, is_active: yes, total_seconds_left: 100, rounded_minutes_left: 1, rounded_seconds_left: 40}
tests:
  - sentences: [how long is left on the pizza timer] # Home Assistant would say a minute and a half
    slots: {name: pizza}
    response: 1 minute and 40 seconds left.
  - sentences: [pizza timer status]
    slots: {name: pizza}
    timers: []
    response: No timers.
`,
	"HassGetWeather/name_only": `
entities:
  - {name: Oslo, domain: weather, state: {in: rainy, out: snowy}, attributes: {temperature: 21.0, temperature_unit: °C}}
tests:
  - sentences: [what is the weather like in Oslo]
    slots: {name: Oslo}
    response: 21.0 °C and raining
`,
	"HassGetState/name_state": `
entities:
  - {name: Lamp, domain: light, state: {in: glowing, out: "on"}, is_exposed: false}
  - {name: Fan, domain: fan, state: "off", is_exposed: No}
tests:
  - sentences: [is the lamp on?]
    slots: {name: Lamp, state: "on"}
    response: "Yes"
  - sentences: [is the lamp off?]
    slots: {name: Lamp, state: "off"}
    response: "No, glowing"
  - sentences: [is the fan on?] # nothing else is asked of a slot that may have several values
    slots: {name: Fan, state: ["on", "open"]}
    response: "No, off"
`,
	"HassGetState/name_only": `
entities:
  - {name: Outside, domain: sensor, state_with_unit: "12", attributes: {unit_of_measurement: °C}}
  - {name: Pool, domain: sensor, state: {in: 20.0, out: 20.0}, attributes: {unit_of_measurement: °C}}
tests:
  - sentences: [what is outside]
    slots: {name: Outside}
    response: Outside is 12 °C
  - sentences: [what is pool]
    slots: {name: Pool}
    response: Pool is 20.0 °C
`,
	"HassStartTimer/minutes_only": `
language: en
language: en # a key that is there twice
tests:
  - sentences: [Twenty-nine minute timer]
    slots: {minutes: 29}
    response: Timer set for twenty-nine minutes
`,
}

func TestFixtures(t *testing.T) {
	score, err := runFixtures(t, fixtures)
	if err != nil {
		t.Fatal(err)
	}
	if score.Sentences != 9 || score.Response != score.Sentences {
		t.Errorf("%d of %d sentences came out right", score.Response, score.Sentences)
	}
	for _, f := range score.Failures {
		t.Errorf("%s %q: %s: want %q, got %q", f.File, f.Sentence, f.Part, f.Want, f.Got)
	}
}

// TestFixturesCanFail makes sure that each part of a test is looked at.
func TestFixturesCanFail(t *testing.T) {
	for _, c := range []struct{ part, file, test string }{
		{"intent", "HassTurnOff/name_only", `{sentences: [turn on the lamp], slots: {name: Lamp}, response: Turned on the light}`},
		{"combination", "HassTurnOn/name_area", `{sentences: [turn on the lamp], slots: {name: Lamp}, response: Turned on the light}`},
		{"slots", "HassTurnOn/name_only", `{sentences: [turn on the lamp], slots: {name: Lamps}, response: Turned on the light}`},
		{"slots", "HassTurnOn/name_only", `{sentences: [turn on the radio], slots: {name: Radio}, response: Turned on the light}`},
		{"response", "HassTurnOn/name_only", `{sentences: [turn on the lamp], slots: {name: Lamp}, response: "Turned on the light "}`},
	} {
		home := "entities: [{name: Lamp, domain: light}, {name: Radio, domain: media_player}, {name: Radio, domain: sensor}]\n"
		score, err := runFixtures(t, map[string]string{c.file: home + "tests: [" + c.test + "]"})
		if err != nil {
			t.Fatal(err)
		}
		if len(score.Failures) != 1 || score.Failures[0].Part != c.part {
			t.Errorf("%s: want a failure of %s, have %+v", c.test, c.part, score.Failures)
		}
	}
}

func TestFaultsHaveAPlace(t *testing.T) {
	_, err := runFixtures(t, map[string]string{"HassTurnOn/name_only": "language: en\ntests:\n  - sentences: {}\n"})
	var fault *FileError
	if !errors.As(err, &fault) || fault.Line != 3 || fault.Column == 0 || filepath.Base(fault.Path) != "name_only.yaml" {
		t.Errorf("%+v: %v", fault, err)
	}
}

// runFixtures runs English tests, by Intent/combination.
func runFixtures(t *testing.T, tests map[string]string) (score Score, err error) {
	t.Helper()
	sentences, dir := assets(t), t.TempDir()
	for name, text := range tests {
		path := filepath.Join(dir, "en", filepath.FromSlash(name)+".yaml")
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err = RunAll(dir, sentences, nil, func(s Score) { score = s })
	return score, err
}
