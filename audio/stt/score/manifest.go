package score

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// An Item is one recording of a manifest: a JSON object on a line of its own.
type Item struct {
	File       string  `json:"file"`       // relative to the manifest
	Repo       string  `json:"repo"`       // which home it was spoken in, a key of the homes file
	Transcript *string `json:"transcript"` // null or empty: no command in it
	Language   string  `json:"language"`   // "en", "fr_FR"; empty or "wav" when not given
	path       string
}

// Rejectable says whether the recording holds no sentence of the home: it has no transcript, or is named
// oov_ for "out of vocabulary".
func (i Item) Rejectable() bool {
	return i.Transcript == nil || *i.Transcript == "" || strings.HasPrefix(filepath.Base(i.File), "oov_")
}

// code is the language as two letters, "en" when not given.
func (i Item) code() string {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(i.Language), "-", "_"), "_")
	if code == "" || code == "wav" {
		return "en"
	}
	return code
}

// ReadManifest reads a manifest. Its errors name the line.
func ReadManifest(path string) ([]Item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	defer f.Close()
	var items []Item
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var item Item
		if err := json.Unmarshal(lines.Bytes(), &item); err != nil {
			return nil, fmt.Errorf("read manifest %s, line %d: %w", path, n, err)
		}
		if item.File == "" {
			return nil, fmt.Errorf("read manifest %s, line %d: no file is named", path, n)
		}
		item.path = filepath.Join(filepath.Dir(path), item.File)
		items = append(items, item)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read manifest %s: %w", path, err)
	}
	return items, nil
}

// A Home is what can be spoken of in one source of recordings.
type Home struct {
	Areas           []Area   `json:"areas"`
	Entities        []Entity `json:"entities"`
	CustomSentences []string `json:"custom_sentences"`
}

// An Area is a room.
type Area struct {
	Name string `json:"name"`
}

// An Entity is a device.
type Entity struct {
	Name       string `json:"name"`
	Domain     string `json:"domain"` // "light"
	Area       string `json:"area"`   // name of its area, "" when it has none
	Brightness bool   `json:"brightness"`
	Color      bool   `json:"color"`
}

// Names are the words that are likely to be said in the home, for Engine.SetGrammar, each once: the
// owner's own sentences first, because they may hold words that no recogniser knows, then entities and areas.
func (h Home) Names() (names []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, s := range h.CustomSentences {
		add(s)
	}
	for _, e := range h.Entities {
		add(e.Name)
	}
	for _, a := range h.Areas {
		add(a.Name)
	}
	return names
}

// ReadHomes reads a file of homes by repository.
func ReadHomes(path string) (map[string]Home, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read homes: %w", err)
	}
	var homes map[string]Home
	if err := json.Unmarshal(b, &homes); err != nil {
		return nil, fmt.Errorf("read homes %s: %w", path, err)
	}
	return homes, nil
}
