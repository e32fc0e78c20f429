package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"hearth/audio/wav"
	"hearth/daemon/conversation"
)

// A RequestError is why a request was not carried out, as people can act on it.
type RequestError struct {
	Status  int    `json:"-"`                // HTTP status
	Field   string `json:"field,omitempty"`  // what was wrong: "text", "room", "limit", "body"
	Value   string `json:"value,omitempty"`  // as it was given, shortened
	Remedy  string `json:"remedy,omitempty"` // what to do
	Message string `json:"message"`
}

func (p *RequestError) Error() string {
	if p.Remedy == "" {
		return p.Message
	}
	return p.Message + ": " + p.Remedy
}

// A errorBody is a RequestError on the wire.
type errorBody struct {
	Error *RequestError `json:"error"`
}

// requestError finds what to answer when a request was not carried out.
func requestError(err error) *RequestError {
	var known *RequestError
	var large *http.MaxBytesError
	var input *conversation.InputError
	var sound *wav.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &input):
		return invalid(input.Field, input.Value, "the "+input.Field+" cannot be taken: "+input.Value, input.Remedy)
	case errors.As(err, &sound):
		return invalid("body", sound.Value, "the recording cannot be used: its "+sound.Field+" is "+sound.Value, sound.Remedy)
	case errors.As(err, &large):
		return &RequestError{
			Status: http.StatusRequestEntityTooLarge, Field: "body",
			Message: "the request is too large", Remedy: fmt.Sprintf("send at most %d bytes", large.Limit),
		}
	case errors.Is(err, conversation.ErrNoRecogniser):
		return &RequestError{
			Status: http.StatusServiceUnavailable, Message: "no speech recogniser is ready",
			Remedy: "send text, or see /readyz for what is missing",
		}
	case errors.Is(err, context.DeadlineExceeded):
		return &RequestError{Status: http.StatusGatewayTimeout, Message: "the turn took too long", Remedy: "see /readyz for what is slow or missing"}
	case errors.Is(err, context.Canceled):
		return &RequestError{Status: http.StatusServiceUnavailable, Message: "the daemon is stopping", Remedy: "try again when it runs"}
	}
	return &RequestError{Status: http.StatusInternalServerError, Message: err.Error(), Remedy: "the daemon's log has more"}
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := requestError(err)
	if p.Status >= http.StatusInternalServerError {
		s.log.Warn("a request failed", "method", r.Method, "path", r.URL.Path, "status", p.Status, "error", err)
	}
	s.reply(w, p.Status, errorBody{p})
}

func (s *Server) reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		s.log.Debug("an answer was not sent", "error", err) // the client is gone
	}
}

// shorten keeps an offending value readable in an error.
func shorten(value string) string {
	const most = 80
	if len(value) > most {
		value = value[:most] + "..."
	}
	return strings.ToValidUTF8(value, "\uFFFD")
}
