package whisper

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDamagedFolders(t *testing.T) {
	const settings = `{"layers":1,"heads":1,"head_width":4,"vocabulary":3,"end":2,"start":2,"previous":2,"transcribe":2,"no_speech":2,"no_timestamps":2`
	const tokens = "\x01a\x01b\x03end"
	tests := []struct{ name, settings, tokens, want string }{
		{"no settings", "", tokens, SettingsFile},
		{"settings that are not JSON", "layers: 1", tokens, "settings"},
		{"no tokens", settings + "}", "", "0 of 3 tokens"},
		{"tokens cut off", settings + "}", tokens[:5], "damaged after 2 tokens"},
		{"fewer tokens than it says", settings + "}", tokens[:4], "2 of 3 tokens"},
		{"a token outside the vocabulary", settings + `,"suppress":[3]}`, tokens, "token 3 is outside"},
		{"a language outside the vocabulary", settings + `,"languages":{"en":-1}}`, tokens, "token -1 is outside"},
		{"no layers", strings.Replace(settings, `"layers":1`, `"layers":0`, 1) + "}", tokens, "0 layers"},
	}
	for _, test := range tests {
		dir := t.TempDir()
		for name, content := range map[string]string{SettingsFile: test.settings, TokensFile: test.tokens} {
			if content == "" && name == SettingsFile {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := openModel(dir, 1)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: openModel = %v, want %q and the folder in it", test.name, err, test.want)
		}
	}
}

func TestLikeliest(t *testing.T) {
	m := &model{Settings: Settings{End: 3}, silent: map[int]bool{0: true}, notFirst: map[int]bool{1: true, 3: true}}
	row := []float32{-0.1, -1, -3, -2, -0.01} // the last is a special token
	if got := m.likeliest(row, false); got != 1 {
		t.Errorf("likeliest = %d, want 1", got)
	}
	if got := m.likeliest(row, true); got != 2 {
		t.Errorf("likeliest first token = %d, want 2", got)
	}
	if got := m.names("k", "v"); got != nil {
		t.Errorf("names of no layers = %v", got)
	}
	m.Layers = 2
	if got, want := m.names("k", "v"), []string{"k0", "v0", "k1", "v1"}; !slices.Equal(got, want) {
		t.Errorf("names = %v, want %v", got, want)
	}
}

func TestTask(t *testing.T) {
	english := &model{Settings: Settings{NoTimestamps: 9}}
	many := &model{Settings: Settings{NoTimestamps: 9, Transcribe: 8, Languages: map[string]int{"en": 1, "de": 2}}}
	tests := []struct {
		m        *model
		language string
		want     []int
	}{
		{english, "", []int{9}}, {english, "en", []int{9}}, {english, "de", nil},
		{many, "", []int{1, 8, 9}}, {many, "de", []int{2, 8, 9}}, {many, "xx", nil},
	}
	for _, test := range tests {
		got, err := test.m.task(test.language)
		if !slices.Equal(got, test.want) || (err == nil) != (test.want != nil) {
			t.Errorf("task(%q) = %v, %v, want %v", test.language, got, err, test.want)
		}
	}
}
