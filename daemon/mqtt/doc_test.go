package mqtt

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cells are the first two columns of the table with this heading in docs/mqtt.md, code marks removed.
func cells(t *testing.T, heading string) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/mqtt.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), heading+"\n")
	if !found {
		t.Fatalf("docs/mqtt.md has no table %q", heading)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (.+?) \| (.+?) \|`).FindAllStringSubmatch(table, -1) {
		for key := range strings.SplitSeq(row[1], ", ") {
			rows[strings.Trim(key, "`")] = row[2]
		}
	}
	return rows
}

func TestEntitiesAreDocumented(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", discovering(newFakeHub()))
	code := map[string]string{}
	for key, component := range c.components(c.opts.Hub.State()) {
		if component["p"] != "device_automation" {
			code[key] = component["p"].(string)
		}
	}
	if doc := cells(t, "| key | entity | what it does |"); !maps.Equal(doc, code) {
		t.Errorf("docs/mqtt.md has %v, the code %v", doc, code)
	}
}

func TestTopicsAreDocumented(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", nil)
	code := map[string]string{
		"status": "out, retained", "state": "out, retained", "confidence": "out, retained", "latency": "out, retained",
		"command": "out", "trigger": "out", "reply/<id>": "out", "error": "out", "turn": "out",
	}
	for name := range c.hubStates(c.opts.Hub.State()) {
		code[name] = "out, retained"
	}
	for name := range commands {
		code[name] = "in"
	}
	doc := cells(t, "| topic | direction | payload |")
	if !maps.Equal(doc, code) {
		t.Errorf("docs/mqtt.md has %v,\nthe code %v", slices.Sorted(maps.Keys(doc)), slices.Sorted(maps.Keys(code)))
	}
}
