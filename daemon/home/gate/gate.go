// Package gate decides which service calls may be made. Every caller passes it: sentences, learned plans,
// language models, the API, MQTT. Nobody who can only ask can open a door with it.
package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// Options are the owner's rules. The zero value of a field stands for its default.
type Options struct {
	// Critical are the entities whose every call needs a yes. Default: DefaultCritical.
	Critical []Class
	// Contents are the entities that a script changes, by the script's ID. Home Assistant does not tell;
	// what a scene or a group contains stands in its attributes.
	Contents map[home.EntityID][]home.EntityID
	// A session may make Burst calls at once, and as many again over each Per. Default: 30 in 10 s.
	Burst int
	Per   time.Duration
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// A Class is a kind of entity: a domain, or one device class of it.
type Class struct {
	Domain      string // "cover"
	DeviceClass string // "garage", "" for the whole domain
}

// DefaultCritical are the ways into a house, and its water.
func DefaultCritical() []Class {
	return []Class{
		{Domain: "lock"}, {Domain: "alarm_control_panel"}, {Domain: "valve"},
		{Domain: "cover", DeviceClass: "garage"}, {Domain: "cover", DeviceClass: "gate"}, {Domain: "cover", DeviceClass: "door"},
	}
}

// A Gate checks calls. It is safe for concurrent use.
type Gate struct {
	options Options
	limiter limiter
	metrics metrics
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
	for i, class := range o.Critical {
		if class.Domain == "" {
			faults = append(faults, fmt.Errorf("critical[%d] has no domain, want one such as lock", i))
		}
	}
	if o.Critical == nil {
		o.Critical = DefaultCritical()
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

// Check judges one call. The first rule with an objection decides; a call that would have passed all
// others counts towards the session's rate. Only Caller.Confirmed, which a person's yes to this call
// sets, opens what is critical: who or what decided on the call makes no difference.
func (g *Gate) Check(snapshot *home.Snapshot, call home.Call, from conversation.Caller) conversation.Decision {
	decision := conversation.Decision{Verdict: conversation.Allow}
	for _, rule := range []rule{exposed, callable, onlyItsEntity, g.confirmed, g.withinRate} {
		if decision = rule(snapshot, call, from); decision.Verdict != conversation.Allow {
			break
		}
	}
	g.metrics.count(decision.Verdict)
	return decision
}

// A rule allows a call, or says what it has against it.
type rule func(*home.Snapshot, home.Call, conversation.Caller) conversation.Decision

var allow = conversation.Decision{Verdict: conversation.Allow}

func refuse(reason conversation.Reason, evidence string) conversation.Decision {
	return conversation.Decision{Verdict: conversation.Refuse, Reason: reason, Evidence: evidence}
}

func ask(evidence string) conversation.Decision {
	return conversation.Decision{Verdict: conversation.Confirm, Evidence: evidence}
}

// exposed wants an entity that exists and that its owner exposed to voice.
func exposed(snapshot *home.Snapshot, call home.Call, _ conversation.Caller) conversation.Decision {
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
func callable(_ *home.Snapshot, call home.Call, _ conversation.Caller) conversation.Decision {
	domain := call.Entity.Domain()
	switch {
	case call.Domain != domain && call.Domain != "homeassistant":
		return refuse(conversation.Forbidden, call.Name()+" is not for a "+spoken(domain))
	case !slices.Contains(services[call.Domain], call.Service), len(services[domain]) == 0:
		return refuse(conversation.Forbidden, call.Name()+" is not for voice")
	}
	return allow
}

// onlyItsEntity refuses data that would aim the call at something else: Home Assistant takes targets
// from there too.
func onlyItsEntity(_ *home.Snapshot, call home.Call, _ conversation.Caller) conversation.Decision {
	for _, target := range []string{"entity_id", "device_id", "area_id", "floor_id", "label_id", "target"} {
		if _, ok := call.Data[target]; ok {
			return refuse(conversation.Forbidden, "its data names another target")
		}
	}
	return allow
}

// confirmed wants a person's yes before anything critical.
func (g *Gate) confirmed(snapshot *home.Snapshot, call home.Call, from conversation.Caller) conversation.Decision {
	if from.Confirmed {
		return allow
	}
	critical, ok := g.findCritical(snapshot, call.Entity, map[home.EntityID]bool{})
	switch {
	case !ok:
		return allow
	case critical.ID == call.Entity:
		return ask("it is " + kind(critical))
	}
	return ask("it changes " + critical.Name + ", which is " + kind(critical))
}

// withinRate wants no more calls of a session than a person makes.
func (g *Gate) withinRate(_ *home.Snapshot, _ home.Call, from conversation.Caller) conversation.Decision {
	if !g.limiter.allow(from.Session, g.options.Now()) {
		return refuse(conversation.TooOften, fmt.Sprintf("there were more than %d calls in %s", g.options.Burst, g.options.Per))
	}
	return allow
}

// findCritical looks for a critical entity in one, and in what a scene, a script or a group changes.
func (g *Gate) findCritical(snapshot *home.Snapshot, id home.EntityID, seen map[home.EntityID]bool) (home.Entity, bool) {
	if seen[id] {
		return home.Entity{}, false
	}
	seen[id] = true
	e, ok := snapshot.Entity(id)
	if !ok {
		e = home.Entity{ID: id, Name: string(id)}
	}
	if g.isCritical(e) {
		return e, true
	}
	for _, member := range append(e.Members(), g.options.Contents[id]...) {
		if critical, found := g.findCritical(snapshot, member, seen); found {
			return critical, true
		}
	}
	return home.Entity{}, false
}

func (g *Gate) isCritical(e home.Entity) bool {
	return slices.ContainsFunc(g.options.Critical, func(c Class) bool {
		return c.Domain == e.Domain() && (c.DeviceClass == "" || c.DeviceClass == e.DeviceClass)
	})
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
	return "a " + spoken(e.Domain())
}

func spoken(word string) string { return strings.ReplaceAll(word, "_", " ") }
