package setup_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/daemon/config"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollamatest"
	"hearth/daemon/setup"
)

func never(string) bool { return false }

// newPlan is one for a file in a folder of its own.
func newPlan(t *testing.T, text string) *setup.Plan {
	t.Helper()
	t.Setenv("HEARTH_STATE_DIR", t.TempDir())
	path := filepath.Join(t.TempDir(), "hearthd.yaml")
	if text != "" {
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	p, err := setup.NewPlan(path, never)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mode(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().String()
}

func TestAPlanIsWrittenWithABackup(t *testing.T) {
	const before = "# mine\nroom: kitchen # here\n"
	p := newPlan(t, before)
	if err := errors.Join(p.Set("room", "bedroom"), p.Set("home.url", "http://h:8123"), p.Keep("home_assistant_token", config.NewSecret("wrong")),
		p.Keep("home_assistant_token", config.NewSecret("xyzzy")), p.Keep("pin", config.NewSecret("1234"))); err != nil {
		t.Fatal(err)
	}
	if read(t, p.Path) != before || p.Get("room") != "bedroom" || p.Get("language") != "en" {
		t.Errorf("before Write: %q, room %q, language %q", read(t, p.Path), p.Get("room"), p.Get("language"))
	}
	w, err := p.Write(time.Date(2026, 11, 28, 15, 4, 5, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if w.Config != p.Path || w.Backup != p.Path+".20261128-150405" || read(t, w.Backup) != before || mode(t, w.Backup) != "-rw-r-----" || mode(t, p.Path) != "-rw-r-----" {
		t.Errorf("%+v: backup %q, modes %s and %s", w, read(t, w.Backup), mode(t, w.Backup), mode(t, p.Path))
	}
	if len(w.Secrets) != 2 || read(t, w.Secrets[0]) != "xyzzy\n" || mode(t, w.Secrets[0]) != "-rw-------" {
		t.Fatalf("secrets: %v", w.Secrets)
	}
	c, err := config.Load(p.Path)
	if err != nil || c.Room != "bedroom" || c.Home.TokenFile != w.Secrets[0] || c.Gate.PIN.Reveal() != "1234" || !strings.Contains(read(t, p.Path), "# here") {
		t.Errorf("%v\n%s", err, read(t, p.Path))
	}

	again, err := setup.NewPlan(p.Path, never)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(again.Set("room", "bedroom"), again.Keep("pin", config.NewSecret("1234"))); err != nil {
		t.Fatal(err)
	}
	if w, err := again.Write(time.Now()); err != nil || w.Config != "" || w.Backup != "" || len(w.Secrets) != 0 {
		t.Errorf("the same again: %+v, %v", w, err)
	}
}

func TestAFaultyPlanIsNotWritten(t *testing.T) {
	p := newPlan(t, "")
	if err := errors.Join(p.Set("language", "?"), p.Keep("pin", config.NewSecret("1234"))); err != nil {
		t.Fatal(err)
	}
	_, err := p.Write(time.Now())
	if err == nil || !strings.Contains(err.Error(), "language: ") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(p.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	for _, field := range []string{"home.port", "room.x", "", "memory.plans", "people"} {
		if err := p.Set(field, "x"); err == nil {
			t.Errorf("%q can be set", field)
		}
	}
	if err := p.Keep("wifi", config.NewSecret("x")); err == nil {
		t.Error("a secret that there is not is kept")
	}
	p = newPlan(t, "")
	if err := p.Keep("pin", config.NewSecret("secret")); err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "4 to 12 digits") || strings.Contains(err.Error(), "secret pin is no PIN: secret") {
		t.Errorf("a PIN with letters: %v", err)
	}
}

func TestAFaultyFileIsMendedFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hearthd.yaml")
	if err := os.WriteFile(path, []byte("home: {kind: homeassistant}\nlangage: en\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := setup.NewPlan(path, func(field string) bool { return strings.HasPrefix(field, "home.") })
	if err == nil || !strings.Contains(err.Error(), "langage") || strings.Contains(err.Error(), "home.url") {
		t.Errorf("error %v", err)
	}
}

func TestPreseed(t *testing.T) {
	seed, err := setup.ParsePreseed([]byte(`
settings: {home.url: "http://h:8123", language: de}
rooms: {hub-one: kitchen, hub-two: office}
secrets: {home_assistant_token: xyzzy}
say: wie spät ist es
`))
	if err != nil {
		t.Fatal(err)
	}
	p := newPlan(t, "")
	if err := seed.Apply(p, "hub-two"); err != nil {
		t.Fatal(err)
	}
	c, err := p.Config()
	if err != nil || c.Home.Kind != "homeassistant" || p.Area != "office" || c.Language != "de" || seed.Say != "wie spät ist es" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestARoomOfAnotherHubIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, before, want, fault string }{
		"its own":            {"rooms: {hub-kitchen: kitchen, hub-two: office}", "", "kitchen", ""},
		"mistyped":           {"rooms: {hub-two: office, hub-kitchne: kitchen}", "", "", `"hub-kitchen", which is not among ["hub-kitchne" "hub-two"]`},
		"one for all others": {"{rooms: {hub-two: office}, settings: {room: hall}}", "", "hall", ""},
		"said elsewhere":     {"rooms: {hub-two: office, hub-kitchen: kitchen}", "attic", "attic", ""},
		"no rooms":           {"say: hello", "", "", ""},
	} {
		seed, err := setup.ParsePreseed([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		p := newPlan(t, "")
		p.Area = c.before
		err = seed.Apply(p, "hub-kitchen")
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) || p.Area != c.want {
			t.Errorf("%s: area %q, %v", name, p.Area, err)
		}
	}
}

func TestFaultsOfAPreseed(t *testing.T) {
	for text, want := range map[string]string{
		"setings: {}":                                "setings",
		"settings: {home.port: '1'}":                 `no setting "home.port"`,
		"settings: {memory.plans: '1'}":              "set it in the file itself",
		"settings: {gate.pin_file: sesame}":          "give the secret under secrets",
		"secrets: {wifi: sesame}":                    `no secret "wifi"; there are brave_key, code, home_assistant_token`,
		"secrets: {pin: ''}":                         "pin is empty",
		"secrets: {pin: [sesame]}":                   "cannot unmarshal",
		"secrets:\n  pin: |\n    sesame\n    sesame": "more than one line",
		"secrets: {pin: ' '}":                        "pin is empty",
		"":                                           "no answers in it",
		"# nothing":                                  "no answers in it",
		"{rooms: {}, secrets: {}}":                   "no answers in it",
		"rooms: {hub-one: }":                         "rooms: hub-one has no value",
		"rooms: {hub-one: ' '}":                      `rooms: "hub-one" has no area`,
		"rooms: {'': kitchen}":                       `rooms: "" has no area`,
		"settings: {language: , room: x}":            "settings: language has no value",
		"settings: {room: ''}":                       "settings: room is empty",
		"{secret_files: , say: sesame}":              "secret_files has no value",
		"{rooms: {a: b}, say: }":                     "say has no value",
		"secrets: sesame":                            "",
		"- sesame":                                   "",
	} {
		_, err := setup.ParsePreseed([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%q: %v", text, err)
		}
	}
	seed, err := setup.ParsePreseed([]byte("secret_files: {pin: nowhere}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := seed.Apply(newPlan(t, ""), "hub"); err == nil || !strings.Contains(err.Error(), "secret_files: pin: open ./nowhere") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func FuzzPreseed(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		seed, err := setup.ParsePreseed(text)
		if (seed == nil) == (err == nil) {
			t.Fatalf("%v, %v", seed, err)
		}
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "hearthd.yaml")
		p, err := setup.NewPlan(path, never)
		if err != nil {
			t.Fatal(err)
		}
		if len(seed.Settings)+len(seed.Rooms)+len(seed.Secrets)+len(seed.SecretFiles) == 0 && seed.Say == "" {
			t.Fatal("a file without answers was taken")
		}
		seed.SecretFiles = nil // they may be anywhere
		if _, here := seed.Rooms["hub"]; !here {
			p.Area = "hall" // as the command line may say
		}
		if err := seed.Apply(p, "hub"); err != nil {
			t.Fatalf("what was parsed cannot be planned: %v", err)
		}
		if len(seed.Rooms) > 0 && strings.TrimSpace(p.Area) == "" {
			t.Errorf("no room of %q", seed.Rooms)
		}
		for field, value := range seed.Settings {
			if got := p.Get(field); got != value && field != "room" && len(seed.Secrets) == 0 {
				t.Errorf("%s is %q, want %q", field, got, value)
			}
		}
	})
}

// TestBrokers listens where one would, and offers Hearth's own to nobody.
func TestBrokers(t *testing.T) {
	if l, err := net.Listen("tcp", "127.0.0.1:1883"); err == nil { // else somebody does
		defer l.Close()
	}
	c := config.Default()
	if found := setup.Brokers(t.Context(), c, ""); len(found) != 0 {
		t.Errorf("Hearth's own is offered: %v", found)
	}
	c.MQTT.Broker = "off"
	if found := setup.Brokers(t.Context(), c, "http://localhost:8123"); !slices.Equal(found, []string{"tcp://127.0.0.1:1883"}) {
		t.Errorf("found %v", found)
	}
}

// TestOllamas finds a real one beside Home Assistant, and tells one that answers from one that does not.
func TestOllamas(t *testing.T) {
	const home, port = "127.0.0.77", "11434"
	behind, err := url.Parse(ollamatest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(home, port))
	if err != nil {
		t.Skipf("no address for it: %v", err)
	}
	beside := &http.Server{Handler: httputil.NewSingleHostReverseProxy(behind), ReadHeaderTimeout: time.Minute}
	go func() { _ = beside.Serve(l) }() // until it is closed
	defer beside.Close()
	c := config.Default()
	c.Model.URL = "http://127.0.0.1:1"
	found := setup.Ollamas(t.Context(), c, "http://"+home+":8123")
	if found["http://"+home+":"+port] != ollamatest.Talks || found[c.Model.URL] != "" {
		t.Errorf("found %v", found)
	}
	for _, name := range []string{"", ollamatest.Talks} {
		if got, err := setup.Ollama(t.Context(), behind.String(), name); err != nil || got != ollamatest.Talks {
			t.Errorf("%q: it answers, and yet: %q, %v", name, got, err)
		}
	}
	if _, err := setup.Ollama(t.Context(), behind.String(), "qwen99"); !errors.Is(err, chat.ErrNoModel) {
		t.Errorf("a model that it has not: %v", err)
	}
	if _, err := setup.Ollama(t.Context(), c.Model.URL, ""); err == nil || !strings.Contains(err.Error(), "the Ollama at http://127.0.0.1:1: ") {
		t.Errorf("nobody is there: %v", err)
	}
}

func TestATryThatFailsPlansNothing(t *testing.T) {
	p := newPlan(t, "")
	if err := p.Keep("pin", config.NewSecret("1234")); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("refused")
	err := p.Try(func() error {
		return errors.Join(p.Set("room", "kitchen"), p.Keep("pin", config.NewSecret("9999")), p.Keep("mqtt_password", config.NewSecret("guessed")), wrong)
	})
	if !errors.Is(err, wrong) || p.Get("room") != "" || p.Get("mqtt.password_file") != "" {
		t.Errorf("%v: room %q, password %q", err, p.Get("room"), p.Get("mqtt.password_file"))
	}
	if err := p.Try(func() error { return p.Set("room", "office") }); err != nil || p.Get("room") != "office" {
		t.Errorf("%v: room %q", err, p.Get("room"))
	}
	if w, err := p.Write(time.Now()); err != nil || len(w.Secrets) != 1 || read(t, w.Secrets[0]) != "1234\n" {
		t.Errorf("%+v, %v", w, err)
	}
}

// frames is a source of 20 ms pieces of these levels.
type frames struct {
	audio.Source
	amplitudes []int16
}

func (f *frames) Next(context.Context) (audio.Frame, error) {
	if len(f.amplitudes) == 0 {
		return audio.Frame{}, io.ErrUnexpectedEOF
	}
	samples := make([]int16, audio.Speech.Samples(20*time.Millisecond))
	for i := range samples {
		samples[i] = f.amplitudes[0]
	}
	f.amplitudes = f.amplitudes[1:]
	return audio.Frame{Format: audio.Speech, Samples: samples}, nil
}

func TestLevels(t *testing.T) {
	quiet, loud := make([]int16, 5), []int16{16384, 16384, 16384, 16384, 16384}
	var told []float64
	loudest, err := setup.Levels(t.Context(), &frames{amplitudes: append(append(quiet, loud...), 0, 0, 0, 0, 0)}, 300*time.Millisecond, func(dbfs float64) { told = append(told, dbfs) })
	if err != nil || len(told) != 3 || loudest < -6.1 || loudest > -6 || told[1] != loudest || told[0] > -90 {
		t.Errorf("%v, loudest %v, %v", told, loudest, err)
	}
	if _, err := setup.Levels(t.Context(), &frames{}, time.Second, func(float64) {}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a microphone that ends: %v", err)
	}
}
