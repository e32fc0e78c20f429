package config

import (
	"os"
	"strings"
	"testing"
)

// pairing are the settings of a connection to Home Assistant.
var pairing = []Setting{
	{"home.kind", "homeassistant"}, {"home.url", "http://homeassistant.local:8123"},
	{"home.token_file", "/etc/hearthd/token"}, {"room", "kitchen"},
}

func TestEditKeepsAllElse(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"comments and order": {
			"# mine\nroom: \"\"  # here\nhome: # the home\n  # real\n  kind: demo # not yet\n  url: 'x'   # later\nlanguage: de\n",
			"# mine\nroom: kitchen  # here\nhome: # the home\n  # real\n  token_file: /etc/hearthd/token\n  kind: homeassistant # not yet\n  url: http://homeassistant.local:8123   # later\nlanguage: de\n",
		},
		"nothing": {
			"",
			"room: kitchen\nhome:\n  kind: homeassistant\n  url: http://homeassistant.local:8123\n  token_file: /etc/hearthd/token\n",
		},
		"only a comment, and no line end": {
			"# mine",
			"# mine\nroom: kitchen\nhome:\n  kind: homeassistant\n  url: http://homeassistant.local:8123\n  token_file: /etc/hearthd/token\n",
		},
		"empty values": {
			"home:\n  kind:\n  url: # none\n  token_file: ~\nroom:",
			"home:\n  kind: homeassistant\n  url: http://homeassistant.local:8123 # none\n  token_file: /etc/hearthd/token\nroom: kitchen",
		},
		"an empty section": {
			"home: # soon\nroom: null\n",
			"home: # soon\n  kind: homeassistant\n  url: http://homeassistant.local:8123\n  token_file: /etc/hearthd/token\nroom: kitchen\n",
		},
		"braces": {
			"home: {kind: demo} # x\nweb: {listen: ':1'}\n",
			"home: {url: http://homeassistant.local:8123, token_file: /etc/hearthd/token, kind: homeassistant} # x\nweb: {listen: ':1'}\nroom: kitchen\n",
		},
		"all in braces": {
			"{language: de}\n",
			"{home: {kind: homeassistant, url: http://homeassistant.local:8123, token_file: /etc/hearthd/token}, room: kitchen, language: de}\n",
		},
		"Windows": {
			"home:\r\n  kind: demo\r\nroom: x\r\n",
			"home:\r\n  url: http://homeassistant.local:8123\r\n  token_file: /etc/hearthd/token\r\n  kind: homeassistant\r\nroom: kitchen\r\n",
		},
		"deep indentation": {
			"---\n   language: de\n   home:\n       kind: demo\n",
			"---\n   room: kitchen\n   language: de\n   home:\n       url: http://homeassistant.local:8123\n       token_file: /etc/hearthd/token\n       kind: homeassistant\n",
		},
		"quoted keys": {
			"\"home\":\n  \"kind\": \"demo\" # é\n'room': 'küche'\n",
			"\"home\":\n  url: http://homeassistant.local:8123\n  token_file: /etc/hearthd/token\n  \"kind\": homeassistant # é\n'room': kitchen\n",
		},
	} {
		got, err := Edit([]byte(c.before), pairing)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", name, err, got, c.after)
		}
	}
}

func TestEditOfTheShippedFileChangesFourLines(t *testing.T) {
	shipped, err := os.ReadFile("../../configs/hearthd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	edited, err := Edit(shipped, pairing)
	if err != nil {
		t.Fatal(err)
	}
	before, after := strings.Split(string(shipped), "\n"), strings.Split(string(edited), "\n")
	if len(before) != len(after) {
		t.Fatalf("%d lines became %d", len(before), len(after))
	}
	changed := 0
	for i := range before {
		_, was, _ := strings.Cut(before[i], "#")
		_, is, _ := strings.Cut(after[i], "#")
		if was != is {
			t.Errorf("line %d lost its comment: %s", i+1, after[i])
		}
		if before[i] != after[i] {
			changed++
		}
	}
	if changed != len(pairing) {
		t.Errorf("%d lines changed, want %d", changed, len(pairing))
	}
	again, err := Edit(edited, pairing)
	if err != nil || string(again) != string(edited) {
		t.Errorf("a second time changes it again: %v", err)
	}
}

func TestEditRefusesWhatItCannotChange(t *testing.T) {
	for _, text := range []string{
		"home:\n  url: >-\n    http://x\n",
		"language: de\n...\n",
	} {
		_, err := Edit([]byte(text), pairing)
		if err == nil || !strings.Contains(err.Error(), "home.url: http://homeassistant.local:8123") {
			t.Errorf("%q: got %v, want what to set by hand", text, err)
		}
	}
	if _, err := Edit([]byte("hmoe: {}\n"), pairing); err == nil || !strings.Contains(err.Error(), "hmoe") {
		t.Errorf("a faulty file: got %v, want its faults", err)
	}
}

func FuzzEdit(f *testing.F) {
	shipped, err := os.ReadFile("../../configs/hearthd.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shipped, "http://x:1")
	f.Add([]byte("home: {kind: demo}\r\nroom: ~"), "a: b #\"\n")
	f.Fuzz(func(t *testing.T, text []byte, value string) {
		edited, err := Edit(text, []Setting{{"home.url", value}, {"home.kind", "demo"}})
		if err != nil {
			return
		}
		c, faults := decoded(edited)
		if len(faults) > 0 || c.Home.URL != value || c.Home.Kind != "demo" {
			t.Errorf("%q became %q, which reads %+v (%v)", text, edited, c.Home, faults)
		}
	})
}
