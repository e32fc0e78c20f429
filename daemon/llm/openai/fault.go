package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/ssestream"

	"hearth/daemon/llm/chat"
)

// A trouble is what a server says of an error, with a status or in the middle of a stream.
type trouble struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	// Code is OpenAI's word for it; other servers repeat the status as a number.
	Code any `json:"code"`

	status int // 0 in a stream
}

func (t trouble) Error() string {
	const most = 300 // bytes: a web page is no message
	return fmt.Sprintf("%d %.*s", t.status, most, t.Message)
}

// fault is what the server said as an error of package chat, where it is one.
func fault(err error) error {
	t, ok := troubleOf(err)
	if !ok {
		return err
	}
	if kind := t.kind(); kind != nil {
		return fmt.Errorf("%w: %w", kind, t)
	}
	return t
}

func troubleOf(err error) (trouble, bool) {
	var refused *openai.Error
	if errors.As(err, &refused) {
		return trouble{Message: refused.Message, Type: refused.Type, Code: refused.Code, status: refused.StatusCode}, true
	}
	var broken *ssestream.StreamError
	if errors.As(err, &broken) {
		var event struct{ Error trouble }
		if json.Unmarshal(broken.Event.Data, &event) != nil {
			event.Error.Message = broken.Message
		}
		return event.Error, true
	}
	return trouble{}, false
}

// kind goes by OpenAI's codes (platform.openai.com/docs/guides/error-codes), those of llama.cpp
// (tools/server/README.md, "unavailable_error" while it loads, "exceed_context_size_error"), then the status.
func (t trouble) kind() error {
	switch {
	case t.Code == "context_length_exceeded" || t.Type == "exceed_context_size_error":
		return chat.ErrTooLong
	case t.Code == "insufficient_quota" || t.Code == "billing_hard_limit_reached" || t.Code == "invalid_api_key":
		return chat.ErrRefused
	case t.Code == "model_not_found":
		return chat.ErrNoModel
	case t.Type == "unavailable_error":
		return chat.ErrLoading
	}
	switch t.status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden:
		return chat.ErrRefused
	case http.StatusNotFound:
		return chat.ErrNoModel
	case http.StatusRequestEntityTooLarge:
		return chat.ErrTooLong
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return chat.ErrBusy
	}
	return nil
}
