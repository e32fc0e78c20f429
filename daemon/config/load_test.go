package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// load is Load of a file with this text; faults name it hearthd.yaml.
func load(t testing.TB, text string) (*Config, error) {
	t.Helper()
	t.Setenv("HEARTH_STATE_DIR", "")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("hearthd.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load("hearthd.yaml")
}

func TestNoFileAndAnEmptyFileGiveTheDefaults(t *testing.T) {
	t.Setenv("HEARTH_STATE_DIR", "")
	got, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	sameSettings(t, got, Default())
	for _, text := range []string{"", "\n", "# nothing here\n", "web:\nmqtt:\n  # later\n", "---\n", "room:\n", "{}"} {
		got, err := load(t, text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		sameSettings(t, got, Default())
	}
}

func sameSettings(t *testing.T, got, want *Config) {
	t.Helper()
	g, w := *got, *want
	g.at, w.at = nil, nil
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %+v\nwant %+v", g, w)
	}
}

func TestTheFileGoesOverTheDefaults(t *testing.T) {
	got, err := load(t, `
language: pt-BR
room: living_room
microphone: {device: off}
hearing:
  threads: 2
  timeout: 1m30s
gate:
  critical: [lock, cover]
mqtt: {broker: "ssl://broker.home:8883"}
speech: {voice: yes}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Language, want.Room = "pt-BR", "living_room"
	want.Microphone.Device = "off"
	want.Hearing.Threads, want.Hearing.Timeout = 2, 90*time.Second
	want.Gate.Critical = []string{"lock", "cover"}
	want.MQTT.Broker = "ssl://broker.home:8883"
	want.Speech.Voice = "yes"
	sameSettings(t, got, want)
}

func TestHours(t *testing.T) {
	for text, want := range map[string][2]time.Duration{
		"22:00-06:00": {22 * time.Hour, 6 * time.Hour}, "06:30-07:15": {6*time.Hour + 30*time.Minute, 7*time.Hour + 15*time.Minute},
		"00:00-24:00": {0, 24 * time.Hour},
	} {
		if from, to, ok := ParseHours(text); !ok || from != want[0] || to != want[1] {
			t.Errorf("%s: %s to %s, %v", text, from, to, ok)
		}
	}
	for _, text := range []string{"", "22-06", "22:00", "24:00-06:00", "22:60-06:00", "06:00-24:01", "06:00-06:00", " 22:00-06:00", "6:00-7:00"} {
		if from, to, ok := ParseHours(text); ok {
			t.Errorf("%q: %s to %s", text, from, to)
		}
	}
}

func TestGateSettings(t *testing.T) {
	pin := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(pin, []byte("1234\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, `people: [{name: Anna Maria, user: anna}, {name: Zoë, user: 1000}]
gate:
  critical: [lock, cover.garage, switch.kitchen_oven, "*.oven*", lock.front]
  pin_file: `+pin+`
  pin_for: [lock]
  rules:
    - deny: [cover.garage, lock.unlock]
      rooms: [attic]
      hours: 22:00-06:00
    - allow: [lock]
      people: [Anna Maria]
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Rule{{Deny: []string{"cover.garage", "lock.unlock"}, Rooms: []string{"attic"}, Hours: "22:00-06:00"}, {Allow: []string{"lock"}, People: []string{"Anna Maria"}}}
	if !reflect.DeepEqual(got.Gate.Rules, want) || got.Gate.PIN.Reveal() != "1234" || got.People[1].User != "1000" {
		t.Errorf("%+v", got)
	}
	if strings.Contains(fmt.Sprintf("%+v", got), "1234") {
		t.Error("the PIN is printed")
	}
}

func TestAnEmptyListMeansNone(t *testing.T) {
	got, err := load(t, "gate: {critical: []}\n")
	if err != nil || len(got.Gate.Critical) != 0 {
		t.Errorf("critical = %q, %v", got.Gate.Critical, err)
	}
}

func TestTheEnvironmentOverridesTheStateDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hearthd.yaml")
	if err := os.WriteFile(path, []byte("state_dir: /srv/hearth\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HEARTH_STATE_DIR", "/elsewhere")
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.StateDir != "/elsewhere" || got.SocketPath() != "/elsewhere/hearthd.sock" || got.HistoryPath() != "/elsewhere/history.db" {
		t.Errorf("state %s, socket %s, history %s", got.StateDir, got.SocketPath(), got.HistoryPath())
	}
}

func TestAPathTooLongForASocket(t *testing.T) {
	long := "/" + strings.Repeat("x", 120)
	const problem = `/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." is too long for a socket with `
	_, err := load(t, "room: a\nsocket: "+long+"\n")
	if want := `hearthd.yaml:2:9: socket: "` + problem + "121 bytes; expected a path of at most 107"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	t.Setenv("HEARTH_STATE_DIR", long)
	if err := os.WriteFile("hearthd.yaml", []byte("state_dir: ./var\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load("hearthd.yaml")
	if want := `hearthd.yaml: state_dir: "` + problem + "134 bytes; expected a path of at most 107"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestAMissingFileIsNoFault(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"))
	var faults Faults
	if !errors.Is(err, os.ErrNotExist) || errors.As(err, &faults) {
		t.Errorf("err = %v", err)
	}
}

func TestFaultsAreExact(t *testing.T) {
	const sections = "language, room, personality, state_dir, socket, assets, sentences, web, home, microphone, hearing, speech, model, search, mqtt, ollama, mcp, gate, people, memory, log"
	for name, test := range map[string]struct{ text, want string }{
		"unknown key":         {"lnguage: en\n", "1:1: lnguage: is not a setting; expected one of " + sections + " (did you mean language?)"},
		"unknown nested key":  {"web:\n  listn: 127.0.0.1:1\n", "2:3: web.listn: is not a setting; expected listen (did you mean listen?)"},
		"duplicate key":       {"room: a\nlog:\n  level: info\nroom: b\n", "4:1: room: is set twice, first in line 1; expected one of the two"},
		"duplicate section":   {"web:\n  listen: :1\nweb:\n  listen: :2\n", "3:1: web: is set twice, first in line 1; expected one of the two"},
		"not a duration":      {"hearing:\n  timeout: ten\n", `2:12: hearing.timeout: "ten" is not a duration; expected a number with its unit such as 30s, 5m or 1h30m`},
		"duration, no unit":   {"hearing: {timeout: 10}\n", `1:20: hearing.timeout: "10" is not a duration; expected a number with its unit such as 30s, 5m or 1h30m`},
		"duration too long":   {"gate: {confirm_within: 1h}\n", `1:24: gate.confirm_within: "1h0m0s" is out of range; expected 5s to 2m0s`},
		"not a number":        {"microphone: {gate_dbfs: quiet}\n", `1:25: microphone.gate_dbfs: "quiet" is not a number; expected a number such as -0.5`},
		"not a whole number":  {"hearing: {threads: 1.5}\n", `1:20: hearing.threads: "1.5" is not a whole number; expected digits such as 4096`},
		"wake word in digits": {"microphone: {wake_word: computer 4}\n", `1:25: microphone.wake_word: "computer 4" is not accepted; expected off, or one to five English words in small letters, such as okay computer`},
		"wake word of ten":    {"microphone: {wake_words: [okay, a b c d e f]}\n", `1:33: microphone.wake_words[1]: "a b c d e f" is not accepted; expected off, or one to five English words in small letters, such as okay computer`},
		"NaN":                 {"microphone: {gate_dbfs: .nan}\n", `1:25: microphone.gate_dbfs: ".nan" is not a number; expected a number such as -0.5`},
		"NaN as Go writes it": {"microphone: {gate_dbfs: NaN}\n", `1:25: microphone.gate_dbfs: "NaN" is out of range; expected -90 to 0`},
		"out of range":        {"hearing: {threads: 0}\n", `1:20: hearing.threads: "0" is out of range; expected 1 to 64`},
		"flite, German":       {"language: de\nspeech: {engine: flite}\n", `2:18: speech.engine: "flite" speaks English only, and language is de; expected auto or espeak-ng`},
		"near word":           {"log: {level: inof}\n", `1:14: log.level: "inof" is not accepted; expected one of debug, info, warn, error (did you mean info?)`},
		"far word":            {"log: {level: chatty}\n", `1:14: log.level: "chatty" is not accepted; expected one of debug, info, warn, error`},
		"not an address":      {"web: {listen: 8125}\n", `1:15: web.listen: "8125" is not an address; expected host:port such as 127.0.0.1:8125`},
		"port too high":       {"web: {listen: 'localhost:70000'}\n", `1:15: web.listen: "localhost:70000" is not an address; expected host:port such as 127.0.0.1:8125`},
		"list for a value":    {"room: [a, b]\n", `1:7: room: "[a, b]" is not a single value; expected a text`},
		"value for a list":    {"gate: {critical: lock}\n", `1:18: gate.critical: "lock" is not a list; expected a list such as [a, b]`},
		"value for a section": {"web: 8125\n", `1:6: web: "8125" is not a section; expected keys: listen`},
		"list for a section":  {"web:\n  - listen\n", `2:3: web: "- listen" is not a section; expected keys: listen`},
		"critical misspelt":   {"gate: {critical: [lock, covr.garage]}\n", `1:25: gate.critical[1]: "covr.garage" names no domain that can be acted on; expected one of alarm_control_panel, automation, button, climate, cover, fan, humidifier, input_boolean, input_button, input_number, input_select, lawn_mower, light, lock, media_player, number, scene, script, select, siren, switch, todo, vacuum, valve, water_heater (did you mean cover?)`},
		"class misspelt":      {"gate: {critical: [cover.garge]}\n", `1:19: gate.critical[0]: "cover.garge" names no device class of cover; expected one of awning, blind, curtain, damper, door, garage, gate, shade, shutter, window (did you mean garage?)`},
		"home without a URL":  {"home: {kind: homeassistant, url: '', token_file: t}\n", "1:34: home.url: is empty; expected the address of Home Assistant, such as http://homeassistant.local:8123"},
		"home without token":  {"home: {kind: homeassistant, url: 'http://ha:8123', token_file: ''}\n", "1:64: home.token_file: is empty; expected the path of a file with a long-lived access token, or the name of a systemd credential; `hearthd pair` makes one"},
		"CA without TLS":      {"home: {kind: homeassistant, url: 'http://ha:8123', token_file: t, ca_file: ca.pem}\n", `1:76: home.ca_file: "ca.pem" has no use without https; expected an empty value, or a home.url that begins with https://`},
		"unknown home":        {"home: {kind: dmo}\n", `1:14: home.kind: "dmo" is not accepted; expected one of demo, homeassistant (did you mean demo?)`},
		"no target":           {"gate: {critical: ['lock door']}\n", `1:19: gate.critical[0]: "lock door" names no domain that can be acted on; expected one of alarm_control_panel, automation, button, climate, cover, fan, humidifier, input_boolean, input_button, input_number, input_select, lawn_mower, light, lock, media_player, number, scene, script, select, siren, switch, todo, vacuum, valve, water_heater`},
		"harmless class":      {"gate: {harmless: [lock]}\n", `1:19: gate.harmless[0]: "lock" is not accepted; expected a service such as lock.lock, or a script such as script.good_night`},
		"PIN for, no PIN":     {"gate: {pin_for: [lock]}\n", ": gate.pin_file: is empty although gate.pin_for is set; expected the path of a file with the PIN"},
		"no PIN in the file":  {"gate: {pin_file: ./hearthd.yaml}\n", `1:18: gate.pin_file: "./hearthd.yaml" holds something else than a PIN; expected a file with 4 to 12 digits and nothing else`},
		"PIN rule, no PIN":    {"gate: {rules: [{pin: [lock]}]}\n", `1:22: gate.rules[0].pin: wants a PIN, and gate.pin_file is empty; expected the path of a file with the PIN in gate.pin_file`},
		"rule of two kinds":   {"gate: {rules: [{allow: [light], deny: [lock]}]}\n", `1:16: gate.rules[0]: has 2 of allow, confirm, pin and deny; expected one of them, with what it is for`},
		"rule of no kind":     {"gate: {rules: [{rooms: [attic]}]}\n", `1:16: gate.rules[0]: has 0 of allow, confirm, pin and deny; expected one of them, with what it is for`},
		"rule, misspelt":      {"gate: {rules: [{deny: [lok]}]}\n", `1:24: gate.rules[0].deny[0]: "lok" names no domain that can be acted on; expected one of alarm_control_panel, automation, button, climate, cover, fan, humidifier, input_boolean, input_button, input_number, input_select, lawn_mower, light, lock, media_player, number, scene, script, select, siren, switch, todo, vacuum, valve, water_heater (did you mean lock?)`},
		"rule, nobody":        {"gate: {rules: [{deny: [lock], people: [kid]}]}\npeople: [{name: Anna, user: anna}]\n", `1:40: gate.rules[0].people[0]: "kid" is nobody in people; expected the name of one of people`},
		"rule, no room":       {"gate: {rules: [{deny: [lock], rooms: ['']}]}\n", `1:39: gate.rules[0].rooms[0]: is empty; expected an area ID such as living_room`},
		"rule, no hours":      {"gate: {rules: [{deny: [lock], hours: 22-6}]}\n", `1:38: gate.rules[0].hours: "22-6" is no part of a day; expected two different times such as 22:00-06:00`},
		"person without user": {"people: [{name: Anna}]\n", ": people[0].user: is empty; expected the name or number of a Unix account"},
		"person twice":        {"people: [{name: Anna, user: a}, {name: Anna, user: b}]\n", `1:33: people[1]: "Anna" is there twice, by name or user; expected each person and each user once`},
		"odd person":          {"people: [{name: a/b, user: a}]\n", `1:17: people[0].name: "a/b" is not accepted; expected a name without / and spaces around it, of at most 40 characters`},
		"password in a URL":   {"mqtt: {broker: 'tcp://me:hunter2@host:1883'}\n", "1:16: mqtt.broker: holds a user name or password; expected embedded, off, tcp://host:1883 or ssl://host:8883"},
		"broker without port": {"mqtt: {broker: 'tcp://host'}\n", `1:16: mqtt.broker: "tcp://host" has no port; expected embedded, off, tcp://host:1883 or ssl://host:8883`},
		"scheme":              {"model: {url: 'ftp://host'}\n", `1:14: model.url: "ftp://host" is not accepted; expected http://host:port or https://host:port`},
		"topic wildcard":      {"mqtt: {topic: 'hearth/#'}\n", `1:15: mqtt.topic: "hearth/#" is not accepted; expected a topic without + and #, not beginning or ending with /`},
		"personality, lines":  {"personality: \"Be kind.\\nBe brief.\"\n", "1:14: personality: has more than one line; expected one paragraph: in YAML, lines that are indented alike become one"},
		"personality, long":   {"personality: " + strings.Repeat("be kind ", 60) + "x\n", `1:14: personality: "be kind be kind be k..." has 481 letters; expected one paragraph of at most 400 letters`},
		"state_dir empty":     {"state_dir: ''\n", "1:12: state_dir: is empty; expected the path of a folder"},
		"alias":               {"room: &r kitchen\nlanguage: *r\n", "1:7: room: \"&r kitchen\" is not a single value; expected a text\nhearthd.yaml:2:11: language: \"*r\" is not a single value; expected a text"},
		"second document":     {"room: a\n---\nroom: b\n", "3:5: a second document; expected one document"},
		"credential unset":    {"mqtt: {broker: 'tcp://h:1', username: me, password_file: pw}\n", `1:58: mqtt.password_file: "pw" cannot be read (a name without / is a systemd credential, and CREDENTIALS_DIRECTORY is not set); expected the path of a readable file, or the name of a systemd credential`},
		"password, no user":   {"mqtt: {broker: 'tcp://h:1', password_file: ./hearthd.yaml}\n", ": mqtt.username: is empty although mqtt.password_file is set; expected the name that goes with the password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CREDENTIALS_DIRECTORY", "")
			_, err := load(t, test.text)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("err = %v", err)
			}
			want := "hearthd.yaml:" + test.want
			if strings.HasPrefix(test.want, ":") {
				want = "hearthd.yaml" + test.want
			}
			if err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

func TestASyntaxErrorHasItsPlace(t *testing.T) {
	_, err := load(t, "web:\n  listen: [\n")
	if err == nil || !strings.HasPrefix(err.Error(), "hearthd.yaml:2:") {
		t.Errorf("err = %v", err)
	}
}

func TestAllFaultsComeTogetherInTheOrderOfTheFile(t *testing.T) {
	_, err := load(t, `log: {level: loud}
web:
  port: 80
  listen: nowhere
hearing:
  timeout: soon
  threads: 100
mqtt: {broker: "tcp://h:1", username: me, password_file: /nonexistent/pw}
`)
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("err = %v", err)
	}
	var fields []string
	for _, f := range faults {
		fields = append(fields, f.Field)
	}
	want := []string{"log.level", "web.port", "web.listen", "hearing.timeout", "hearing.threads", "mqtt.password_file"}
	if !reflect.DeepEqual(fields, want) {
		t.Errorf("fields %q, want %q\n%v", fields, want, err)
	}
}

func TestValidateNeedsNoFile(t *testing.T) {
	c := Default()
	if err := c.Validate(); err != nil {
		t.Fatalf("the defaults are refused: %v", err)
	}
	c.Hearing.Threads = -1
	want := `hearing.threads: "-1" is out of range; expected 1 to 64`
	if err := c.Validate(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestThePackagedFileShowsEverySetting holds configs/hearthd.yaml to the code: each key, each at its
// default, and no more.
func TestThePackagedFileShowsEverySetting(t *testing.T) {
	t.Setenv("HEARTH_STATE_DIR", "")
	const path = "../../configs/hearthd.yaml"
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	sameSettings(t, got, Default())

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	requireKeys(t, "", file, reflect.TypeFor[Config]())
}

func requireKeys(t *testing.T, path string, section map[string]any, of reflect.Type) {
	t.Helper()
	for _, f := range settings(of) {
		key := f.Tag.Get("yaml")
		value, there := section[key]
		switch {
		case !there || value == nil:
			t.Errorf("%s is missing", join(path, key))
		case f.Type.Kind() == reflect.Struct:
			requireKeys(t, join(path, key), value.(map[string]any), f.Type)
		}
	}
}

func FuzzLoad(f *testing.F) {
	packaged, err := os.ReadFile("../../configs/hearthd.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packaged)
	for _, seed := range []string{
		"", "web:", "web: {listen: 1}", "a: b: c", "- 1\n- 2", "&a [*a]", "<<: {room: x}", "? [a]\n: b", "room: |\n  x\n",
		"room: !!binary eA==", "%YAML 1.2\n---\nroom: x", "room: \"\\u0000\"", "{room: x, room: y}", "gate: {critical: [[lock]]}",
		"hearing: {threads: 99999999999999999999}", "\xff\xfe", "room: x\n...\nlanguage: y", "1: 2", "null: null", "web: &x\n  listen: *x",
	} {
		f.Add([]byte(seed))
	}
	f.Setenv("HEARTH_STATE_DIR", "")
	f.Setenv("CREDENTIALS_DIRECTORY", "")
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse("fuzz.yaml", text)
		if err == nil {
			if invalid := c.Validate(); invalid != nil {
				t.Errorf("accepted, but %v", invalid)
			}
			return
		}
		var faults Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("err is %T: %v", err, err)
		}
		for _, fault := range faults {
			if fault.Problem == "" {
				t.Errorf("a fault without a problem: %+v", fault)
			}
		}
	})
}
