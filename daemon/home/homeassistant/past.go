package homeassistant

import (
	"context"
	"fmt"
	"math"
	"time"

	"hearth/daemon/home"
)

// A pastState is one state of the answer to history/history_during_period, whose names are short: the time in
// seconds since 1970 is lc, or lu when nothing but attributes has changed since.
type pastState struct {
	State   string  `json:"s"`
	Changed float64 `json:"lc"`
	Updated float64 `json:"lu"`
}

// States are those that an entity has had, the oldest first, as far as Home Assistant's recorder has kept them. The
// first is the one that it had at since; when that one began is not told. Only what is exposed can be asked about. An
// error is home.ErrUnknownEntity, one of a command, or the context's cause.
func (h *Home) States(ctx context.Context, id home.EntityID, since, until time.Time) ([]home.Moment, error) {
	moments, err := h.states(ctx, id, since, until)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", id, err)
	}
	return moments, nil
}

func (h *Home) states(ctx context.Context, id home.EntityID, since, until time.Time) ([]home.Moment, error) {
	conn := h.conn.Load()
	if conn == nil {
		return nil, home.ErrDisconnected
	}
	if e, ok := h.entity(id); !ok || !e.Exposed {
		return nil, home.ErrUnknownEntity
	}
	var answer map[home.EntityID][]pastState
	err := conn.Ask(ctx, Command{
		"type": "history/history_during_period", "entity_ids": []home.EntityID{id},
		"start_time": since.UTC().Format(time.RFC3339), "end_time": until.UTC().Format(time.RFC3339),
		"include_start_time_state": true, "significant_changes_only": false, "minimal_response": true, "no_attributes": true,
	}, &answer)
	if err != nil {
		return nil, err
	}
	var moments []home.Moment
	for _, s := range answer[id] {
		at := s.Updated
		if s.Changed != 0 {
			at = s.Changed
		}
		if at <= 0 || math.IsInf(at, 0) || at > math.MaxInt32*4 {
			continue
		}
		moments = append(moments, home.Moment{State: s.State, At: time.UnixMilli(int64(at * 1000))})
	}
	return moments, nil
}
