package modelapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ollama/ollama/api"

	"hearth/daemon/conversation"
)

// chat answers POST /api/chat.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Model    string          `json:"model"`
		Messages []message       `json:"messages"`
		Stream   *bool           `json:"stream"`
		Format   json.RawMessage `json:"format"`
	}
	if err := s.read(w, r, &asked); err != nil {
		s.fail(w, err)
		return
	}
	piece := func(text string, end *ending) any {
		c := api.ChatResponse{Model: fullName, CreatedAt: time.Now().UTC(), Message: api.Message{Role: "assistant", Content: text}}
		if end != nil {
			c.Done, c.DoneReason, c.Metrics = true, end.reason, end.metrics
		}
		return c
	}
	s.answer(w, r, request{asked.Model, asked.Messages, asked.Format, asked.Stream == nil || *asked.Stream}, piece)
}

// generate answers POST /api/generate, a chat of one message.
func (s *Server) generate(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Model  string          `json:"model"`
		Prompt string          `json:"prompt"`
		System string          `json:"system"`
		Images []any           `json:"images"`
		Stream *bool           `json:"stream"`
		Format json.RawMessage `json:"format"`
	}
	if err := s.read(w, r, &asked); err != nil {
		s.fail(w, err)
		return
	}
	var messages []message
	if asked.Prompt != "" {
		messages = []message{{Role: "system", Content: asked.System}, {Role: "user", Content: asked.Prompt, Images: asked.Images}}
	}
	piece := func(text string, end *ending) any {
		g := api.GenerateResponse{Model: fullName, CreatedAt: time.Now().UTC(), Response: text}
		if end != nil {
			g.Done, g.DoneReason, g.Metrics = true, end.reason, end.metrics
		}
		return g
	}
	s.answer(w, r, request{asked.Model, messages, asked.Format, asked.Stream == nil || *asked.Stream}, piece)
}

// A request is what a chat and a generation have in common.
type request struct {
	model    string
	messages []message
	format   json.RawMessage
	stream   bool
}

// sentence is what is to be done, "" when the model is only to be loaded.
func (r request) sentence() (string, error) {
	if err := checkModel(r.model); err != nil {
		return "", err
	}
	if f := strings.TrimSpace(string(r.format)); f != "" && f != "null" && f != `""` {
		return "", &apiError{http.StatusBadRequest, "format: Hearth answers in sentences, and fills in no form: leave it out"}
	}
	if len(r.messages) == 0 {
		return "", nil
	}
	last := r.messages[len(r.messages)-1]
	switch {
	case last.Role != "user":
		return "", &apiError{http.StatusBadRequest, "messages: the last one must be the user's"}
	case len(last.Images) > 0:
		return "", &apiError{http.StatusBadRequest, "images: Hearth sees none: send text only"}
	case strings.TrimSpace(last.Content) == "":
		return "", &apiError{http.StatusBadRequest, "messages: the last one is empty: send a sentence"}
	}
	return last.Content, nil
}

// An ending is what the last piece of an answer has.
type ending struct {
	reason  string
	metrics api.Metrics
}

// answer runs the turn and gives its reply, piece by piece as it is written or all at once.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, asked request, piece func(string, *ending) any) {
	sentence, err := asked.sentence()
	if err != nil {
		s.fail(w, err)
		return
	}
	if sentence == "" { // so does Ollama load a model, or let go of it
		s.reply(w, piece("", &ending{reason: "load"}))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.opts.Timeout)
	defer cancel()
	out := &pieces{w: w, stream: asked.stream, piece: piece, clock: stopwatch{began: time.Now()}}
	where := readLine(asked.messages)
	talk := s.talks.of(asked.messages, where)
	for news := range conversation.Follow(ctx, s.asking(talk, where.Room, sentence)) {
		switch {
		case news.Err != nil && !out.begun:
			s.fail(w, news.Err)
		case news.Err != nil:
			out.write(errorBody{asAPIError(news.Err).text})
		case news.Over:
			s.talks.note(talk, where, sentence, out.said.String())
			out.end(sentence)
		case news.Heard == nil:
			out.say(news)
		}
		if out.err != nil {
			s.opts.Logger.Debug("an answer was not sent", "error", out.err) // the client is gone, and with it the turn
			return
		}
	}
}

// asking runs the turn. A room that this home does not have is none: the client's idea of it may be old.
func (s *Server) asking(talk, room, sentence string) func(context.Context, conversation.Observer) (*conversation.Turn, error) {
	return func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error) {
		turn, err := s.opts.Ask(ctx, talk, room, sentence, told)
		if input := (*conversation.InputError)(nil); errors.As(err, &input) && input.Field == "room" {
			return s.opts.Ask(ctx, talk, "", sentence, told)
		}
		return turn, err
	}
}

// pieces writes an answer.
type pieces struct {
	w      http.ResponseWriter
	stream bool
	piece  func(string, *ending) any
	clock  stopwatch
	said   strings.Builder
	begun  bool
	err    error
}

// say gives the next piece of the reply. What asks something ends with a question mark, by which Home Assistant knows
// that it is to listen for the answer.
func (p *pieces) say(n conversation.News) {
	text := n.Words
	if start, ok := strings.CutSuffix(strings.TrimSpace(text), "."); ok && n.Asks != "" {
		text = start + "?"
	}
	p.clock.word()
	p.said.WriteString(text)
	if p.stream {
		p.write(p.piece(text, nil))
	}
}

func (p *pieces) end(sentence string) {
	end := &ending{reason: "stop", metrics: p.clock.metrics(sentence, p.said.String())}
	text := ""
	if !p.stream {
		text = p.said.String()
	}
	p.write(p.piece(text, end))
}

// write sends one line of the answer.
func (p *pieces) write(body any) {
	if p.err != nil {
		return
	}
	if !p.begun {
		p.begun = true
		kind := "application/json; charset=utf-8"
		if p.stream {
			kind = "application/x-ndjson"
		}
		p.w.Header().Set("Content-Type", kind)
	}
	if p.err = json.NewEncoder(p.w).Encode(body); p.err == nil && p.stream {
		p.err = http.NewResponseController(p.w).Flush()
	}
}

// A stopwatch measures an answer.
type stopwatch struct {
	began, first time.Time
}

// word notes that the reply has begun.
func (s *stopwatch) word() {
	if s.first.IsZero() {
		s.first = time.Now()
	}
}

// metrics are what Ollama tells of an answer. Words stand for tokens: those of the sentence, which were read until
// the reply began, and those of the reply.
func (s *stopwatch) metrics(sentence, reply string) api.Metrics {
	now := time.Now()
	if s.first.IsZero() {
		s.first = now
	}
	return api.Metrics{
		TotalDuration:   now.Sub(s.began),
		PromptEvalCount: len(strings.Fields(sentence)), PromptEvalDuration: s.first.Sub(s.began),
		EvalCount: len(strings.Fields(reply)), EvalDuration: max(now.Sub(s.first), 1),
	}
}
