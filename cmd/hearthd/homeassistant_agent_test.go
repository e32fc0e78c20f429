package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/home/homeassistant"
)

const modelToken = "0123456789-abcdefghij_ABC"

// TestHomeAssistantAgent makes Hearth a conversation agent of a real Home Assistant, as a person does on its pages: its own
// integration for Ollama, pointed at Hearth. What is then said to Home Assistant is done by Hearth in that same home.
func TestHomeAssistantAgent(t *testing.T) {
	requireAssets(t)
	h := startHomeAssistant(t)
	h.requireOllama()
	h.furnish()
	h.exposeAll()
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	token := filepath.Join(t.TempDir(), "model_token")
	if err := os.WriteFile(token, []byte(modelToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := startHearth(t, h, fmt.Sprintf("ollama: {listen: %s, token_file: %s}", address, token))
	d.follows()
	d.waitFor("ollama")

	entry := h.addOllama(address)
	agent := h.addAgent(entry, "Hearth", "hearth room={{ area_id(llm_context.device_id) }} speaker={{ llm_context.device_id }}")
	one := h.converse(agent, "")
	one.expect("turn on the kitchen lights", "Turned on the light")
	h.expectState("light.kitchen_lights", "on")
	one.expect("turn off the kitchen lights", "Turned off the light")
	h.expectState("light.kitchen_lights", "off")

	// A critical action waits for a yes in its own conversation. Home Assistant listens on after a question.
	one.expect("unlock the front door", "Shall I unlock Front Door? Say yes or no?")
	if !one.goesOn {
		t.Error("Home Assistant does not listen for the answer")
	}
	other := h.converse(agent, "")
	other.say("yes")
	h.expectState("lock.front_door", "locked")
	one.expect("unlock the front door", "Shall I unlock Front Door? Say yes or no?")
	one.say("yes")
	h.expectState("lock.front_door", "unlocked")
	if one.goesOn {
		t.Error("Home Assistant listens although nothing was asked")
	}

	// The line of the instructions tells the room. The tools and the prompt of Home Assistant's own assistant mean nothing.
	there := h.converse(h.addAgent(entry, "Hearth in the kitchen", "hearth room={{ area_id('light.kitchen_lights') }}", "assist"), "")
	there.expect("turn on the lights", "Turned on the lights")
	h.expectState("light.kitchen_lights", "on")
	h.expectState("light.bed_light", "off") // that of another room
}

// requireOllama skips the test where Home Assistant lacks the client of its integration for Ollama.
func (h *homeAssistant) requireOllama() {
	h.t.Helper()
	found, err := filepath.Glob(filepath.Join(h.install, "venv/lib/python3*/site-packages/ollama/__init__.py"))
	if err != nil || len(found) == 0 {
		h.t.Skip("Home Assistant has no client for Ollama (make home-assistant)")
	}
}

// A flow is a form of Home Assistant's that is being filled in.
type flow struct {
	ID     string `json:"flow_id"`
	Type   string `json:"type"`
	Reason string `json:"reason"`
	Errors map[string]string
	Fields []struct{ Name string } `json:"data_schema"`
	Result any                     `json:"result"`
}

// fill opens a form and sends it, and returns what became of it.
func (h *homeAssistant) fill(path string, handler any, values func(flow) map[string]any) flow {
	h.t.Helper()
	var form, done flow
	if err := h.rest(http.MethodPost, path, map[string]any{"handler": handler}, &form); err != nil || form.Type != "form" {
		h.t.Fatalf("%s: %+v, %v", path, form, err)
	}
	if err := h.rest(http.MethodPost, path+"/"+form.ID, values(form), &done); err != nil || done.Type != "create_entry" {
		h.t.Fatalf("%s: %+v, %v", path, done, err)
	}
	return done
}

// addOllama adds the integration. Home Assistant 2026.2 knows no token: it is a part of the address then.
func (h *homeAssistant) addOllama(address string) (entry string) {
	h.t.Helper()
	done := h.fill("/api/config/config_entries/flow", "ollama", func(form flow) map[string]any {
		if slices.ContainsFunc(form.Fields, func(f struct{ Name string }) bool { return f.Name == "api_key" }) {
			return map[string]any{"url": "http://" + address, "api_key": modelToken}
		}
		return map[string]any{"url": "http://" + address + "/" + modelToken}
	})
	result, _ := done.Result.(map[string]any)
	entry, _ = result["entry_id"].(string)
	h.loaded(entry)
	return entry
}

// loaded waits until an integration works.
func (h *homeAssistant) loaded(entry string) {
	h.t.Helper()
	eventuallyTrue(h.t, func() error {
		var entries []struct {
			ID     string `json:"entry_id"`
			State  string
			Reason string
		}
		if err := h.rest(http.MethodGet, "/api/config/config_entries/entry?domain=ollama", nil, &entries); err != nil {
			return err
		}
		for _, e := range entries {
			if e.ID == entry && e.State == "loaded" {
				return nil
			}
		}
		return fmt.Errorf("%+v", entries)
	})
}

// addAgent adds a conversation agent, and returns its entity.
func (h *homeAssistant) addAgent(entry, name, prompt string, apis ...string) string {
	h.t.Helper()
	before := h.agents()
	h.fill("/api/config/config_entries/subentries/flow", []string{entry, "conversation"}, func(flow) map[string]any {
		values := map[string]any{"name": name, "model": "hearth:latest", "prompt": prompt, "max_history": 20, "keep_alive": -1, "num_ctx": 8192}
		if len(apis) > 0 {
			values["llm_hass_api"] = apis
		}
		return values
	})
	var agent string
	eventuallyTrue(h.t, func() error {
		for _, id := range h.agents() {
			if !slices.Contains(before, id) {
				agent = id
				return nil
			}
		}
		return fmt.Errorf("there are %q", before)
	})
	h.loaded(entry)
	return agent
}

// agents are the conversation agents there are, by entity.
func (h *homeAssistant) agents() []string {
	h.t.Helper()
	var ids []string
	for id, s := range h.states() {
		if strings.HasPrefix(id, "conversation.") && s.State != "unavailable" {
			ids = append(ids, id)
		}
	}
	return ids
}

// A conversation goes on with one agent of Home Assistant's.
type agentTalk struct {
	h         *homeAssistant
	agent, id string
	goesOn    bool // Home Assistant expects an answer
}

func (h *homeAssistant) converse(agent, id string) *agentTalk {
	return &agentTalk{h: h, agent: agent, id: id}
}

// say is what Home Assistant's page of Assist does with a sentence.
func (a *agentTalk) say(text string) (reply string) {
	a.h.t.Helper()
	var answer struct {
		ID       string `json:"conversation_id"`
		GoesOn   bool   `json:"continue_conversation"`
		Response struct {
			Type   string `json:"response_type"`
			Speech struct{ Plain struct{ Speech string } }
		}
	}
	command := homeassistant.Command{"type": "conversation/process", "text": text, "agent_id": a.agent, "language": "en"}
	if a.id != "" {
		command["conversation_id"] = a.id
	}
	a.h.ask(command, &answer)
	a.id, a.goesOn = answer.ID, answer.GoesOn
	a.h.t.Logf("%q: %s, %q", text, answer.Response.Type, answer.Response.Speech.Plain.Speech)
	return answer.Response.Speech.Plain.Speech
}

func (a *agentTalk) expect(text, reply string) {
	a.h.t.Helper()
	if got := a.say(text); got != reply {
		a.h.t.Errorf("%q: %q, want %q", text, got, reply)
	}
}

// expectState compares the state of an entity in Home Assistant itself.
func (h *homeAssistant) expectState(entity, want string) {
	h.t.Helper()
	if got := h.states()[entity].State; got != want {
		h.t.Errorf("%s is %s, want %s", entity, got, want)
	}
}
