package homeassistant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"hearth/daemon/home"
)

// A message is one that Home Assistant sends: the answer to a command, an event of a subscription, or a step
// of signing in.
type message struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"`
	Version string          `json:"ha_version"`
	Success bool            `json:"success"`
	Result  json.RawMessage `json:"result"`
	Error   *CommandError   `json:"error"`
	Event   json.RawMessage `json:"event"`
}

// parseFrame reads a frame, which holds one message or an array of them, and never none without an error.
func parseFrame(frame []byte) ([]message, error) {
	frame = bytes.TrimSpace(frame)
	if len(frame) > 0 && frame[0] == '[' {
		var messages []message
		if err := json.Unmarshal(frame, &messages); err != nil {
			return nil, err
		}
		if len(messages) == 0 {
			return nil, errors.New("an empty list of messages")
		}
		return messages, nil
	}
	var m message
	if err := json.Unmarshal(frame, &m); err != nil {
		return nil, err
	}
	return []message{m}, nil
}

// decode puts the answer to a command into result, unless that is nil.
func (m message) decode(result any) error {
	switch {
	case m.Type == "pong":
		return nil
	case !m.Success && m.Error != nil:
		return m.Error
	case !m.Success:
		return &CommandError{Code: "unknown_error", Message: "it did not say why"}
	case result == nil:
		return nil
	}
	if err := json.Unmarshal(m.Result, result); err != nil {
		return fmt.Errorf("read the answer of Home Assistant: %w", err)
	}
	return nil
}

// A CommandError is Home Assistant's refusal of a command.
type CommandError struct {
	Code    string `json:"code"` // "not_found", "service_validation_error", "unauthorized", ...
	Message string `json:"message"`
	Key     string `json:"translation_key"` // of its text, "" for some
}

func (e *CommandError) Error() string { return "Home Assistant: " + e.Message }

// Is tells which of home's errors the refusal means.
func (e *CommandError) Is(target error) bool {
	switch target {
	case home.ErrNotSupported:
		return e.Key == "service_not_supported" || e.Key == "service_not_found" || e.Code == "not_supported" || e.Code == "unknown_command"
	case home.ErrCode:
		return e.Key == "code_arm_required" || e.Key == "invalid_code" || e.Key == "add_default_code"
	}
	return false
}

// wantsResponse tells whether the call was refused, and nothing done, because it did not ask for its answer.
func (e *CommandError) wantsResponse() bool { return e.Key == "service_lacks_response_request" }
