package modelapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"hearth/daemon/conversation"
)

// maxBody bounds a request, in bytes: Home Assistant sends its instructions, its tools and the talk so far.
const maxBody = 4 << 20

// An apiError is told to a client as Ollama tells its errors.
type apiError struct {
	status int
	text   string
}

func (e *apiError) Error() string { return e.text }

func (s *Server) fail(w http.ResponseWriter, err error) {
	told := asAPIError(err)
	if told.status >= http.StatusInternalServerError {
		s.opts.Logger.Warn("a request for the model failed", "status", told.status, "error", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(told.status)
	_ = json.NewEncoder(w).Encode(errorBody{told.text})
}

type errorBody struct {
	Error string `json:"error"`
}

func asAPIError(err error) *apiError {
	var known *apiError
	var input *conversation.InputError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &input):
		return &apiError{http.StatusBadRequest, input.Error()}
	case errors.As(err, &large):
		return &apiError{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is too large: send at most %d bytes", large.Limit)}
	case errors.Is(err, context.DeadlineExceeded):
		return &apiError{http.StatusGatewayTimeout, "the turn took too long"}
	case errors.Is(err, context.Canceled):
		return &apiError{http.StatusServiceUnavailable, "Hearth is stopping: try again when it runs"}
	}
	return &apiError{http.StatusInternalServerError, "Hearth could not do it: its log has more"}
}

// read decodes a request. Fields that are not known are a client's own business.
func (s *Server) read(w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return err
	}
	if err != nil {
		return &apiError{http.StatusBadRequest, "the request did not arrive: send it again"}
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return &apiError{http.StatusBadRequest, "the request is not as Ollama's API wants it: " + shape(err)}
	}
	return nil
}

// shape says what is wrong with JSON without repeating what it says.
func shape(err error) string {
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return fmt.Sprintf("field %q is a %s", wrong.Field, wrong.Value)
	}
	return err.Error()
}
