package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/audio"
	"hearth/audio/wav"
	"hearth/daemon/conversation"
)

// Turns carries out utterances. Both methods may be called by several callers at a time.
type Turns interface {
	// Say runs one turn for a typed sentence; room is an area ID or "".
	Say(ctx context.Context, room, text string) (*conversation.Turn, error)
	// Hear runs one turn for a recorded one.
	Hear(ctx context.Context, room string, clip audio.Clip) (*conversation.Turn, error)
}

// A SayRequest is the body of POST /v1/turns.
type SayRequest struct {
	Text string `json:"text"`
	Room string `json:"room,omitempty"` // area ID, "" when it does not matter
}

// Limits of a request.
const (
	maxText  = 4 << 10          // bytes of a sentence
	maxJSON  = 8 * maxText      // bytes of a body that holds one, escapes included
	maxRoom  = 256              // bytes of an area ID
	maxWAV   = 10 << 20         // bytes of a recording
	maxSound = 30 * time.Second // length of a recording

	maxLimit     = 200 // entries of one list
	defaultLimit = 20
)

// A saying is a turn that was asked for and not yet begun.
type saying func(context.Context, Turns) (*conversation.Turn, error)

func (s *Server) handleTurn(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.opts.TurnTimeout)
	defer cancel()
	asked, err := readSaying(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if wantsEvents(r) {
		s.stream(ctx, w, r, asked)
		return
	}
	turn, err := asked(ctx, s.opts.Turns(CallerOf(ctx), nil))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.reply(w, http.StatusOK, turn)
}

func readSaying(w http.ResponseWriter, r *http.Request) (saying, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		asked, err := readText(http.MaxBytesReader(w, r.Body, maxJSON))
		return func(ctx context.Context, turns Turns) (*conversation.Turn, error) {
			return turns.Say(ctx, asked.Room, asked.Text)
		}, err
	case "audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave":
		room := r.URL.Query().Get("room")
		if err := checkRoom(room); err != nil {
			return nil, err
		}
		clip, err := wav.Decode(http.MaxBytesReader(w, r.Body, maxWAV), maxSound)
		return func(ctx context.Context, turns Turns) (*conversation.Turn, error) {
			return turns.Hear(ctx, room, clip)
		}, err
	}
	return nil, &RequestError{
		Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Value: shorten(kind),
		Message: "this is neither text nor sound", Remedy: "send application/json or audio/wav",
	}
}

func readText(body io.Reader) (SayRequest, error) {
	var asked SayRequest
	raw, err := io.ReadAll(body)
	if err != nil {
		return asked, unread(err)
	}
	if !utf8.Valid(raw) {
		return asked, invalid("body", string(raw), "the text is not UTF-8", "send UTF-8")
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return asked, notJSON(string(raw), err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return asked, notJSON(string(raw), errors.New("something follows the object"))
	}
	asked.Text = strings.TrimSpace(asked.Text)
	if asked.Text == "" {
		return asked, invalid("text", "", "there is no text", `send {"text": "turn on the light"}`)
	}
	if len(asked.Text) > maxText {
		return asked, invalid("text", asked.Text, fmt.Sprintf("the text has %d bytes", len(asked.Text)),
			fmt.Sprintf("send one sentence of at most %d bytes", maxText))
	}
	return asked, checkRoom(asked.Room)
}

func checkRoom(room string) error {
	if len(room) > maxRoom || !utf8.ValidString(room) {
		return invalid("room", room, "this is not an area ID", `send one like "kitchen"`)
	}
	return nil
}

func (s *Server) recent(ctx context.Context, limit int) (any, error) {
	turns, err := s.opts.Recent(ctx, limit)
	return recentBody{append([]*conversation.Turn{}, turns...)}, err
}

func (s *Server) audit(ctx context.Context, limit int) (any, error) {
	entries, err := s.opts.Audit(ctx, limit)
	return auditBody{append([]conversation.AuditEntry{}, entries...)}, err
}

// list answers with the last of these things.
func (s *Server) list(things string, last func(ctx context.Context, limit int) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		limit := defaultLimit
		if given := r.URL.Query().Get("limit"); given != "" {
			var err error
			if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > maxLimit {
				s.fail(w, r, invalid("limit", given, "this is not a number of "+things, fmt.Sprintf("send 1 to %d", maxLimit)))
				return
			}
		}
		body, err := last(r.Context(), limit)
		if err != nil {
			s.fail(w, r, fmt.Errorf("read the last %s: %w", things, err))
			return
		}
		s.reply(w, http.StatusOK, body)
	}
}

func (s *Server) handleOneTurn(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	switch turn, err := s.opts.Turn(r.Context(), id); {
	case err != nil:
		s.fail(w, r, fmt.Errorf("read a turn: %w", err))
	case turn == nil:
		s.fail(w, r, &RequestError{Status: http.StatusNotFound, Field: "id", Value: shorten(id), Message: "there is no such turn", Remedy: "send the turn_id of one"})
	default:
		s.reply(w, http.StatusOK, turn)
	}
}

// A recentBody is the answer of GET /v1/turns.
type recentBody struct {
	Turns []*conversation.Turn `json:"turns"` // newest first
}

// An auditBody is the answer of GET /v1/audit.
type auditBody struct {
	Audit []conversation.AuditEntry `json:"audit"` // newest first
}

func invalid(field, value, message, remedy string) *RequestError {
	return &RequestError{Status: http.StatusUnprocessableEntity, Field: field, Value: shorten(value), Message: message, Remedy: remedy}
}

func notJSON(value string, err error) *RequestError {
	return &RequestError{
		Status: http.StatusBadRequest, Field: "body", Value: shorten(value),
		Message: "the body is not as expected: " + err.Error(), Remedy: `send {"text": "turn on the light", "room": "kitchen"}`,
	}
}

// unread is a body that did not arrive whole; one that is too large keeps its own error.
func unread(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &RequestError{Status: http.StatusBadRequest, Field: "body", Message: "the body did not arrive: " + err.Error(), Remedy: "send it again"}
}
