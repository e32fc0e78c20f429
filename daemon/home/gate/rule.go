package gate

import (
	"fmt"
	"slices"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A Rule is one of the owner's permissions: what happens to some targets when these people call from these
// rooms at these hours. An empty list means all of them. A person counts only when the channel proved who
// it is; a room that the caller only states can make things stricter, but opens nothing.
type Rule struct {
	Verdict conversation.GateVerdict
	Targets []Target
	Rooms   []string // area IDs
	People  []string
	Hours   Hours
}

// Hours are a part of the day on the local clock, from From until before To, past midnight when To is the
// earlier. Both count from midnight; the zero value is the whole day. What the clock shows counts: an hour
// that it skips in spring never comes, and one that it shows twice in autumn counts both times.
type Hours struct {
	From, To time.Duration
}

func (h Hours) hold(at time.Time) bool {
	hour, minute, second := at.Clock()
	now := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	switch {
	case h == Hours{}:
		return true
	case h.From < h.To:
		return h.From <= now && now < h.To
	}
	return h.From <= now || now < h.To
}

func (r Rule) fits(c change, from conversation.Caller, now time.Time) bool {
	return anyCovers(r.Targets, c) && r.holds(from, now)
}

// holds tells whether the rule is for this caller at this time, whatever is called.
func (r Rule) holds(from conversation.Caller, now time.Time) bool {
	return r.Hours.hold(now) &&
		(len(r.Rooms) == 0 || slices.Contains(r.Rooms, from.Room)) &&
		(len(r.People) == 0 || slices.Contains(r.People, from.Person))
}

// reason is what a refused person is told: the condition that they could meet otherwise.
func (r Rule) reason() conversation.Reason {
	switch {
	case r.Verdict != conversation.Refuse:
		return ""
	case r.Hours != Hours{}:
		return conversation.NotNow
	case len(r.Rooms) > 0:
		return conversation.NotHere
	case len(r.People) > 0:
		return conversation.NotYou
	}
	return conversation.Forbidden
}

var ruled = map[conversation.GateVerdict]string{
	conversation.Allow: "allows it", conversation.Confirm: "wants a yes", conversation.PIN: "wants the PIN", conversation.Refuse: "denies it",
}

// permitted is the strictest decision on all that the call changes, after the answer that the caller gave.
func (g *Gate) permitted(snapshot *home.Snapshot, call home.Call, from conversation.Caller) conversation.Decision {
	strictest, critical := allow, false
	now := g.options.Now()
	for i, c := range g.changes(snapshot, call) {
		d := g.judge(c, from, now)
		critical = critical || d.Critical
		if i > 0 && d.Evidence != "" {
			d.Evidence = "it changes " + c.entity.Name + ": " + d.Evidence
		}
		strictest = stricter(strictest, d)
	}
	strictest.Critical = critical
	if e, _ := snapshot.Entity(call.Entity); e.WantsCode(call.Service) && !g.options.Codes && strictest.Verdict < conversation.Code {
		strictest.Verdict, strictest.Evidence = conversation.Code, "it wants its code"
	}
	return g.answered(strictest, from, now)
}

// judge is the strictest of all that may be true of one change: a room that is not proven may be another one, and
// a scene may do anything to what is critical.
func (g *Gate) judge(c change, from conversation.Caller, now time.Time) conversation.Decision {
	callers, changes := []conversation.Caller{from}, []change{c}
	if from.Room != "" && !from.InRoom {
		elsewhere := from
		elsewhere.Room = ""
		callers = append(callers, elsewhere)
	}
	if c.any = c.service == ""; c.any && anyCovers(g.options.Critical, c) {
		changes = append(changes, c)
	}
	strictest := allow
	for _, from := range callers {
		for _, c := range changes {
			strictest = stricter(strictest, g.decide(c, from, now))
		}
		if c.opaque {
			strictest = stricter(strictest, g.denied(c, from, now))
		}
	}
	return strictest
}

// denied is the refusal of what may be something that a rule denies to the caller, unless one before it is about the
// call itself.
func (g *Gate) denied(c change, from conversation.Caller, now time.Time) conversation.Decision {
	for i, r := range g.options.Rules {
		switch {
		case r.fits(c, from, now) && (len(r.People) > 0 || len(r.Rooms) > 0):
			return allow
		case r.Verdict == conversation.Refuse && r.holds(from, now):
			return conversation.Decision{
				Verdict: r.Verdict, Reason: r.reason(), Critical: true, Rule: fmt.Sprintf("gate.rules[%d]", i),
				Evidence: fmt.Sprintf("what it does is not known, and gate.rules[%d] denies something", i),
			}
		}
	}
	return allow
}

// stricter is the decision that lets less pass. Of two that let pass the same, the first that says why.
func stricter(a, b conversation.Decision) conversation.Decision {
	if b.Verdict > a.Verdict || b.Verdict == a.Verdict && a.Rule == "" {
		return b
	}
	return a
}

// decide applies the first rule that fits. One that names nobody and no room opens nothing that is critical:
// it only keeps the rules after it from being asked.
func (g *Gate) decide(c change, from conversation.Caller, now time.Time) conversation.Decision {
	usual := g.usual(c)
	for i, r := range g.options.Rules {
		if !r.fits(c, from, now) {
			continue
		}
		if r.Verdict < usual.Verdict && len(r.People) == 0 && len(r.Rooms) == 0 {
			return usual
		}
		name := fmt.Sprintf("gate.rules[%d]", i)
		return conversation.Decision{
			Verdict: r.Verdict, Reason: r.reason(), Evidence: name + " " + ruled[r.Verdict], Rule: name, Critical: usual.Critical,
		}
	}
	return usual
}

// usual is the decision when no rule fits.
func (g *Gate) usual(c change) conversation.Decision {
	d := conversation.Decision{Verdict: conversation.Confirm, Evidence: "it is " + kind(c.entity), Rule: "gate.critical", Critical: true}
	if c.opaque {
		d.Evidence = "what it does is not known"
	}
	switch {
	case !c.opaque && !anyCovers(g.options.Critical, c):
		return allow
	case g.harmless(c):
		d.Verdict, d.Rule = conversation.Allow, "gate.harmless"
	case g.options.PIN != "" && (len(g.options.PINFor) == 0 || c.opaque || anyCovers(g.options.PINFor, c)):
		d.Verdict = conversation.PIN
	}
	return d
}

func (g *Gate) harmless(c change) bool {
	if c.service == "" || !slices.Contains(g.options.Harmless, Target(c.service)) {
		return false
	}
	return c.entity.Domain() != "alarm_control_panel" || c.entity.State == "disarmed"
}

// answered is the decision once the caller's answer is taken into account.
func (g *Gate) answered(d conversation.Decision, from conversation.Caller, now time.Time) conversation.Decision {
	digits := d.Verdict == conversation.Code || d.Verdict == conversation.PIN
	var given string
	switch {
	case digits && g.tries.locked(from.Session, now):
		d.Verdict, d.Reason, d.Evidence = conversation.Refuse, conversation.LockedOut, "there were too many wrong PINs"
		return d
	case digits && from.PIN:
		given = "the PIN"
	case d.Verdict == conversation.Code && from.Code:
		given = "the code"
	case d.Verdict == conversation.Confirm && (from.Confirmed || from.PIN):
		given = "a yes"
	default:
		return d
	}
	d.Verdict, d.Evidence = conversation.Allow, d.Evidence+", and "+given+" was given"
	return d
}
