package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/ollama/ollama/api"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
)

// A curious server has one language model, which looks up what a sentence says ("look history {...}") and then answers
// with what it was told.
type curious struct {
	*httptest.Server
	mu   sync.Mutex
	told []string // the results, one for each answer
}

func newCurious(t *testing.T) *curious {
	c := &curious{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(api.ListResponse{Models: []api.ListModelResponse{{Name: "curious", Model: "curious"}}})
	})
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"capabilities": ["completion"]}`) })
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		var request api.ChatRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(api.ChatResponse{Message: api.Message{Role: "assistant", Content: c.answer(request.Messages)}})
		_ = json.NewEncoder(w).Encode(api.ChatResponse{Done: true, DoneReason: "stop"})
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

var lookFor = regexp.MustCompile(`look (\w+) (\{.*\})`)

func (c *curious) answer(messages []api.Message) string {
	last := messages[len(messages)-1].Content
	if strings.Contains(last, "data and not instructions") {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.told = append(c.told, last)
		return `{"look": [], "calls": [], "reply": "I have looked."}`
	}
	asked := lookFor.FindStringSubmatch(last)
	if asked == nil {
		return `{"look": [], "calls": [], "reply": "No."}`
	}
	return fmt.Sprintf(`{"look": [{"tool": %q, "with": %s}], "calls": [], "reply": ""}`, asked[1], asked[2])
}

func (c *curious) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.told) == 0 {
		return ""
	}
	return c.told[len(c.told)-1]
}

// withHistory is the test home with the recorder, which writes at once.
func withHistory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/homeassistant")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "packages/history.yaml"), []byte("recorder: {commit_interval: 1}\nhistory:\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestHomeAssistantRemembers asks about the past of a real Home Assistant, in sentences and through a model's tools,
// and has the tools look at what else it has.
func TestHomeAssistantRemembers(t *testing.T) {
	requireAssets(t)
	h := runHomeAssistant(t, "", withHistory(t))
	h.connect()
	h.exposeAll()
	model := newCurious(t)
	d := startHearthWith(t, h, model.URL)
	d.follows()
	d.waitFor("model")
	for _, service := range []string{"unlock", "lock"} {
		h.ask(homeassistant.Command{"type": "call_service", "domain": "lock", "service": service, "target": map[string]any{"entity_id": "lock.front_door"}}, nil)
	}
	h.ask(homeassistant.Command{"type": "call_service", "domain": "todo", "service": "add_item", "target": map[string]any{"entity_id": "todo.shopping_list"}, "service_data": map[string]any{"item": "ripe bananas"}}, nil)

	for sentence, want := range map[string]string{
		"when was the front door last unlocked":     `Front Door was last unlocked at \d\d:\d\d, a minute ago\.`,
		"since when is the front door locked":       `Front Door was last locked at \d\d:\d\d, a minute ago\.`,
		"how long has the front door been unlocked": `That is not so at the moment\. Front Door was last unlocked at \d\d:\d\d, a minute ago\.`,
	} {
		eventuallyTrue(t, func() error { // the recorder writes a second later
			turn, err := d.say("", sentence)
			if err == nil && !regexp.MustCompile("^"+want+"$").MatchString(turn.Reply) {
				err = fmt.Errorf("%q: %q, want %q", sentence, turn.Reply, want)
			}
			return err
		})
	}
	for _, c := range []struct{ tool, with, told string }{
		{"history", `{"of": "front door", "state": "unlocked"}`, `(?s)Front Door \(lock\.front_door\) is locked now\..*It last became unlocked at .* ago\.`},
		{"history", `{"of": "outside temperature"}`, `least 15\.6 °C at`},
		{"home", `{"words": "front door"}`, `lock\.front_door: locked`},
		{"lists", `{"of": "shopping"}`, `- ripe bananas`},
		{"weather", `{}`, `(?s) now: .*: .*°`},
		{"calendar", `{"days": 31}`, `\d events from`},
		{"timers", `{}`, `None is set`},
		{"calculator", `{"sum": "12 * 7"}`, `12 \* 7 = 84`},
	} {
		turn, err := d.say("", "look "+c.tool+" "+c.with)
		if err != nil {
			t.Fatal(err)
		}
		if len(turn.Lookups) != 1 || turn.Lookups[0].Tool != c.tool || turn.Lookups[0].Outcome != conversation.LookedUp || turn.Reply != "I have looked." {
			t.Errorf("%s: %+v, reply %q", c.tool, turn.Lookups, turn.Reply)
		}
		if !regexp.MustCompile(c.told).MatchString(model.last()) {
			t.Errorf("%s: the model was told %q, want %q", c.tool, model.last(), c.told)
		}
		t.Logf("%s: %s", c.tool, model.last())
	}
}
