// Package modelapi lets Hearth be used as if it were a model on an Ollama server: a program that can talk to Ollama,
// Home Assistant's own integration above all, can then talk to the home.
//
// The last message of a chat is the sentence. It becomes a turn like any other, and what Hearth does and says passes
// the same gate: no tool calls are returned, since Hearth has done what was asked itself. A program's instructions,
// tools and options mean nothing to it, but for one line of the instructions (see readLine). What Hearth cannot do,
// such as an answer in a given format, is refused.
//
// Source: https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md and the ollama integration of Home Assistant
// 2026.2 and 2026.11.
package modelapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"

	"hearth/daemon/conversation"
)

// Name is what the model is called.
const Name = "hearth"

// fullName is the name with the tag that Ollama adds.
const fullName = Name + ":latest"

// apiVersion is the version of Ollama whose API this is.
const apiVersion = "0.17.4"

// An Asker runs a turn for a sentence in a room, "" when none is known, within a conversation, and tells told of it.
type Asker func(ctx context.Context, conversation, room, text string, told conversation.Observer) (*conversation.Turn, error)

// Options configure a Server.
type Options struct {
	Ask     Asker
	Version string        // of the daemon
	Timeout time.Duration // for one turn; 2 minutes when 0
	Logger  *slog.Logger
}

// A Server answers as Ollama does. It is an http.Handler, and safe for concurrent use.
type Server struct {
	opts  Options
	mux   *http.ServeMux
	since time.Time
	talks *talks
}

// New starts nothing.
func New(o Options) *Server {
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	s := &Server{opts: o, mux: http.NewServeMux(), since: time.Now(), talks: newTalks()}
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /{$}":           s.root,
		"GET /api/version":   s.version,
		"GET /api/tags":      s.tags,
		"GET /api/ps":        s.running,
		"POST /api/show":     s.show,
		"POST /api/pull":     s.pull,
		"POST /api/chat":     s.chat,
		"POST /api/generate": s.generate,
	} {
		s.mux.HandleFunc(pattern, handler)
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, &apiError{http.StatusNotFound, "Hearth does not offer this part of Ollama's API"})
	})
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// root is what a client looks for to know that a server is there.
func (s *Server) root(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprint(w, "Ollama is running")
}

func (s *Server) version(w http.ResponseWriter, _ *http.Request) {
	s.reply(w, map[string]string{"version": apiVersion})
}

// details say that there is no file of weights behind the name.
func details() api.ModelDetails {
	return api.ModelDetails{Format: "hearth", Family: Name, Families: []string{Name}}
}

// digest changes with the version, as a client may keep what it knows of a model by its digest.
func (s *Server) digest() string {
	sum := sha256.Sum256([]byte(fullName + " " + s.opts.Version))
	return hex.EncodeToString(sum[:])
}

func (s *Server) tags(w http.ResponseWriter, _ *http.Request) {
	s.reply(w, api.ListResponse{Models: []api.ListModelResponse{
		{Name: fullName, Model: fullName, ModifiedAt: s.since, Digest: s.digest(), Details: details()},
	}})
}

// running says that the model is loaded, and stays so.
func (s *Server) running(w http.ResponseWriter, _ *http.Request) {
	s.reply(w, api.ProcessResponse{Models: []api.ProcessModelResponse{{
		Name: fullName, Model: fullName, Digest: s.digest(), Details: details(),
		ExpiresAt: time.Now().AddDate(1, 0, 0), ContextLength: conversation.MaxText,
	}}})
}

func (s *Server) show(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Model, Name string }
	if err := s.read(w, r, &asked); err != nil {
		s.fail(w, err)
		return
	}
	if err := checkModel(cmp.Or(asked.Model, asked.Name)); err != nil {
		s.fail(w, err)
		return
	}
	s.reply(w, api.ShowResponse{
		Details: details(), ModifiedAt: s.since, Capabilities: []model.Capability{model.CapabilityCompletion},
		Modelfile: "# Hearth " + s.opts.Version + ": a home that acts and answers by itself. It takes no tools and no system prompt.",
		ModelInfo: map[string]any{"general.architecture": Name, Name + ".context_length": conversation.MaxText},
	})
}

// pull says that the model is there, as Home Assistant asks for before it uses one that it did not find.
func (s *Server) pull(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Model, Name string
		Stream      *bool
	}
	if err := s.read(w, r, &asked); err != nil {
		s.fail(w, err)
		return
	}
	if err := checkModel(cmp.Or(asked.Model, asked.Name)); err != nil {
		s.fail(w, err)
		return
	}
	s.reply(w, api.ProgressResponse{Status: "success"})
}

// checkModel wants the one model there is.
func checkModel(name string) error {
	switch name {
	case Name, fullName:
		return nil
	}
	return &apiError{http.StatusNotFound, fmt.Sprintf("model %q not found: the only one here is %s", shorten(name), fullName)}
}

func shorten(text string) string {
	const most = 60
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// reply answers with JSON on one line, as Ollama does.
func (s *Server) reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.opts.Logger.Debug("an answer was not sent", "error", err) // the client is gone
	}
}
