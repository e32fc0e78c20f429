package anthropic

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"

	"hearth/daemon/llm/chat"
)

// fault is what the service said as an error of package chat, where it is one.
func fault(err error) error {
	var said *anthropic.Error
	if !errors.As(err, &said) {
		return err
	}
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal([]byte(said.RawJSON()), &body) // what is no JSON has no message
	const most = 300                                  // bytes
	text := fmt.Sprintf("%d %s %.*s", said.StatusCode, said.Type(), most, body.Error.Message)
	kind := kindOf(said)
	for part, meant := range messages {
		if strings.Contains(body.Error.Message, part) {
			kind = meant
		}
	}
	if kind != nil {
		return fmt.Errorf("%w: %s", kind, text)
	}
	return errors.New(text)
}

// messages are parts of those that have no type of their own.
var messages = map[string]error{"prompt is too long": chat.ErrTooLong, "credit balance is too low": chat.ErrRefused}

// statusOverloaded is Anthropic's own.
const statusOverloaded = 529

// kindOf goes by the type, which errors in a stream have, too, then by the status
// (docs.anthropic.com/en/api/errors).
func kindOf(e *anthropic.Error) error {
	switch e.Type() {
	case anthropic.ErrorTypeAuthenticationError, anthropic.ErrorTypePermissionError, anthropic.ErrorTypeBillingError:
		return chat.ErrRefused
	case anthropic.ErrorTypeNotFoundError:
		return chat.ErrNoModel
	case anthropic.ErrorTypeOverloadedError, anthropic.ErrorTypeRateLimitError:
		return chat.ErrBusy
	}
	switch e.StatusCode {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden:
		return chat.ErrRefused
	case http.StatusNotFound:
		return chat.ErrNoModel
	case http.StatusRequestEntityTooLarge:
		return chat.ErrTooLong
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, statusOverloaded:
		return chat.ErrBusy
	}
	return nil
}
