package conversation

import (
	"context"
	"slices"
	"strings"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/undo"
)

const (
	// undoWithin is how long a turn can be undone.
	undoWithin = 5 * time.Minute
	// stragglers is how long after a turn its last effects come: those of a scene, and of what nothing confirms.
	stragglers = 3 * time.Second
)

// A Deed is what a turn has changed.
type Deed struct {
	At      time.Time    `json:"at"`             // when the turn was over
	Plan    string       `json:"plan,omitempty"` // key of the plan that it used or learned
	Changes []Alteration `json:"changes"`
}

// An Alteration is one thing that a call has changed.
type Alteration struct {
	Name   string      `json:"name"`
	Entity home.Entity `json:"entity"` // as it was before
	After  home.Entity `json:"after"`
	Call   home.Call   `json:"call"`
	Late   bool        `json:"late,omitempty"` // it may have changed only after After was seen
	Back   []home.Call `json:"back,omitempty"` // for timers: what takes it back
}

// deed is what the turn has changed, nil when it sent nothing that may have arrived.
func (c *Conversation) deed(t *Turn) *Deed {
	now := c.Home.Snapshot()
	var changes []Alteration
	for _, s := range t.Steps {
		switch arrived := s.Outcome == Confirmed || s.Outcome == Sent || s.reason == Unconfirmed || s.reason == TimedOut; {
		case !arrived || strings.HasPrefix(s.Call.Service, "get_"):
		case s.Call.Domain == errandDomain:
			changes = append(changes, Alteration{Name: s.Name, Call: s.Call})
		case s.Call.Domain == timerDomain:
			changes = append(changes, Alteration{Name: s.Name, Call: s.Call, Back: c.timerBack(t, s.Call)})
		default:
			changes = append(changes, altered(t.home, now, s.Call, s.Call.Entity, s.Outcome != Confirmed, nil)...)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return &Deed{At: c.Now(), Plan: t.key, Changes: changes}
}

// altered is an entity before and after a call; of a scene or a group, what is in it.
func altered(before, after *home.Snapshot, call home.Call, id home.EntityID, late bool, outer []home.EntityID) []Alteration {
	was, _ := before.Entity(id)
	is, _ := after.Entity(id)
	members := was.Members()
	if len(members) == 0 || slices.Contains(outer, id) {
		call.Domain, call.Entity = domainOf(call, id), id
		return []Alteration{{Name: was.Name, Call: call, Entity: undo.Essence(was), After: undo.Essence(is), Late: late}}
	}
	var all []Alteration
	for _, member := range members {
		all = append(all, altered(before, after, call, member, true, append(outer, id))...)
	}
	return all
}

// domainOf keeps the domain of a call that is for anything, and gives a scene's member its own.
func domainOf(call home.Call, id home.EntityID) string {
	if call.Domain == "homeassistant" {
		return call.Domain
	}
	return id.Domain()
}

// undo takes back what the last turn of this session that changed something has changed, as far as it is still
// so, can be taken back, and opens nothing. Its calls pass the gate and are confirmed like all others; what stays
// is told. As it changes something itself, to undo it is to do it again.
func (c *Conversation) undo(_ context.Context, t *Turn) error {
	deed := t.context.Deed
	if deed == nil || t.At.Sub(deed.At) > undoWithin {
		return &regretError{NoTarget, string(c.Phrases.NothingToUndo)}
	}
	if _, correction := t.Slots["correction"]; correction && deed.Plan != "" {
		remark := c.Phrases.PinnedPlan
		if c.forget(t, deed.Plan, planCorrected) {
			remark = c.Phrases.TakenBack
		}
		t.remarks = append(t.remarks, string(remark))
	}
	t.recognised = nil // what is said of it depends on what was undone
	stays := map[undo.Reason][]string{}
	for _, a := range slices.Backward(deed.Changes) {
		back, why := c.takesBack(t, a, deed.At)
		t.calls = append(t.calls, back...)
		if why != "" {
			stays[why] = append(stays[why], a.Name)
		}
	}
	for _, why := range []undo.Reason{undo.Unsafe, undo.Otherwise, undo.Final, undo.Unknown, undo.Same} {
		if names := stays[why]; len(names) > 0 && (why != undo.Same || len(t.calls) == 0) {
			t.remarks = append(t.remarks, c.excuse(t, Reason(why), c.Phrases.join(names)))
		}
	}
	if len(t.calls) > 0 {
		return nil
	}
	all := strings.Join(t.remarks, " ")
	t.remarks = nil
	return &regretError{NoTarget, all}
}

// putBack adds to a correction what takes back the turn that is corrected: who meant the office wants the bathroom as it
// was. What cannot be taken back, what needs a yes, and what is meant now as well, is left as it is.
func (c *Conversation) putBack(t *Turn) {
	deed, before := t.context.Deed, t.context.before(t.At)
	if deed == nil || before == nil || !t.context.Spoken.Equal(deed.At) {
		return
	}
	for _, a := range slices.Backward(deed.Changes) {
		if !slices.Contains(before.Entities, a.Entity.ID) || slices.ContainsFunc(t.calls, func(call home.Call) bool { return call.Entity == a.Entity.ID }) {
			continue
		}
		back, _ := c.takesBack(t, a, deed.At)
		if len(back) > 0 && !slices.ContainsFunc(back, func(call home.Call) bool { return c.judge(t, call).Decision.Verdict != Allow }) {
			t.calls, t.back = append(t.calls, back...), append(t.back, a.Entity.ID)
		}
	}
}

// takesBack are the calls that undo one change which was seen at that time, or why there are none.
func (c *Conversation) takesBack(t *Turn, a Alteration, at time.Time) ([]home.Call, undo.Reason) {
	switch {
	case a.Call.Domain == errandDomain, a.Call.Domain == timerDomain && len(a.Back) == 0:
		return nil, undo.Final
	case a.Call.Domain == timerDomain:
		return a.Back, ""
	}
	now, ok := t.home.Entity(a.Call.Entity)
	if !ok {
		return nil, undo.Unknown
	}
	after := a.After
	if a.Late && !now.Changed.After(at.Add(stragglers)) {
		after = undo.Essence(now)
	}
	back, why := undo.Of(a.Call, a.Entity, after)
	if len(back) > 0 && now.Available() && !undo.Kept(after, now) {
		return nil, undo.Otherwise
	}
	return back, why
}

// secures tells whether a call can only make a home safer.
func secures(call home.Call) bool {
	switch call.Service {
	case "lock", "close_cover", "close_valve", "turn_off":
		return true
	}
	return strings.HasPrefix(call.Service, "alarm_arm_")
}
