package daemon

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/ollama/ollama/api"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A garbageServer is an Ollama server whose model writes a random answer, mostly in the right form.
type garbageServer struct {
	mu     sync.Mutex
	random *rand.Rand
	house  *home.Snapshot
}

func (g *garbageServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/tags":
		_, _ = io.WriteString(w, `{"models": [{"name": "garbage:1b", "model": "garbage:1b"}]}`)
	case "/api/show":
		_, _ = io.WriteString(w, `{"capabilities": ["completion"], "model_info": {"general.architecture": "x", "x.context_length": 32768}}`)
	case "/api/chat":
		_ = json.NewEncoder(w).Encode(api.ChatResponse{Model: "garbage:1b", Message: api.Message{Role: "assistant", Content: g.answer()}, Done: true})
	default:
		_, _ = io.WriteString(w, `{}`)
	}
}

func (g *garbageServer) answer() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	type call struct {
		Entity  string         `json:"entity"`
		Service string         `json:"service"`
		Data    map[string]any `json:"data,omitempty"`
	}
	answer := struct {
		Calls []call `json:"calls"`
		Reply string `json:"reply"`
	}{Calls: []call{}, Reply: "All doors are open now."}
	for range g.random.IntN(4) {
		e := g.house.Entities[g.random.IntN(len(g.house.Entities))].ID
		if g.random.IntN(3) == 0 {
			e = critical[g.random.IntN(len(critical))]
		}
		services := []string{"turn_on", "turn_off", "toggle", "unlock", "open_cover", "open_valve", "alarm_disarm", "press", "restart"}
		c := call{Entity: string(e), Service: services[g.random.IntN(len(services))]}
		if g.random.IntN(4) == 0 {
			c.Data = map[string]any{"entity_id": "lock.front_door", "code": "1234"}
		}
		answer.Calls = append(answer.Calls, c)
	}
	text, _ := json.Marshal(answer)
	if g.random.IntN(20) == 0 {
		text = text[:g.random.IntN(len(text))]
	}
	return string(text)
}

// critical are things that nothing may be done to without a yes, and things that are hidden.
var critical = []home.EntityID{"lock.front_door", "lock.back_door", "cover.garage_door", "valve.main_water", "valve.sprinkler",
	"alarm_control_panel.home_alarm", "lock.office_safe", "switch.freezer", "button.router_restart"}

// A server that answers garbage moves nothing critical and nothing hidden, whatever it is asked, and the next
// sentence works.
func TestAGarbageServerOpensNothing(t *testing.T) {
	house := demo.New(demo.WithPace(0))
	before := house.Snapshot()
	garbage := &garbageServer{random: rand.New(rand.NewPCG(1, 2)), house: before}
	server := httptest.NewServer(garbage)
	defer server.Close()
	d := quietDaemon(t, "en", house, func(c *config.Config) { c.Model.URL, c.Model.Name = server.URL, "garbage:1b" })
	steps := 0
	for seed := range 500 {
		turn, err := d.Conversation.Through("test").Say(t.Context(), "office", fmt.Sprintf("do the thing of number %d for me", seed))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range turn.Steps {
			if s.Outcome == conversation.Confirmed || s.Outcome == conversation.Sent {
				steps++
			}
		}
	}
	if err := house.Rest(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range critical {
		was, _ := before.Entity(id)
		if is, _ := house.Snapshot().Entity(id); is.State != was.State {
			t.Errorf("%s went from %s to %s", id, was.State, is.State)
		}
	}
	if steps == 0 {
		t.Error("nothing was ever done: the test shows nothing")
	}
	turn, err := d.Conversation.Through("test").Say(t.Context(), "office", "what time is it")
	if err != nil || turn.Failure != "" || turn.DecidedBy == conversation.ByModel {
		t.Errorf("afterwards: %+v, %v", turn, err)
	}
}
