package score_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/audio/stt"
	"hearth/audio/stt/score"
	"hearth/audio/wav"
)

func TestWords(t *testing.T) {
	tests := map[string]string{
		"What's the Temperature?":    "whats the temperature",
		"set it to 50%":              "set it to 50 percent",
		"set it to fifty percent.":   "set it to 50 percent",
		"twenty-five minutes":        "25 minutes",
		"sixty minutes, twenty zero": "60 minutes 20 0",
		"allumé l’éclairage":         "allumé léclairage",
		"  ":                         "",
	}
	for sentence, want := range tests {
		if got := strings.Join(score.Words(sentence), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", sentence, got, want)
		}
	}
	if !score.Same("Never mind.", "nevermind") || score.Same("turn on the light", "turn on the lights") {
		t.Error("spaces and punctuation do not count, letters do")
	}
}

func TestEdits(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"a b c", "a b c", 0}, {"a b c", "a c", 1}, {"a b c", "a x c", 1}, {"", "a b", 2}, {"a b", "", 2}, {"a b", "b a", 2},
	}
	for _, test := range tests {
		if got := score.Edits(strings.Fields(test.a), strings.Fields(test.b)); got != test.want {
			t.Errorf("Edits(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// A reciter answers with one hypothesis after the other.
type reciter struct {
	answers []stt.Hypothesis
	names   []string
}

func (r *reciter) SetGrammar(_ stt.Grammar, names []string) { r.names = append(r.names, names...) }

func (r *reciter) Transcribe(audio.Clip) (stt.Hypothesis, error) {
	if len(r.answers) == 0 {
		return stt.Hypothesis{}, errors.New("out of breath")
	}
	h := r.answers[0]
	r.answers = r.answers[1:]
	return h, nil
}

const manifest = `{"file":"a.wav","repo":"one","transcript":"turn on the lamp","language":"wav"}
{"file":"b.wav","repo":"one","transcript":"red alert","language":"en"}

{"file":"c.wav","repo":"one","transcript":"stop","language":"en_GB"}
{"file":"oov_1.wav","repo":"two","transcript":"play songs","language":"en"}
{"file":"noise.wav","repo":"two","transcript":null,"language":null}
{"file":"d.wav","repo":"two","transcript":"","language":"en"}
{"file":"e.wav","repo":"two","transcript":"allume la lampe","language":"fr_FR"}
{"file":"f.wav","repo":"three","transcript":"hello","language":"en"}
`

// record writes a manifest and half a second of sound for each of its files.
func record(t *testing.T) []score.Item {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "manifest.jsonl")
	if err := os.WriteFile(path, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	items, err := score.ReadManifest(path)
	if err != nil || len(items) != 8 {
		t.Fatalf("ReadManifest = %d items, %v, want 8", len(items), err)
	}
	var sound bytes.Buffer
	clip := audio.Clip{Format: audio.Speech, Samples: make([]int16, audio.Speech.Samples(time.Second/2))}
	if err := wav.Encode(&sound, clip); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		if err := os.WriteFile(filepath.Join(dir, item.File), sound.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return items
}

var homes = map[string]score.Home{
	"one": {
		Areas: []score.Area{{Name: "Hall"}}, Entities: []score.Entity{{Name: "Lamp", Domain: "light"}, {Name: "Hall"}},
		CustomSentences: []string{"red alert"},
	},
	"two": {},
}

func TestRunCounts(t *testing.T) {
	engine := &reciter{answers: []stt.Hypothesis{
		{Text: "turn on the lamp", Verdict: stt.Act},
		{Text: "bed alert", Free: "Red alert!", Verdict: stt.Open},
		{Text: "stop it", Verdict: stt.Act},
		{Text: "play songs", Verdict: stt.Act},
		{Text: "hello", Verdict: stt.Ask},
		{Text: "hello", Verdict: stt.Reject},
	}}
	var entered []int
	options := score.Options{Engine: engine, Language: "en", Grammar: func(h score.Home) (stt.Grammar, error) {
		entered = append(entered, len(h.Entities))
		return nil, nil
	}}
	got, err := score.Run(t.Context(), record(t), homes, options)
	if err != nil {
		t.Fatal(err)
	}
	want := score.Report{
		Commands: 3, Exact: 2, Acted: 1, ActedInexact: 1, WordErrorRate: 1.0 / 7,
		Rejectable: 3, Rejected: 1, WronglyAccepted: 1, WronglyAsked: 1, NoHome: 1, OtherLanguages: 1, Audio: 3,
	}
	gotJSON, wantJSON := sums(t, *got), sums(t, want)
	if gotJSON != wantJSON {
		t.Errorf("got  %s\nwant %s", gotJSON, wantJSON)
	}
	if len(got.Results) != 6 || got.PeakMemory == 0 || got.CPU < 0 {
		t.Errorf("%d results, %d bytes, %v s", len(got.Results), got.PeakMemory, got.CPU)
	}
	if !slices.Equal(entered, []int{2, 0}) || !slices.Equal(engine.names, []string{"red alert", "Lamp", "Hall"}) {
		t.Errorf("homes entered %v with names %q", entered, engine.names)
	}
	var text bytes.Buffer
	if err := got.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"2 of 3 commands", "not exact        c.wav", "wrongly accepted oov_1.wav", "wrongly accepted noise.wav"} {
		if !strings.Contains(text.String(), line) {
			t.Errorf("the text lacks %q:\n%s", line, text.String())
		}
	}
}

// sums is a report without what differs from run to run.
func sums(t *testing.T, r score.Report) string {
	t.Helper()
	r.Results, r.CPU, r.RealTimeFactor, r.PeakMemory = nil, 0, 0, 0
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRunFails(t *testing.T) {
	items := record(t)
	fine := func(score.Home) (stt.Grammar, error) { return nil, nil }
	refuse := func(score.Home) (stt.Grammar, error) { return nil, errors.New("no templates") }
	tests := []struct {
		name    string
		homes   map[string]score.Home
		grammar func(score.Home) (stt.Grammar, error)
		want    string
	}{
		{"no home", nil, fine, "no recording of a home"},
		{"no grammar", homes, refuse, "compile the grammar of one: no templates"},
		{"recogniser fails", homes, fine, "score a.wav: out of breath"},
	}
	for _, test := range tests {
		_, err := score.Run(t.Context(), items, test.homes, score.Options{Engine: &reciter{}, Language: "en", Grammar: test.grammar})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Run = %v, want %q", test.name, err, test.want)
		}
	}
}

func TestDamagedManifests(t *testing.T) {
	for content, want := range map[string]string{
		"{\"file\":\"a\"}\nnonsense\n": "line 2",
		"{\"repo\":\"a\"}":             "no file is named",
	} {
		path := filepath.Join(t.TempDir(), "manifest")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := score.ReadManifest(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadManifest of %q = %v, want %q", content, err, want)
		}
		if _, err := score.ReadHomes(path); err == nil {
			t.Errorf("ReadHomes of %q gave no error", content)
		}
	}
}
