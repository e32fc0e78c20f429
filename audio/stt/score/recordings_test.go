package score_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/audio/stt"
	"hearth/audio/stt/score"
	"hearth/audio/stt/whisper"
	"hearth/daemon"
	"hearth/daemon/intent"
)

// TestRecordings holds the recogniser to what it can do on recordings of people, with grammars compiled
// from the homes they spoke in.
func TestRecordings(t *testing.T) {
	voice := sharedFolder(t, "data/voice")
	items, err := score.ReadManifest(filepath.Join(voice, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	homes, err := score.ReadHomes(filepath.Join(voice, "homes.json"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := score.Run(t.Context(), items, homes, score.Options{
		Engine: openWhisper(t), Grammar: grammarOf(t), Language: "en",
	})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + text.String())
	if report.Commands != 40 || report.Exact < 36 {
		t.Errorf("%d of %d commands are exact, want at least 36 of 40", report.Exact, report.Commands)
	}
	if report.Rejectable != 3 || report.Rejected != report.Rejectable {
		t.Errorf("%d of %d recordings without a command are rejected, want all 3", report.Rejected, report.Rejectable)
	}
}

// grammarOf compiles a home as the daemon does.
func grammarOf(t *testing.T) func(score.Home) (stt.Grammar, error) {
	language, err := daemon.LoadTemplates(assets(t), "en")
	if err != nil {
		t.Fatal(err)
	}
	return func(h score.Home) (stt.Grammar, error) {
		templates, faults := language.WithCustom(intent.NewCustom("own", h.CustomSentences...))
		if len(faults) > 0 {
			return nil, faults
		}
		var names intent.Names
		for _, a := range h.Areas {
			names.Areas = append(names.Areas, intent.Name{ID: a.Name, Names: []string{a.Name}})
		}
		for _, e := range h.Entities {
			names.Entities = append(names.Entities, intent.Name{ID: e.Name, Names: []string{e.Name}, Context: map[string]string{"domain": e.Domain}})
		}
		encoded, err := daemon.SpeechGrammar(templates, names)
		if err != nil {
			return nil, err
		}
		return intent.UnmarshalGrammar(encoded)
	}
}

func openWhisper(t *testing.T) *whisper.Recogniser {
	t.Helper()
	r, err := whisper.Open(whisper.Options{
		Library: filepath.Join(assets(t), "onnxruntime", "libonnxruntime.so.1"),
		Model:   filepath.Join(assets(t), "whisper-tiny.en"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func assets(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	if _, err := os.Stat(filepath.Join(dir, "whisper-tiny.en", whisper.SettingsFile)); err != nil {
		t.Skip("no recogniser: run make assets")
	}
	return dir
}

// sharedFolder finds a folder of the published data beside the module.
func sharedFolder(t *testing.T, name string) string {
	t.Helper()
	shared := os.Getenv("HEARTH_SHARED")
	if shared == "" {
		root, err := filepath.Abs("../../..")
		if err != nil {
			t.Fatal(err)
		}
		shared = filepath.Join(root, "..", "shared")
	}
	dir := filepath.Join(shared, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no published recordings: %v", err)
	}
	return dir
}
