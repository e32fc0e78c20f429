package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSearchSettings(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("topsecret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, leaves := range map[string]string{
		"":                               "",
		"search: {engine: \"off\"}\n":    "",
		"search: {engine: duckduckgo}\n": "DuckDuckGo (api.duckduckgo.com)",
		"search: {engine: brave, key_file: " + key + "}\n":             "Brave (api.search.brave.com)",
		"search: {engine: searxng, url: http://searxng.local:8080/}\n": "your SearXNG at searxng.local:8080",
	} {
		got, err := load(t, text)
		if err != nil || !strings.Contains(got.Search.Leaves(), leaves) || (leaves == "") != (got.Search.Leaves() == "") || strings.Contains(got.Search.Leaves(), "secret") {
			t.Errorf("%q: %q, %v", text, got.Search.Leaves(), err)
		}
		if err == nil && got.Search.Engine == "brave" && got.Search.Key.Reveal() != "topsecret" {
			t.Errorf("key %q", got.Search.Key.Reveal())
		}
	}
	for text, fault := range map[string]string{
		"search: {engine: altavista}\n":                                     "search.engine",
		"search: {engine: searxng}\n":                                       "search.url: is empty",
		"search: {engine: searxng, url: ftp://x}\n":                         "search.url",
		"search: {engine: searxng, url: http://me:secret@x}\n":              "search.url",
		"search: {engine: searxng, url: http://x, key_file: " + key + "}\n": "search.key_file",
		"search: {engine: brave}\n":                                         "search.key_file: is empty",
		"search: {engine: brave, key_file: /none/at/all}\n":                 "search.key_file",
		"search: {url: http://x}\n":                                         "search.url",
	} {
		if _, err := load(t, text); err == nil || !strings.Contains(err.Error(), fault) || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%q: %v, want %s", text, err, fault)
		}
	}
}
