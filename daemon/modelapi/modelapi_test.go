package modelapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ollama/ollama/api"
	"go.uber.org/goleak"

	"hearth/daemon/conversation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A home answers sentences, and notes how it was asked.
type home struct {
	mu    sync.Mutex
	asked []string // "room: sentence"
	talks []string
	say   func(ctx context.Context, text string, told conversation.Observer) (*conversation.Turn, error)
}

func (h *home) ask(ctx context.Context, talk, room, text string, told conversation.Observer) (*conversation.Turn, error) {
	if room == "attic" {
		return nil, &conversation.InputError{Field: "room", Value: `"attic"`, Remedy: "name an area"}
	}
	h.mu.Lock()
	h.asked, h.talks = append(h.asked, room+": "+text), append(h.talks, talk)
	h.mu.Unlock()
	if h.say != nil {
		return h.say(ctx, text, told)
	}
	return told1(told, &conversation.Turn{Reply: "You said " + text + "."})
}

// told1 tells the whole reply of a turn in one piece.
func told1(told conversation.Observer, turn *conversation.Turn) (*conversation.Turn, error) {
	told.Words(turn, 0, turn.Reply)
	return turn, nil
}

// serve gives a client of Ollama's own, and the address.
func serve(t *testing.T, h *home) (*api.Client, string) {
	t.Helper()
	server := httptest.NewServer(New(Options{Ask: h.ask, Version: "1.2.3", Logger: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	t.Cleanup(client.CloseIdleConnections)
	return api.NewClient(base, client), server.URL
}

func chat(messages ...api.Message) *api.ChatRequest {
	return &api.ChatRequest{Model: "hearth", Messages: messages}
}

func user(text string) api.Message      { return api.Message{Role: "user", Content: text} }
func assistant(text string) api.Message { return api.Message{Role: "assistant", Content: text} }
func system(text string) api.Message    { return api.Message{Role: "system", Content: text} }

// send returns the pieces of the answer, and the last.
func send(t *testing.T, c *api.Client, request *api.ChatRequest) (pieces []string, last api.ChatResponse) {
	t.Helper()
	if err := c.Chat(t.Context(), request, func(r api.ChatResponse) error {
		pieces, last = append(pieces, r.Message.Content), r
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return pieces, last
}

func TestAReplyIsStreamedAsItIsWritten(t *testing.T) {
	next := make(chan struct{})
	h := &home{say: func(_ context.Context, _ string, told conversation.Observer) (*conversation.Turn, error) {
		turn := &conversation.Turn{Reply: "It scatters light."}
		for i, words := range []string{"It", " scatters", " light."} {
			told.Words(turn, i, words)
			<-next // not before the client has them
		}
		return turn, nil
	}}
	c, _ := serve(t, h)
	var pieces []string
	var last api.ChatResponse
	if err := c.Chat(t.Context(), chat(user("why is the sky blue")), func(r api.ChatResponse) error {
		pieces, last = append(pieces, r.Message.Content), r
		if !r.Done {
			next <- struct{}{}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"It", " scatters", " light.", ""}; !slices.Equal(pieces, want) {
		t.Errorf("pieces %q, want %q", pieces, want)
	}
	m := last.Metrics
	if !last.Done || last.DoneReason != "stop" || last.Model != "hearth:latest" || last.Message.Role != "assistant" {
		t.Errorf("the last piece is %+v", last)
	}
	if m.PromptEvalCount != 5 || m.EvalCount != 3 || m.TotalDuration < m.PromptEvalDuration+m.EvalDuration || m.EvalDuration <= 0 {
		t.Errorf("the figures are %+v", m)
	}
}

func TestAReplyInOnePiece(t *testing.T) {
	c, _ := serve(t, &home{})
	request := chat(user("hello"))
	request.Stream = new(bool)
	if pieces, last := send(t, c, request); !slices.Equal(pieces, []string{"You said hello."}) || !last.Done || last.EvalCount != 3 {
		t.Errorf("%q, %+v", pieces, last)
	}
	request.Messages = nil // "load the model"
	if pieces, last := send(t, c, request); !slices.Equal(pieces, []string{""}) || last.DoneReason != "load" {
		t.Errorf("%q, %+v", pieces, last)
	}
	var generated api.GenerateResponse
	if err := c.Generate(t.Context(), &api.GenerateRequest{Model: "hearth:latest", Prompt: "good night", Stream: new(bool)}, func(r api.GenerateResponse) error {
		generated = r
		return nil
	}); err != nil || generated.Response != "You said good night." || !generated.Done {
		t.Errorf("%+v, %v", generated, err)
	}
}

// What a client wants to know before it talks.
func TestTheModelIsDescribed(t *testing.T) {
	c, address := serve(t, &home{})
	list, err := c.List(t.Context())
	if err != nil || len(list.Models) != 1 || list.Models[0].Model != "hearth:latest" || len(list.Models[0].Digest) != 64 {
		t.Errorf("tags: %+v, %v", list, err)
	}
	running, err := c.ListRunning(t.Context())
	if err != nil || len(running.Models) != 1 || running.Models[0].ExpiresAt.Before(time.Now()) {
		t.Errorf("ps: %+v, %v", running, err)
	}
	shown, err := c.Show(t.Context(), &api.ShowRequest{Model: "hearth"})
	if err != nil || len(shown.Capabilities) != 1 || shown.Capabilities[0] != "completion" {
		t.Errorf("show: %+v, %v", shown, err)
	}
	if _, err := c.Show(t.Context(), &api.ShowRequest{Model: "hearth:latest", Name: "hearth:latest"}); err != nil { //nolint:staticcheck // as Open WebUI asks
		t.Errorf("by both names: %v", err)
	}
	if version, err := c.Version(t.Context()); err != nil || version != apiVersion {
		t.Errorf("version: %q, %v", version, err)
	}
	pulled := ""
	if err := c.Pull(t.Context(), &api.PullRequest{Model: "hearth"}, func(p api.ProgressResponse) error {
		pulled = p.Status
		return nil
	}); err != nil || pulled != "success" {
		t.Errorf("pull: %q, %v", pulled, err)
	}
	if status, body := fetch(t, http.MethodGet, address+"/", ""); status != 200 || body != "Ollama is running" {
		t.Errorf("root: %d, %q", status, body)
	}
	if _, err := c.Show(t.Context(), &api.ShowRequest{Model: "llama3"}); !isStatus(err, 404) {
		t.Errorf("another model: %v", err)
	}
	if err := c.Pull(t.Context(), &api.PullRequest{Model: "llama3"}, func(api.ProgressResponse) error { return nil }); err == nil {
		t.Error("another model was pulled")
	}
}

func isStatus(err error, status int) bool {
	var refused api.StatusError
	return errors.As(err, &refused) && refused.StatusCode == status
}

func fetch(t *testing.T, method, address, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// A request as Home Assistant 2026.2.3 sends it: instructions, tools in a dialect of JSON schema that Ollama's own
// types do not take, options. Only the last sentence counts, and no tool is called.
const fromHomeAssistant = `{"model":"hearth:latest","messages":[
 {"role":"system","content":"You are a voice assistant for Home Assistant.\nhearth room=kitchen speaker=None\nCall HassTurnOn to open doors.\nCurrent time is 10:00:00."},
 {"role":"user","content":"hello"},{"role":"assistant","content":"You said hello.","tool_calls":null},
 {"role":"tool","content":"{\"success\":true}"},
 {"role":"user","content":"turn on the lights","images":null}],
 "tools":[{"type":"function","function":{"name":"HassTurnOn","parameters":{"type":["object","null"],"properties":{"name":{"type":"string"},"x":{"anyOf":7}},"required":[]}}}],
 "stream":true,"options":{"num_ctx":8192},"format":"","keep_alive":"-1s","think":false}`

func TestHomeAssistantsRequest(t *testing.T) {
	h := &home{}
	_, address := serve(t, h)
	for _, form := range []string{fromHomeAssistant, strings.Replace(fromHomeAssistant, `"format":"","keep_alive":"-1s"`, `"format":null,"keep_alive":-1`, 1)} {
		status, body := fetch(t, http.MethodPost, address+"/api/chat", form)
		if status != 200 || strings.Contains(body, "tool_calls") || strings.Count(body, "\n") != 2 {
			t.Errorf("%d: %s", status, body)
		}
	}
	if want := []string{"kitchen: turn on the lights", "kitchen: turn on the lights"}; !slices.Equal(h.asked, want) {
		t.Errorf("asked %q", h.asked)
	}
}

func TestWhatIsRefused(t *testing.T) {
	h := &home{}
	_, address := serve(t, h)
	for name, test := range map[string]struct {
		path, body string
		status     int
		says       string
	}{
		"another model":     {"/api/chat", `{"model":"llama3","messages":[{"role":"user","content":"hello"}]}`, 404, "hearth:latest"},
		"no model":          {"/api/chat", `{"messages":[{"role":"user","content":"hello"}]}`, 404, "hearth:latest"},
		"no JSON":           {"/api/chat", `hello`, 400, "Ollama's API"},
		"another shape":     {"/api/chat", `{"model":"hearth","messages":"hello"}`, 400, `"messages" is a string`},
		"a form":            {"/api/chat", `{"model":"hearth","format":{"type":"object"},"messages":[{"role":"user","content":"hello"}]}`, 400, "format"},
		"JSON as the form":  {"/api/generate", `{"model":"hearth","format":"json","prompt":"hello"}`, 400, "format"},
		"pictures":          {"/api/chat", `{"model":"hearth","messages":[{"role":"user","content":"hello","images":["aaaa"]}]}`, 400, "images"},
		"a tool's result":   {"/api/chat", `{"model":"hearth","messages":[{"role":"tool","content":"hello"}]}`, 400, "user's"},
		"an empty sentence": {"/api/chat", `{"model":"hearth","messages":[{"role":"user","content":" \n"}]}`, 400, "empty"},
		"too much":          {"/api/chat", `{"model":"` + strings.Repeat("h", maxBody) + `"}`, 413, "too large"},
		"what it has not":   {"/api/embed", `{}`, 404, "does not offer"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := fetch(t, http.MethodPost, address+test.path, test.body)
			var refused errorBody
			if err := json.Unmarshal([]byte(body), &refused); err != nil || status != test.status || !strings.Contains(refused.Error, test.says) {
				t.Errorf("%d, %s; want %d with %q", status, body, test.status, test.says)
			}
		})
	}
	if len(h.asked) != 0 {
		t.Errorf("asked %q", h.asked)
	}
}

func TestAFailedTurn(t *testing.T) {
	h := &home{}
	c, address := serve(t, h)
	for _, test := range []struct {
		err    error
		status int
	}{
		{&conversation.InputError{Field: "text", Value: "2000 bytes", Remedy: "say less"}, 400},
		{context.DeadlineExceeded, 504},
		{context.Canceled, 503},
		{errors.New("/var/lib/hearthd is full"), 500},
	} {
		h.say = func(context.Context, string, conversation.Observer) (*conversation.Turn, error) { return nil, test.err }
		err := c.Chat(t.Context(), chat(user("hello")), func(api.ChatResponse) error { return nil })
		if !isStatus(err, test.status) || strings.Contains(err.Error(), "/var") {
			t.Errorf("%v: got %v", test.err, err)
		}
	}
	h.say = func(_ context.Context, _ string, told conversation.Observer) (*conversation.Turn, error) {
		told.Words(&conversation.Turn{}, 0, "It")
		return nil, context.DeadlineExceeded
	}
	status, body := fetch(t, http.MethodPost, address+"/api/chat", `{"model":"hearth","messages":[{"role":"user","content":"hello"}]}`)
	if lines := strings.Split(strings.TrimSpace(body), "\n"); status != 200 || len(lines) != 2 || lines[1] != `{"error":"the turn took too long"}` {
		t.Errorf("after the first words: %d, %s", status, body)
	}
}

func TestAClientThatGoesEndsItsTurn(t *testing.T) {
	ended := make(chan struct{})
	h := &home{say: func(ctx context.Context, _ string, told conversation.Observer) (*conversation.Turn, error) {
		told.Words(&conversation.Turn{}, 0, "It")
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	}}
	c, _ := serve(t, h)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_ = c.Chat(ctx, chat(user("hello")), func(api.ChatResponse) error {
		cancel()
		return nil
	})
	<-ended
}

// A question ends with a question mark, by which Home Assistant knows that it is to listen for the answer.
func TestAQuestionEndsWithItsMark(t *testing.T) {
	h := &home{say: func(_ context.Context, _ string, told conversation.Observer) (*conversation.Turn, error) {
		return told1(told, &conversation.Turn{Asks: conversation.AsksConfirmation, Reply: "Shall I unlock it? Say yes or no."})
	}}
	c, _ := serve(t, h)
	if pieces, _ := send(t, c, chat(user("unlock the door"))); pieces[0] != "Shall I unlock it? Say yes or no?" {
		t.Errorf("got %q", pieces)
	}
}

func TestAChatGoesOnInItsTalk(t *testing.T) {
	h := &home{}
	c, _ := serve(t, h)
	first := []api.Message{system("Time is 10:00."), user("hello")}
	send(t, c, chat(first...))
	second := append(slices.Clone(first), assistant("You said hello."), user("yes"))
	second[0] = system("Time is 10:01.")
	send(t, c, chat(second...))
	third := append(slices.Clone(second), assistant("You said yes. \n"), user("no"))
	send(t, c, chat(third[2:]...))                                          // the client keeps no more
	send(t, c, chat(user("hello")))                                         // another talk, with the same beginning
	send(t, c, chat(user("hello"), assistant("I said that."), user("yes"))) // what was never answered so
	send(t, c, chat(system("hearth room=kitchen"), user("hello"), assistant("You said hello."), user("yes")))
	of := map[string]string{}
	var got []string
	for _, id := range h.talks {
		if of[id] == "" {
			of[id] = string(rune('a' + len(of)))
		}
		got = append(got, of[id])
	}
	if want := []string{"a", "a", "a", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Errorf("talks %q, want %q", got, want)
	}
}

func TestTheLineOfTheInstructions(t *testing.T) {
	h := &home{}
	c, _ := serve(t, h)
	for _, instructions := range []string{
		"Be nice.\nhearth room=kitchen speaker=abc\nNow.", "hearth speaker=abc room=attic", " hearth speaker=abc \r\n", "hearth room=None speaker=None", "say hearth room=kitchen",
	} {
		send(t, c, chat(system(instructions), user("hello"), assistant("hearth room=office"), user("hearth room=office")))
	}
	want := []string{"kitchen: hearth room=office", ": hearth room=office", ": hearth room=office", ": hearth room=office", ": hearth room=office"}
	if !slices.Equal(h.asked, want) {
		t.Errorf("asked %q, want %q", h.asked, want)
	}
	if h.talks[0] != h.talks[1] || h.talks[1] != h.talks[2] || h.talks[2] == h.talks[3] || h.talks[3] == h.talks[4] || strings.Contains(h.talks[0], "#") {
		t.Errorf("talks %q", h.talks)
	}
}

func TestOldTalksAreForgotten(t *testing.T) {
	all := newTalks()
	for i := range mostTalks + 5 {
		all.note(fmt.Sprint(i), place{}, "hello", fmt.Sprint(i))
		all.known[key("", "hello", fmt.Sprint(i))] = talk{fmt.Sprint(i), time.Now().Add(time.Duration(i-mostTalks-5) * time.Millisecond)}
	}
	after := func(i int) string {
		return all.of([]message{{Role: "user", Content: "hello"}, {Role: "assistant", Content: fmt.Sprint(i)}, {Role: "user", Content: "yes"}}, place{})
	}
	if len(all.known) != mostTalks || after(4) == "4" || after(5) != "5" || after(mostTalks+4) != fmt.Sprint(mostTalks+4) {
		t.Errorf("%d are known, the oldest is %q", len(all.known), after(5))
	}
	all.known[key("", "hello", "5")] = talk{"5", time.Now().Add(-talkTime)}
	if after(5) == "5" {
		t.Error("it goes on after an hour")
	}
}

func FuzzChat(f *testing.F) {
	f.Add(fromHomeAssistant)
	f.Add(`{"model":"hearth","messages":[{"role":"user","content":"\ud800"}],"stream":false}`)
	s := New(Options{Ask: (&home{}).ask, Logger: slog.New(slog.DiscardHandler)})
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/api/chat", "/api/generate", "/api/show", "/api/pull"} {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
			if w.Code >= 500 {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
			for line := range strings.Lines(w.Body.String()) {
				if !json.Valid([]byte(line)) {
					t.Errorf("%s: %q is no JSON", path, line)
				}
			}
		}
	})
}
