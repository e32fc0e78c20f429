package support

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/storage/history"
)

// plant gives every setting that is text a word of its own, and every *_file a file with a secret.
func plant(t *testing.T) (c *config.Config, planted []string) {
	t.Helper()
	c = config.Default()
	c.Model.Others = make([]config.OtherModel, 1)
	c.MQTT.Accounts = make([]config.Account, 1)
	c.People = make([]config.Person, 1)
	c.MCP.Servers = make([]config.MCPServer, 1)
	c.Gate.Rules = make([]config.Rule, 1)
	word := func(field string) string {
		w := fmt.Sprintf("xyzzy%02d", len(planted))
		if strings.HasSuffix(field, "_file") {
			path := filepath.Join(t.TempDir(), w)
			secret := fmt.Sprintf("plugh%02d", len(planted))
			planted = append(planted, path, secret)
			if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		planted = append(planted, w)
		return w
	}
	walk(reflect.ValueOf(c).Elem(), reflect.Value{}, "", func(field string, value, _ reflect.Value) {
		switch {
		case slices.Contains(shown, field) || field == "state_dir":
		case slices.Contains(places, field) && strings.HasSuffix(field, "listen"):
			value.SetString(word(field) + ".example:80")
		case slices.Contains(places, field):
			value.SetString("https://" + word(field) + ".example:80/" + word(field))
		case value.Kind() == reflect.String:
			value.SetString(word(field))
		case value.Kind() == reflect.Slice:
			value.Set(reflect.ValueOf([]string{word(field)}))
		}
	})
	c.StateDir = t.TempDir()
	return c, planted
}

// program puts a program into the PATH that prints a text.
func program(t *testing.T, name, text string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\ncat "+dir+"/text\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

// remember records a turn and a fact.
func remember(t *testing.T, path, heard, reply, fact string) {
	t.Helper()
	store, err := history.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	turn := &conversation.Turn{ID: "1", At: time.Now(), Reply: reply}
	turn.Heard.Text = heard
	if err := store.Record(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	if err := store.SaveFact(t.Context(), conversation.Fact{ID: "1", Text: fact, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

// unpacked is all of a bundle.
func unpacked(t *testing.T, o Options) string {
	t.Helper()
	var packed bytes.Buffer
	files, err := Write(t.Context(), &packed, o)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(zip)
	var all strings.Builder
	for _, f := range files {
		header, err := archive.Next()
		if err != nil || filepath.Base(header.Name) != f.Name || header.Size != int64(f.Size) || header.Mode != 0o600 {
			t.Fatalf("%+v: %+v, %v", f, header, err)
		}
		fmt.Fprintf(&all, "== %s\n", header.Name)
		if _, err := io.Copy(&all, archive); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := archive.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("there is more in the bundle than it tells: %v", err)
	}
	return all.String()
}

// TestABundleTellsNoSecrets plants a word in every setting, a secret in every file that one names, in the credentials
// and in the journal, and what was said in the history and the journal; and looks for all of it in the whole bundle.
func TestABundleTellsNoSecrets(t *testing.T) {
	c, planted := plant(t)
	next, last := t.TempDir(), t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", next+":"+last)
	for path, text := range map[string]string{next + "/home_assistant_token": "credible43", last + "/home_assistant_token": "credible42", next + "/hearthd.yaml.20261128-150405": "home.kind: demo"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const heard, reply, fact = "where has my diary gone", "Your diary is under the bed.", "the key is below the mat"
	remember(t, c.HistoryPath(), heard, reply, fact)
	program(t, "systemctl", "DropInPaths=/etc/"+planted[0]+"\nStatusText=at http://anna-laptop.example:8123, 192.168.7.9 and [fd12::7:1], anna@mail.example\n")
	lines := []string{
		`{"PRIORITY":"6","MESSAGE":"msg=\"a turn began\" component=web timer=silverado","HEARTH_COMPONENT":"web","HEARTH_TIMER":"silverado"}`,
		`{"PRIORITY":"4","MESSAGE":"msg=\"no answer\" error=...","HEARTH_ERROR":"dial nuc.lan: Bearer abcdefgh99 eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI.sig_nature"}`,
		`{"PRIORITY":"6","MESSAGE":"panic: understood as ` + heard + `, ` + strings.ToUpper(reply[:1]) + reply[1:] + ` ` + fact + `"}`,
		`{"PRIORITY":"7","MESSAGE":"msg=heard text=\"debugged speech\"","HEARTH_ERROR":"debugged speech"}`,
		`{"PRIORITY":"6","MESSAGE":"time=2026 level=DEBUG msg=\"debugged speech\""}`,
		`{"PRIORITY":"6","MESSAGE":"{\"level\":\"DEBUG\",\"msg\":\"debugged speech\"}"}`,
		`{"PRIORITY":"6","MESSAGE":"{\"level\":\"INFO\",\"msg\":\"as JSON\",\"room\":\"silverado\"}"}`,
		`{"PRIORITY":"6","MESSAGE":"open /home/annabel/x, token=credible42, then credible43"}`,
	}
	for _, word := range planted {
		lines = append(lines, `{"PRIORITY":"3","MESSAGE":"msg=\"it does not work\"","HEARTH_ERROR":"with `+word+` and `+strings.ToUpper(word[:1])+word[1:]+`"}`)
	}
	program(t, "journalctl", strings.Join(lines, "\n")+"\n")

	all := unpacked(t, Options{Version: "1.2.3", Executable: "/nowhere", Config: c, Now: time.Now()})
	hidden := append(planted, heard, reply, fact, "credible42", "credible43", "silverado", "debugged speech", "abcdefgh99", "eyJhbG", "nuc.lan",
		"anna-laptop", "192.168.7.9", "fd12::7:1", "anna@mail", "annabel")
	for _, word := range hidden {
		if i := strings.Index(strings.ToLower(all), strings.ToLower(word)); i >= 0 {
			t.Errorf("%q is in the bundle: ...%s...", word, all[max(0, i-80):min(len(all), i+80)])
		}
	}
	for _, want := range []string{
		"hearthd 1.2.3", "home.url: https://[host elsewhere]:80\n", "home.kind: demo\n", "gate.confirm_within: 15s\n",
		"a turn began component=\"web\"", "<4> no answer error=\"dial [host]", "as JSON", "panic: understood as [said]", "history: schema ",
		"[state_dir]/history.db: ", "StatusText=at http://[host elsewhere]:8123, [address]", "with [home.token_file]",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the bundle lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(all)
	}
}

// TestWhatIsMissingIsSaid has nothing to tell of, and a bundle all the same.
func TestWhatIsMissingIsSaid(t *testing.T) {
	c := config.Default()
	c.StateDir, c.Sentences, c.Assets = t.TempDir(), "", t.TempDir()
	t.Setenv("PATH", "")
	all := unpacked(t, Options{Config: c, Fault: errors.New("unreadable"), Now: time.Now()})
	for _, want := range []string{`journalctl": executable file not found`, `systemctl": executable file not found`, "no hearthd is running", "there is none yet"} {
		if !strings.Contains(all, want) {
			t.Errorf("the bundle does not say %q:\n%s", want, all)
		}
	}
}

// TestAFaultyConfigurationKnowsNoSecrets has the log tell messages alone, which are always the same.
func TestAFaultyConfigurationKnowsNoSecrets(t *testing.T) {
	c := config.Default()
	c.StateDir = t.TempDir()
	program(t, "systemctl", "")
	program(t, "journalctl", `{"PRIORITY":"6","MESSAGE":"msg=constant component=web","HEARTH_COMPONENT":"web","HEARTH_ERROR":"plugh"}
{"PRIORITY":"6","MESSAGE":"hearthd: room: plugh is odd"}
{"PRIORITY":"6","MESSAGE":"Started the service","SYSLOG_IDENTIFIER":"systemd"}
`)
	fault := config.Faults{{Field: "room", Value: "plugh", Problem: "is odd", Want: "another"}}
	all := unpacked(t, Options{Config: c, Fault: fault, Now: time.Now()})
	for _, want := range []string{"# fault: room: is odd; expected another", "constant component=\"web\"\n", "Started the service", "configuration.yaml lists"} {
		if !strings.Contains(all, want) {
			t.Errorf("the bundle lacks %q", want)
		}
	}
	if strings.Contains(all, "plugh") || t.Failed() {
		t.Errorf("the value is in the bundle, or something is not:\n%s", all)
	}
}

// What looks like a secret is hidden however it is written, and a person however short the name; what merely contains it is
// not, and no word that Hearth itself uses.
func TestScrubbing(t *testing.T) {
	c := config.Default()
	c.StateDir = t.TempDir()
	c.People = []config.Person{{Name: "Al", User: "tom"}, {Name: "Zoë van Dyk"}}
	c.MCP.Servers = []config.MCPServer{{Name: "weather"}, {Name: "search"}}
	c.Home.URL = "http://nas:8123/v1"
	scrub := newScrubber(t.Context(), c)
	for text, want := range map[string]string{
		"access_token=abcdef&x":                  "access_token=[secret]",
		"mqtt_password: hunter2!":                "mqtt_password: [secret]",
		"refresh_token=abcdef accessToken=12345": "refresh_token=[secret] accessToken=[secret]",
		`client_secret: "two words", x`:          `client_secret: [secret], x`,
		`client_secret: 'two words', x`:          `client_secret: [secret], x`,
		`password: "an \" in it", x`:             `password: [secret], x`,
		`password: "one without an end`:          `password: [secret]`,
		`error="a \"token\": \"two words\", x"`:  `error="a \"token\": [secret], x"`,
		`error="a bad token" reason="an odd"`:    `error="a bad token" reason="an odd"`,
		`token: access_token="two words"`:        `token: access_token=[secret]`,
		"token:\nmqtt_password=hunter2":          "token:\nmqtt_password=[secret]",
		"spin down, the tokens are 1234":         "spin down, the tokens are 1234",
		"with ghp_0123456789abcdef now":          "with [secret] now",
		"with hf_0123456789abcdef now":           "with [secret] now",
		"with sk-proj-0123456789abcdef now":      "with [secret] now",
		`unknown user al, person.zoë: ZOË al al`: "unknown user [people.name], person.[people.name]: [people.name] [people.name] [people.name]",
		"Tom and Dyk van Ypern, tomorrow":        "[people.user] and [people.name] van Ypern, tomorrow",
		"all of Alabama, alzoë":                  "all of Alabama, alzoë",
		"model.tools: [home weather]":            "model.tools: [home weather]",
		"search.engine: off":                     "search.engine: off",
		"lookup nas: no host, in NASA":           "lookup [home.url]: no host, in NASA",
		"GET http://anna:hunter2@pc/x":           "GET http://[host nearby]/x",
		"GET /v1/chat":                           "GET /v1/chat",
		"the token_file is unreadable":           "the token_file is unreadable",
	} {
		if got := string(scrub.clean([]byte(text))); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestAFaultyPlaceTellsNoHost has URLs that are none, as a faulty file may have them.
func TestAFaultyPlaceTellsNoHost(t *testing.T) {
	for _, url := range []string{"ht tp://nas", "nas://8123", "http:nas", "http//nas:80", "nas:pass@host", "http://u:nas@[::1", "nas/x:1", "%nas"} {
		c := config.Default()
		c.StateDir, c.Model.URL = t.TempDir(), url
		lines := strings.Join(settings(c), "\n")
		if strings.Contains(lines, "nas") || !strings.Contains(lines, "model.url: [") {
			t.Errorf("%q is told in\n%s", url, lines)
		}
	}
}

// FuzzScrub has any text before and after a line with what is known to be private, and what looks like it.
func FuzzScrub(f *testing.F) {
	c := config.Default()
	c.StateDir = f.TempDir()
	c.People = []config.Person{{Name: "Zoë"}}
	c.Room = "silverado"
	scrub := newScrubber(f.Context(), c)
	const line = `zoë Silverado access_token="plugh plugh" 'mqtt_password': 'plugh plugh' client_secret=\"plugh plugh\" refresh_token=plugh`
	f.Add("token: \"with hf_0123456789", "' and http://anna:hunter2@nas:80\\\"")
	f.Fuzz(func(t *testing.T, before, after string) {
		got := strings.ToLower(string(scrub.clean([]byte(before + "\n" + line + "\n" + after))))
		for _, private := range []string{"zoë", "silverado", "plugh"} {
			if strings.Count(got, private) > strings.Count(strings.ToLower(before+"\n"+after), private) {
				t.Errorf("%q is told in %q", private, got)
			}
		}
	})
}

// TestSettingsAsTheyAre shows what helps, and hides what does not.
func TestSettingsAsTheyAre(t *testing.T) {
	c := config.Default()
	c.Room, c.Home.URL, c.Model.URL, c.Web.Listen = "living_room", "http://10.0.0.7:8123", "http://localhost:1", "0.0.0.0:80"
	c.Microphone.Device, c.MQTT.Broker, c.Gate.Critical = "off", "ssl://broker.lan:8883", []string{"lock.front_door"}
	lines := settings(c)
	for _, want := range []string{
		"room: [set]", "home.url: http://[host nearby]:8123", "model.url: http://localhost:1", "web.listen: 0.0.0.0:80",
		"microphone.device: off", "mqtt.broker: ssl://[host nearby]:8883", "gate.critical: [1]", "gate.harmless: [lock.lock valve.close_valve",
	} {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("no line begins with %q:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	scrub := newScrubber(t.Context(), c)
	for text, want := range map[string]string{
		"in Living Room, living_room": "in [room], [room]",
		"127.0.0.1:80, ::1, 9.9.9.9":  "127.0.0.1:80, ::1, [address]",
		"api_key: abcd1234":           "api_key: [secret]",
		"at 12:30:05 for 1h2m":        "at 12:30:05 for 1h2m",
	} {
		if got := string(scrub.clean([]byte(text))); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
