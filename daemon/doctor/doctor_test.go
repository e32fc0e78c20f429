package doctor

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"hearth/audio"
	"hearth/daemon/config"
	"hearth/daemon/settings"
	"hearth/daemon/web"
)

func TestACheckThatHangsIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		began := time.Now()
		found := check{"stuck", 10 * time.Second, func(context.Context) []Finding { <-release; return nil }}.findings(t.Context())
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("it took %s", took)
		}
		if len(found) != 1 || found[0].Level != Problem || found[0].Check != "stuck" {
			t.Errorf("got %+v", found)
		}
	})
}

func TestTheTextShowsSomeItemsAndWhatToDo(t *testing.T) {
	items := slices.Repeat([]string{"thing"}, shownItems+3)
	var b strings.Builder
	err := Report{[]Finding{{Check: "home", Level: Warning, Message: "much", Remedy: "do it", Items: items}}}.WriteText(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"warning  home            much\n", "- and 3 more", "-> do it\n", "0 problems, 1 warning."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

// frames is a microphone that gives the same frame again and again.
type frames []int16

func (f frames) Next(context.Context) (audio.Frame, error) {
	return audio.Frame{Format: audio.Speech, Samples: f}, nil
}
func (frames) Close() error { return nil }

func TestAMutedMicrophoneIsNoticed(t *testing.T) {
	for _, c := range []struct {
		sample int16
		want   bool
	}{{0, true}, {-1, false}} {
		frame := make(frames, 320)
		frame[319] = c.sample
		if got, err := silence(t.Context(), frame); err != nil || got != c.want {
			t.Errorf("sample %d: got %t, %v", c.sample, got, err)
		}
	}
}

// A microphone that is closed although nothing has failed is no microphone that listens.
func TestWhatIsClosedDoesNotListen(t *testing.T) {
	for _, c := range []struct{ language, detail, want, remedy string }{
		{"en", "", "the daemon listens", ""},
		{"en", "muted", "the daemon does not listen: muted", "Home Assistant"},
		{"en", "it hears English only, and language is fr", "the daemon does not listen: it hears English only, and language is fr", "see language"},
		{"de", "", "closed: speech is understood in English only, and language is de", ""},
	} {
		e := &examination{Config: config.Default(), parts: map[string]web.Component{"microphone": {State: web.OK, Detail: c.detail}}}
		e.Assets = installed(t, "onnxruntime")
		if e.Language = c.language; c.language != "en" {
			e.parts = nil
		}
		if got := e.microphone(t.Context()); len(got) != 1 || got[0].Message != c.want || !strings.Contains(got[0].Remedy, c.remedy) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// installed makes assets with these folders, of which nothing is in them but the list.
func installed(t *testing.T, folders ...string) string {
	t.Helper()
	assets := t.TempDir()
	for _, folder := range folders {
		if err := os.MkdirAll(filepath.Join(assets, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(assets, folder, ".made"), []byte("of nothing\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return assets
}

// A package without a recogniser is told of once, whatever follows from it.
func TestAPackageWithoutARecogniser(t *testing.T) {
	e := &examination{Config: config.Default()}
	e.Assets, e.Microphone.WakeWord = installed(t, "sentences", "rbnf", "yesno"), "okay computer"
	e.parts = map[string]web.Component{"microphone": {State: web.Degraded}, "wake": {State: web.Failed}, "recogniser": {State: web.Failed}}
	found := e.partsOfDaemon()
	for _, look := range []func(context.Context) []Finding{e.models, e.recogniser, e.microphone, e.wakeWord} {
		found = append(found, look(t.Context())...)
	}
	found = slices.DeleteFunc(found, func(f Finding) bool { return f.Level == OK })
	if len(found) != 1 || found[0].Level != Warning || !strings.Contains(found[0].Message, "no recogniser") || !strings.Contains(found[0].Remedy, "hearing.recogniser to off") {
		t.Errorf("%+v", found)
	}

	e.Assets = installed(t, "sentences", "rbnf", "yesno", "whisper-tiny.en") // one that is damaged
	if got := e.models(t.Context()); len(got) != 1 || got[0].Level != Problem || !strings.Contains(got[0].Message, "onnxruntime") {
		t.Errorf("%+v", got)
	}
	if got := e.partsOfDaemon(); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}

// A language without sentences is told as what it is, and who has the package is not told to make anything.
func TestALanguageWithoutSentences(t *testing.T) {
	e := &examination{Config: config.Default()}
	e.Assets, e.Language = installed(t, "sentences"), "xx"
	for _, file := range []string{"de.json", "en.json", "intents.json"} {
		if err := os.WriteFile(filepath.Join(e.Assets, "sentences", file), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.sentences(t.Context()); len(got) != 1 || got[0].Level != Problem || !strings.HasSuffix(got[0].Message, "there are de, en") || strings.Contains(got[0].Remedy, "make") {
		t.Errorf("%+v", got)
	}
	e.Assets = "/usr/share/hearthd/nothing"
	if got := e.sentences(t.Context()); len(got) != 1 || strings.Contains(got[0].Message+got[0].Remedy, "make") || !strings.Contains(got[0].Remedy, "apt install --reinstall") {
		t.Errorf("of the package: %+v", got)
	}
}

// A service that is to run and does not is a problem, whatever else answers.
func TestADeadService(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	e := &examination{Config: config.Default()}
	e.Socket = "/run/hearthd/hearthd.sock"
	for _, c := range []struct {
		shows string
		want  string
	}{
		{"ActiveState=failed\nResult=exit-code\nExecMainStatus=2\nUnitFileState=enabled", "ActiveState=failed, Result=exit-code, ExecMainStatus=2"},
		{"ActiveState=active\nUnitFileState=enabled", ""},
		{"ActiveState=inactive\nUnitFileState=disabled", ""},
		{"ActiveState=inactive\nUnitFileState=", ""},
	} {
		if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte("#!/bin/sh\necho '"+c.shows+"'\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		f := e.service(t.Context())
		if (f != nil) != (c.want != "") || f != nil && (f.Level != Problem || !strings.Contains(f.Message, c.want)) {
			t.Errorf("%q: %+v", c.shows, f)
		}
	}
	e.Socket = ""
	if f := e.service(t.Context()); f != nil {
		t.Errorf("of another configuration: %+v", f)
	}
}

// unwell are configurations of which hardly anything works.
func unwell(t *testing.T) map[string]*config.Config {
	all := map[string]*config.Config{}
	with := func(name string, change func(*config.Config)) {
		c := config.Default()
		c.StateDir, c.Assets = t.TempDir(), t.TempDir()
		change(c)
		all[name] = c
	}
	damage := func(c *config.Config, text string) {
		for _, path := range []string{c.HistoryPath(), c.SettingsPath(), c.CachePath()} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	with("nothing installed", func(*config.Config) {})
	with("damaged files, an unknown language, odd programs", func(c *config.Config) {
		damage(c, strings.Repeat("not what was written ", 1000))
		c.Assets, c.Language, c.Room, c.Microphone.WakeWord, c.Speech.Voice = installed(t, "sentences", "onnxruntime"), "xx", "nowhere", "hey", "no/voice"
		if err := os.WriteFile(filepath.Join(c.Assets, "sentences", "en.json"), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	with("folders where files should be, nobody answers", func(c *config.Config) {
		for _, path := range []string{c.HistoryPath(), c.SettingsPath(), c.CachePath()} {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		token := filepath.Join(c.StateDir, "token")
		if err := os.WriteFile(token, []byte("token"), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Assets = installed(t, "sentences", "onnxruntime", "whisper-tiny.en", "kws-zipformer-gigaspeech-3.3M")
		c.Home = config.Home{Kind: "homeassistant", URL: "http://127.0.0.1:1", TokenFile: token}
		c.MQTT.Broker, c.Model.Name = "tcp://127.0.0.1:1", "absent"
		c.Model.Others = []config.OtherModel{{Kind: "openai", Name: "x", URL: "http://127.0.0.1:1"}, {Kind: "ollama", Name: "x", URL: "odd://"}}
	})
	with("no token, no broker's certificate", func(c *config.Config) {
		damage(c, "{")
		c.Home = config.Home{Kind: "homeassistant", URL: "http://127.0.0.1:1", TokenFile: "/nowhere/token"}
		c.MQTT.Broker, c.MQTT.CAFile, c.StateDir = "ssl://127.0.0.1:1", "/nowhere/ca.crt", filepath.Join(c.SettingsPath(), "below a file")
		c.Speech.Engine, c.Model.URL, c.Model.Name = "odd", "odd://", "absent"
	})
	return all
}

// Whatever is amiss has a remedy.
func TestAllThatIsAmissHasARemedy(t *testing.T) {
	checks := map[string]bool{}
	for name, c := range unwell(t) {
		for _, f := range Examine(t.Context(), Options{Config: c, Executable: "/nowhere/hearthd"}).Findings {
			checks[f.Check] = checks[f.Check] || f.Level != OK
			if f.Message == "" || (f.Level == OK) != (f.Remedy == "") {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	for _, check := range []string{
		"daemon", "microphone", "speaker", "sentences", "models", "recogniser", "wake word", "home", "broker", "language model", "disk", "history", "settings", "cache",
	} {
		if !checks[check] {
			t.Errorf("nothing was amiss for the check of %s", check)
		}
	}
}

// The same for what cannot be driven here: no check is written down with an empty remedy.
func TestNoRemedyIsWrittenEmpty(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	empty := regexp.MustCompile(`(?s)\b(?:one|found)\((?:Warning|Problem),[^\n]*(?:\n[^\n]*)?, ""\)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := empty.Find(text); m != nil && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s: %s", file, m)
		}
	}
}

// What belongs to another user is no fault of the disk.
func TestTheDiskOfAnotherUser(t *testing.T) {
	for err, want := range map[error]Level{unix.EACCES: Warning, unix.EPERM: Warning, unix.EROFS: Problem, unix.EIO: Problem} {
		if got := unwritable("/var/lib/hearthd", err); len(got) != 1 || got[0].Level != want {
			t.Errorf("%v: %+v", err, got)
		}
	}
}

// Files that are whole are told as that.
func TestSettingsAndCacheThatAreWhole(t *testing.T) {
	e := &examination{Config: config.Default()}
	e.StateDir = t.TempDir()
	for range 2 { // without files, and with
		if got := slices.Concat(e.settings(t.Context()), e.cache(t.Context())); len(got) != 2 || got[0].Level != OK || got[1].Level != OK {
			t.Errorf("%+v", got)
		}
		kept, err := settings.Open(e.SettingsPath())
		if err != nil {
			t.Fatal(err)
		}
		if err := kept.Change(func(v *settings.Values) { v.Volume = 50 }); err != nil {
			t.Fatal(err)
		}
		file, err := bbolt.Open(e.CachePath(), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
