package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/ollama/ollama/api"
	"github.com/rogpeppe/go-internal/testscript"
)

// modelScript is the key of how to end a script's Ollama server.
type modelScript struct{}

// A modelStop ends a script's Ollama server.
type modelStop struct{ close func() }

// model FILE: starts an Ollama server that knows the answers in FILE, a JSON object of what the sentence must hold
// and what is written then, and sets MODEL to its address. model stop: ends it.
func model(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "stop" {
		ts.Value(modelScript{}).(*modelStop).close()
		return
	}
	answers := map[string]json.RawMessage{}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &answers))
	server := scriptedOllama(func(asked string) string {
		for part, answer := range answers {
			if strings.Contains(asked, part) {
				return string(answer)
			}
		}
		return `{"calls": [], "reply": "I do not know."}`
	})
	ts.Defer(server.Close)
	ts.Setenv("MODEL", server.URL)
	ts.Value(modelScript{}).(*modelStop).close = server.Close
}

// scriptedOllama is an Ollama server with one model, which writes what answer says to the sentence, the last line that it is sent.
func scriptedOllama(answer func(asked string) string) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"models": [{"name": "scripted:1b", "model": "scripted:1b"}]}`)
	})
	mux.HandleFunc("GET /api/version", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"version": "0.12.0"}`) })
	mux.HandleFunc("GET /api/ps", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"models": []}`) })
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"capabilities": ["completion"], "model_info": {"general.architecture": "x", "x.context_length": 32768}}`)
	})
	mux.HandleFunc("POST /api/generate", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"done": true}`) })
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		var request api.ChatRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) == 0 {
			http.Error(w, fmt.Sprint("no messages: ", err), http.StatusBadRequest)
			return
		}
		lines := strings.Split(request.Messages[len(request.Messages)-1].Content, "\n")
		written := answer(lines[len(lines)-1]) // without what was said before
		_ = json.NewEncoder(w).Encode(api.ChatResponse{
			Model: request.Model, Message: api.Message{Role: "assistant", Content: written}, Done: true, DoneReason: "stop",
		})
	})
	return httptest.NewServer(mux)
}

// replace FILE OLD NEW: replaces text in a file; environment variables in FILE and NEW count.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	content, err := os.ReadFile(path)
	ts.Check(err)
	changed := strings.ReplaceAll(string(content), args[1], args[2])
	if changed == string(content) {
		ts.Fatalf("%s does not hold %q", path, args[1])
	}
	ts.Check(os.WriteFile(path, []byte(changed), 0o600))
}
