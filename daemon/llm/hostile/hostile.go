// Package hostile is a server of language models that does, one way at a time, what such servers should
// not do. It speaks as Ollama does, as OpenAI's servers and as Anthropic's, and is there for tests alone.
package hostile

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Model is the name of the only model.
const Model = "hostile:1b"

// Well is the manner of a server that answers as it should: {"calls":[],"reply":"It is a good evening."}
const Well = "well"

// good is an answer that is as it should be.
const good = `{"calls":[],"reply":"It is a good evening."}`

// manners are what a server may do with a question, by name.
var manners = map[string]func(answer){
	Well:       func(a answer) { a.says(good) },
	"acts":     func(a answer) { a.says(`{"calls":[{"entity":"light.desk_lamp","service":"turn_on"}],"reply":""}`) },
	"silent":   func(a answer) { a.wait() },
	"trickles": func(a answer) { a.trickle() },
	"drops":    func(answer) { panic(http.ErrAbortHandler) },
	"cuts": func(a answer) {
		a.write(`{"calls":[],"re`)
		panic(http.ErrAbortHandler)
	},
	"cuts_speech": func(a answer) {
		a.write(`{"calls":[],"reply":"It is the first sentence. And this`)
		panic(http.ErrAbortHandler)
	},
	"stops":   func(a answer) { a.write(`{"calls":[],"re`) }, // and closes the stream without an end
	"breaks":  func(a answer) { a.write(`{"calls":[],"re`); a.breaks("unexpected EOF") },
	"fails":   func(a answer) { a.fails(http.StatusInternalServerError, "api_error", "something is broken") },
	"gateway": func(a answer) { a.page(http.StatusBadGateway, "<html><h1>502 Bad Gateway</h1></html>") },
	"busy": func(a answer) {
		a.fails(http.StatusServiceUnavailable, "overloaded_error", "server busy, please try again")
	},
	"missing": func(a answer) { a.fails(http.StatusNotFound, "not_found_error", "model 'x' not found") },
	"refuses": func(a answer) { a.fails(http.StatusUnauthorized, "authentication_error", "invalid key") },
	"full":    func(a answer) { a.tooLong() },
	"memory": func(a answer) {
		a.fails(http.StatusInternalServerError, "api_error", "model requires more system memory (5.6 GiB) than is available (1.2 GiB)")
	},
	"page":      func(a answer) { a.page(http.StatusOK, "<html><body>Welcome to your router</body></html>") },
	"elsewhere": func(a answer) { a.w.Header().Set("Location", "/stolen"); a.w.WriteHeader(http.StatusTemporaryRedirect) },
	"bad_json":  func(a answer) { a.says(`{"calls": [}`) },
	"prose":     func(a answer) { a.says("Sure! I have opened the front door for you.") },
	"other":     func(a answer) { a.says(`{"action":"unlock","target":"everything"}`) },
	"empty":     func(a answer) { a.says(`{"calls":[],"reply":""}`) },
	"nothing":   func(a answer) { a.says("") },
	"blank":     func(a answer) { a.forever(" \n\t ") },
	"endless":   func(a answer) { a.write(`{"calls":[],"reply":"`); a.forever("And so it goes on. ") },
	"hums":      func(a answer) { a.write(`{"calls":[],"reply":"`); a.forever("la ") },
	"recites":   func(a answer) { a.write(`{"calls":[{"entity":"`); a.forever("light.") },
	"line":      func(a answer) { a.line() },
	"thinks":    func(a answer) { a.thinks() },
	"stranger":  func(a answer) { a.says(`{"calls":[],"reply":"Das weiß ich leider nicht, aber es ist schön hier."}`) },
	"letters":   func(a answer) { a.says(`{"calls":[],"reply":"今天天气很好，祝您愉快。"}`) },
	"loops":     func(a answer) { a.says(`{"look":[{"tool":"history","with":{"again":true}}],"calls":[],"reply":""}`) },
	"invents": func(a answer) {
		a.says(`{"calls":[{"entity":"lock.nowhere","service":"unlock"}],"reply":"It is open."}`)
	},
	"intrudes": func(a answer) {
		a.says(`{"calls":[{"entity":"switch.freezer","service":"turn_off"}],"reply":"It is off."}`)
	},
	"half": func(a answer) { a.ends(`{"calls":[{"entity":"light.desk_`, false) },
}

// Manners are the names of all manners.
func Manners() []string { return slices.Sorted(maps.Keys(manners)) }

// Handler serves in the manner that is named at the time of a question; an unknown name is told in the
// answer. Questions about models are always answered.
func Handler(manner func() string) http.Handler {
	mux := http.NewServeMux()
	for path, d := range map[string]dialect{
		"POST /api/chat": ollama{}, "POST /v1/chat/completions": openai{}, "POST /v1/messages": anthropic{},
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // so that the server notices when the asker goes
			name := manner()
			if behave := manners[name]; behave != nil {
				w.Header().Set("Content-Type", d.contentType())
				behave(answer{dialect: d, w: w, r: r})
				return
			}
			http.Error(w, fmt.Sprintf("no manner %q: name one of %q", name, Manners()), http.StatusNotImplemented)
		})
	}
	fixed := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v)
		}
	}
	model := map[string]any{"name": Model, "model": Model}
	mux.Handle("GET /api/tags", fixed(map[string]any{"models": []any{model}}))
	mux.Handle("GET /api/ps", fixed(map[string]any{"models": []any{model}}))
	mux.Handle("GET /v1/models", fixed(map[string]any{"object": "list", "data": []any{map[string]any{"id": Model, "object": "model"}}}))
	mux.Handle("GET /v1/models/"+Model, fixed(map[string]any{"id": Model, "type": "model", "display_name": Model}))
	mux.Handle("POST /api/show", fixed(map[string]any{"capabilities": []string{"completion"}}))
	return mux
}

// A dialect is how a protocol puts things.
type dialect interface {
	contentType() string // of a stream
	begin() string       // of a stream, before its first piece
	piece(text string) string
	thought(text string) string
	end(complete bool) string // complete: the model was done, and not cut off
	broken(message string) string
	fault(kind, message string) string
	full() (status int, kind, message string) // of a prompt that is too long
}

// An answer is one that is being given.
type answer struct {
	dialect
	w http.ResponseWriter
	r *http.Request
}

func (a answer) send(text string) bool {
	_, err := io.WriteString(a.w, text)
	_ = http.NewResponseController(a.w).Flush()
	return err == nil && a.r.Context().Err() == nil
}

func (a answer) write(text string) { a.send(a.begin() + a.piece(text)) }

// says gives the whole answer, in pieces of a few letters.
func (a answer) says(text string) { a.ends(text, true) }

func (a answer) ends(text string, complete bool) {
	a.send(a.begin())
	for letters := range slices.Chunk([]rune(text), 3) {
		a.send(a.piece(string(letters)))
	}
	a.send(a.end(complete))
}

func (a answer) breaks(message string) { a.send(a.broken(message)) }

func (a answer) fails(status int, kind, message string) {
	a.w.Header().Set("Content-Type", "application/json")
	a.w.WriteHeader(status)
	a.send(a.fault(kind, message))
}

func (a answer) tooLong() { a.fails(a.full()) }

func (a answer) page(status int, html string) {
	a.w.Header().Set("Content-Type", "text/html")
	a.w.WriteHeader(status)
	a.send(html)
}

func (a answer) wait() { <-a.r.Context().Done() }

// trickle never ends, and is slow about it.
func (a answer) trickle() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for a.send(a.begin() + a.piece(" ")) {
		select {
		case <-tick.C:
		case <-a.r.Context().Done():
			return
		}
	}
}

func (a answer) forever(text string) {
	a.send(a.begin())
	for a.send(a.piece(text)) { // until nobody listens
	}
}

// line is one without an end.
func (a answer) line() {
	opened, _, _ := strings.Cut(a.begin()+a.piece("#"), "#")
	for ok := a.send(opened); ok; ok = a.send(strings.Repeat("x", 64<<10)) {
	}
}

func (a answer) thinks() {
	a.send(a.begin())
	for a.send(a.thought("But wait. ")) {
	}
}

func quote(v any) string {
	text, _ := json.Marshal(v) // maps and strings can always be written
	return string(text)
}
