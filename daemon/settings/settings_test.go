package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSettingsOutliveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Get(); got.Muted || got.Volume != 100 {
		t.Errorf("without a file: %+v", got)
	}
	changed := s.Changed()
	err = s.Change(func(v *Values) {
		v.Muted, v.Volume, v.Language = true, 30, Choice{Over: "en", Value: "de"}
		v.Announced = Announcement{Topic: "t", Components: map[string]string{"mute": "switch"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("nobody was told of the change")
	}
	again, err := Open(path)
	if err != nil || !reflect.DeepEqual(again.Get(), s.Get()) {
		t.Errorf("after a restart: %+v, %v, want %+v", again.Get(), err, s.Get())
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%d files in the folder, %v: want the settings alone", len(left), err)
	}
}

func TestUnreadableSettingsLeaveTheMicrophoneMuted(t *testing.T) {
	for _, text := range []string{"", "{", `{"volume": 101}`, `{"volume": -1}`, `{"muted": "no"}`, "\x00\x00"} {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v, want an error that names the file", text, err)
		}
		if got := s.Get(); !got.Muted || got.Volume != 100 {
			t.Errorf("%q: %+v", text, got)
		}
		if err := s.Change(func(v *Values) { v.Muted = false }); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(path); err != nil || s.Get().Muted {
			t.Errorf("%q: it cannot be mended: %v", text, err)
		}
	}
}

func TestASettingHoldsThoughItCannotBeKept(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "none", "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Change(func(v *Values) { v.Muted = true }); err == nil {
		t.Error("the folder is not there, and nobody was told")
	}
	if !s.Get().Muted {
		t.Error("the microphone should be muted however the disk is")
	}
}

func TestAChoiceHoldsUntilTheFileIsChanged(t *testing.T) {
	c := Choice{Over: "en", Value: "de"}
	if c.Or("en") != "de" || c.Or("fr") != "fr" || (Choice{}).Or("en") != "en" {
		t.Errorf("%q, %q", c.Or("en"), c.Or("fr"))
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"muted": true, "volume": 30, "language": {"over": "en", "value": "de"}}`))
	f.Add([]byte(`{"volume": 1e3}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if got := s.Get(); got.Volume < 0 || got.Volume > 100 || err != nil && !got.Muted {
			t.Errorf("%q gives %+v, %v", text, got, err)
		}
	})
}
