// Package gate decides which service calls may be made. Every caller passes it: sentences, learned plans,
// language models, the API, MQTT. Nobody who can only ask can open a door with it.
package gate

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// Options are the owner's rules. The zero value of a field stands for its default.
type Options struct {
	// Critical is what needs a yes. Default: DefaultCritical.
	Critical []Target
	// Harmless are the services that need none all the same: they lock, shut off or arm. Arming counts only
	// while an alarm is disarmed, for it would weaken another mode. A script or an automation among them does nothing
	// that matters, although nobody can tell what it does. Default: DefaultHarmless.
	Harmless []Target
	// PIN is what is to be said instead of a yes, in digits; "" when there is none.
	PIN string
	// PINFor is what of the critical needs the PIN. Default: all of it.
	PINFor []Target
	// Rules are permissions. The first that fits decides, and nothing but Critical when none does.
	Rules []Rule
	// Codes tells that the code of a lock or an alarm is known, so that nobody need say it.
	Codes bool
	// Tries are the wrong PINs before a restart.
	Tries []Try
	// A session may make Burst calls at once, and as many again over each Per. Default: 30 in 10 s.
	Burst int
	Per   time.Duration
	// Now is the clock, in the time zone of the rules' hours. Default: time.Now.
	Now func() time.Time
	// Log is told of targets that the home does not have. Nil is told nothing.
	Log *slog.Logger
}

// DefaultCritical are the ways into a house, its water and gas, and its ovens.
func DefaultCritical() []Target {
	return []Target{"lock", "alarm_control_panel", "valve", "cover.garage", "cover.gate", "cover.door", "*.oven*", "*.*_oven*"}
}

// DefaultHarmless are the services that make a house safer. What moves a heavy door is not among them.
func DefaultHarmless() []Target {
	return []Target{"lock.lock", "valve.close_valve", "valve.stop_valve", "cover.stop_cover", "alarm_control_panel.alarm_arm_home",
		"alarm_control_panel.alarm_arm_away", "alarm_control_panel.alarm_arm_night", "alarm_control_panel.alarm_arm_vacation"}
}

// A Gate checks calls. It is safe for concurrent use.
type Gate struct {
	options  Options
	limiter  limiter
	tries    tries
	registry atomic.Pointer[string] // of the home whose names were looked for
	metrics  metrics
}

var _ conversation.Gate = (*Gate)(nil)

// New builds a gate and registers its metrics. The error names every option that cannot be.
func New(options Options, registerer prometheus.Registerer) (*Gate, error) {
	if err := options.complete(); err != nil {
		return nil, fmt.Errorf("gate: %w", err)
	}
	return &Gate{
		options: options,
		limiter: limiter{burst: float64(options.Burst), per: options.Per},
		tries:   tries{wrong: earlier(options.Tries, options.Now())},
		metrics: newMetrics(registerer),
	}, nil
}

// complete checks the options and fills in the defaults.
func (o *Options) complete() error {
	var faults []error
	if o.Burst < 0 {
		faults = append(faults, fmt.Errorf("burst is %d, want at least 1 call, or 0 for the default of 30", o.Burst))
	}
	if o.Per < 0 {
		faults = append(faults, fmt.Errorf("per is %s, want a positive duration, or 0 for the default of 10s", o.Per))
	}
	for i, target := range o.Critical {
		if domain, _, _ := strings.Cut(string(target), "."); domain == "" {
			faults = append(faults, fmt.Errorf("critical[%d] has no domain, want one such as lock", i))
		}
	}
	for i, r := range o.Rules {
		if r.Verdict == conversation.PIN && o.PIN == "" {
			faults = append(faults, fmt.Errorf("rules[%d] wants the PIN, and there is none", i))
		}
	}
	if o.Critical == nil {
		o.Critical = DefaultCritical()
	}
	if o.Harmless == nil {
		o.Harmless = DefaultHarmless()
	}
	if o.Burst == 0 {
		o.Burst = 30
	}
	if o.Per == 0 {
		o.Per = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return errors.Join(faults...)
}

// Check judges one call. The first objection decides; a call to which there is no other counts towards the
// session's rate. What is critical is opened by Caller.Confirmed and Caller.PIN, which a person's answer to
// this call sets, and by an owner's rule for this person or room: who or what decided on the call makes no
// difference.
func (g *Gate) Check(snapshot *home.Snapshot, call home.Call, from conversation.Caller) conversation.Decision {
	g.lookForTargets(snapshot)
	decision := g.check(snapshot, call, from)
	g.metrics.count(decision.Verdict)
	return decision
}

func (g *Gate) check(snapshot *home.Snapshot, call home.Call, from conversation.Caller) conversation.Decision {
	for _, object := range []objection{exposed, callable, onlyItsEntity} {
		if d := object(snapshot, call); d.Verdict != conversation.Allow {
			return d
		}
	}
	permitted := g.permitted(snapshot, call, from)
	if permitted.Verdict == conversation.Allow && !g.limiter.allow(from.Session, g.options.Now()) {
		permitted.Verdict, permitted.Reason, permitted.Rule = conversation.Refuse, conversation.TooOften, "gate.calls_per_minute"
		permitted.Evidence = fmt.Sprintf("there were more than %d calls in %s", g.options.Burst, g.options.Per)
	}
	return permitted
}

// An objection says what is wrong with a call, whoever makes it.
type objection func(*home.Snapshot, home.Call) conversation.Decision

var allow = conversation.Decision{Verdict: conversation.Allow}

func refuse(reason conversation.Reason, evidence string) conversation.Decision {
	return conversation.Decision{Verdict: conversation.Refuse, Reason: reason, Evidence: evidence}
}

// exposed wants an entity that exists and that its owner exposed to voice.
func exposed(snapshot *home.Snapshot, call home.Call) conversation.Decision {
	e, ok := snapshot.Entity(call.Entity)
	switch {
	case !ok:
		return refuse(conversation.NoEntity, "the home has no such device")
	case !e.Exposed:
		return refuse(conversation.NotExposed, "it is not exposed to voice")
	}
	return allow
}

// callable wants a service of the entity's own domain, and one that voice has a use for.
func callable(_ *home.Snapshot, call home.Call) conversation.Decision {
	domain := call.Entity.Domain()
	switch {
	case call.Domain != domain && call.Domain != "homeassistant":
		return refuse(conversation.Forbidden, call.Name()+" is not for a "+spoken(domain))
	case !slices.Contains(services[call.Domain], call.Service), len(services[domain]) == 0:
		return refuse(conversation.Forbidden, call.Name()+" is not for voice")
	}
	return allow
}

// onlyItsEntity refuses data that would aim the call at something else, for Home Assistant takes targets
// from there too, and a code that nobody was asked for.
func onlyItsEntity(_ *home.Snapshot, call home.Call) conversation.Decision {
	for _, target := range []string{"entity_id", "device_id", "area_id", "floor_id", "label_id", "target"} {
		if _, ok := call.Data[target]; ok {
			return refuse(conversation.Forbidden, "its data names another target")
		}
	}
	if _, ok := call.Data["code"]; ok {
		return refuse(conversation.Forbidden, "its data holds a code")
	}
	return allow
}

// kind names what an entity is: "a lock", "a garage door".
func kind(e home.Entity) string {
	switch {
	case e.Domain() == "alarm_control_panel":
		return "an alarm"
	case e.DeviceClass == "garage":
		return "a garage door"
	case e.Domain() == "cover" && e.DeviceClass != "":
		return "a " + spoken(e.DeviceClass)
	}
	if strings.ContainsRune("aeiou", rune(e.ID[0])) {
		return "an " + spoken(e.Domain())
	}
	return "a " + spoken(e.Domain())
}

func spoken(word string) string { return strings.ReplaceAll(word, "_", " ") }
