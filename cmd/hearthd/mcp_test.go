package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"hearth/daemon/conversation"
)

// TestMCP uses the simulated home as other assistants do: through the program that they start, and over the network.
func TestMCP(t *testing.T) {
	requireAssets(t)
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	const secret = "an-assistants-token-0123"
	token := filepath.Join(t.TempDir(), "mcp_token")
	if err := os.WriteFile(token, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	// Among the servers whose tools the model may use is this home itself.
	own := fmt.Sprintf("{name: itself, url: 'http://%s/mcp', token_file: %s}", address, token)
	d := runHearth(t, "http://127.0.0.1:1", fmt.Sprintf("mcp: {listen: %s, token_file: %s, servers: [%s]}", address, token, own))
	for _, component := range []string{"home", "mcp", "history", "mcp itself"} {
		d.waitFor(component)
	}
	for name, transport := range map[string]mcp.Transport{
		"standard input and output": &mcp.CommandTransport{Command: d.command("mcp")},
		"the network": &mcp.StreamableClientTransport{
			Endpoint: "http://" + address + "/mcp", HTTPClient: &http.Client{Transport: withToken(secret)}, DisableStandaloneSSE: true, MaxRetries: -1},
	} {
		t.Run(name, func(t *testing.T) { useHome(t, transport) })
	}
	d.answersBeforeItEnds()
	d.refusesLater()
	without := &mcp.StreamableClientTransport{Endpoint: "http://" + address + "/mcp", DisableStandaloneSSE: true, MaxRetries: -1}
	if _, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), without, nil); err == nil {
		t.Error("it is let in without the token")
	}
	alone := d.command("mcp")
	alone.Env = append(alone.Env, "HEARTH_STATE_DIR="+t.TempDir())
	if out, err := alone.CombinedOutput(); err == nil || !strings.Contains(string(out), "no hearthd is running") {
		t.Errorf("without a daemon: %v, %s", err, out)
	}
}

// answersBeforeItEnds pipes calls into the program, as a script does, and closes the pipe at once.
func (d *hearth) answersBeforeItEnds() {
	d.t.Helper()
	for range 3 {
		cmd := d.command("mcp")
		cmd.Stdin = strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ask","arguments":{"sentence":"turn on the kitchen ceiling"}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"ask","arguments":{"sentence":"turn off the kitchen ceiling"}}}
`)
		out, err := cmd.CombinedOutput()
		for _, want := range []string{`"id":1`, `"id":2`, `"id":3`, "Turned on the light", "Turned off the light"} {
			if err != nil || !strings.Contains(string(out), want) {
				d.t.Errorf("no %s, %v:\n%s", want, err, out)
			}
		}
	}
}

// withToken sends a token with each request.
type withToken string

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(w))
	return http.DefaultTransport.RoundTrip(r)
}

// useHome uses each tool.
func useHome(t *testing.T, transport mcp.Transport) {
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	use := func(tool string, arguments map[string]any, failed bool, wants ...string) {
		t.Helper()
		got, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
		if err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if got.IsError != failed {
			t.Errorf("%s: %s", tool, text)
		}
		structured, err := json.Marshal(got.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(structured), want) {
				t.Errorf("%s: %s, want %s", tool, structured, want)
			}
		}
	}
	lamp, door := map[string]any{"entity_id": "light.kitchen_ceiling"}, map[string]any{"entity_id": "lock.front_door"}
	use("ask", map[string]any{"sentence": "turn on the kitchen ceiling"}, false, `"outcome":"confirmed"`, `"reply":"Turned on the light"`)
	use("get_state", lamp, false, `"state":"on"`)
	use("call", map[string]any{"entity_id": "light.kitchen_ceiling", "service": "light.turn_off"}, false, `"evidence":"state went from on to off"`)
	use("why", nil, false, `"decided_by":"caller"`, `"channel":"mcp"`)
	use("list_entities", map[string]any{"domain": "lock"}, false, "lock.front_door")

	// Whatever the assistant tries, the door stays locked.
	use("ask", map[string]any{"sentence": "unlock the front door"}, true, `"failure":"not_allowed"`, "needs a person")
	use("ask", map[string]any{"sentence": "yes"}, true)
	use("call", map[string]any{"entity_id": "lock.front_door", "service": "lock.unlock"}, true, `"failure":"not_allowed"`)
	use("ask", map[string]any{"sentence": "yes"}, true)
	use("ask", map[string]any{"sentence": "unlock the front door in one second"}, false, `"outcome":"confirmed"`)
	use("get_state", door, false, `"state":"locked"`)
}

// refusesLater waits until what an assistant has put off is due, and refused as it would have been at once.
func (d *hearth) refusesLater() {
	d.t.Helper()
	eventuallyTrue(d.t, func() error {
		turns, err := d.client.Recent(d.t.Context(), 50)
		for _, turn := range turns {
			if turn.Trigger == nil {
				continue
			}
			if turn.Channel != "mcp" || turn.Failure != conversation.NotAllowed || turn.Asks != "" {
				d.t.Errorf("what was put off: %+v", turn)
			}
			return nil
		}
		return fmt.Errorf("nothing is due yet: %w", err)
	})
}
