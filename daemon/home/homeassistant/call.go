package homeassistant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hearth/daemon/home"
)

// Call makes one service call and returns once Home Assistant has carried it out, which does not mean that the
// device did anything. It is sent once, whatever happens. The error wraps one of home's errors or is a
// *CommandError: after home.ErrInterrupted nobody knows whether the call was made.
func (h *Home) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	began := time.Now()
	response, err := h.call(ctx, call)
	h.metrics.call(err, time.Since(began))
	if err != nil {
		return nil, fmt.Errorf("call %s on %s: %w", call.Name(), call.Entity, err)
	}
	return response, nil
}

func (h *Home) call(ctx context.Context, call home.Call) (map[string]any, error) {
	conn := h.conn.Load()
	if conn == nil {
		return nil, home.ErrDisconnected
	}
	// Home Assistant accepts calls on entities that do not exist or cannot be reached, and does nothing.
	e, ok := h.entity(call.Entity)
	switch {
	case !ok:
		return nil, home.ErrUnknownEntity
	case !e.Available():
		return nil, home.ErrUnavailable
	}
	if call.Name() == "camera.snapshot" {
		var err error
		if call.Data, err = snapshotData(ctx, conn, call); err != nil {
			return nil, err
		}
	}
	_, answers := h.answering.Load(call.Name())
	answers = answers || strings.HasPrefix(call.Service, "get_")
	response, err := send(ctx, conn, call, answers)
	if refused := (*CommandError)(nil); errors.As(err, &refused) && refused.wantsResponse() {
		h.answering.Store(call.Name(), true)
		return send(ctx, conn, call, true)
	}
	return response, err
}

func send(ctx context.Context, conn *Conn, call home.Call, answers bool) (map[string]any, error) {
	command := Command{
		"type": "call_service", "domain": call.Domain, "service": call.Service,
		"target": map[string]any{"entity_id": call.Entity},
	}
	if len(call.Data) > 0 {
		command["service_data"] = call.Data
	}
	if answers {
		command["return_response"] = true
	}
	var result struct {
		Response map[string]any `json:"response"`
	}
	if err := conn.Ask(ctx, command, &result); err != nil {
		return nil, err
	}
	return result.Response, nil
}
