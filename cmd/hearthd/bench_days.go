package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// Promises of a household's day.
const (
	contextHitTarget  = 0.8
	contextTimeTarget = 50 // µs
)

// A dayReport is how days of a household went.
type dayReport struct {
	Days      int                `json:"days"`
	Seed      uint64             `json:"seed"`
	Turns     int                `json:"turns"`
	Failed    map[string]int     `json:"failed"` // turns by why they failed
	Seconds   float64            `json:"seconds"`
	DecidedBy map[string]float64 `json:"decided_by"` // shares: grammar, reading (of it, remembered), plan (a model's), model, "" for nothing
	// LastDay are the shares of the last day, when the house has heard most before.
	LastDay map[string]float64 `json:"decided_by_last_day"`
	Context contextReport      `json:"context"`
	// PlanHitRate is the share of a model's plans among the turns that a model's plan or a model decided.
	PlanHitRate float64 `json:"plan_hit_rate"`
	Total       spread  `json:"total_ms"`
	Decided     spread  `json:"decided_ms"` // recall, understand and gate
	Plan        spread  `json:"decided_by_plan_ms"`
}

// A contextReport is how often a conversation's context was there.
type contextReport struct {
	Turns   int     `json:"turns"`
	HitRate float64 `json:"hit_rate"`
	// FollowUps is the hit rate of the turns that came within the time that a context is kept after the one before in
	// their conversation. The others have none to find.
	FollowUps float64 `json:"follow_up_hit_rate"`
	Target    float64 `json:"target"`
	Lookups   spread  `json:"lookup_us"`
	TargetUS  float64 `json:"target_us"`
	Met       bool    `json:"targets_met"`
}

// days replays days of the household on a clock of its own, which is set forward between turns.
func (b *benchCommand) days(ctx context.Context, cfg *config.Config) (dayReport, error) {
	house, err := readHousehold()
	if err != nil {
		return dayReport{}, err
	}
	clock := &steppedClock{}
	midnight := time.Now().Truncate(24 * time.Hour)
	clock.set(midnight)
	cfg.Speech.Engine, cfg.Speech.Speaker, cfg.Hearing.Recogniser = "off", "off", "off"
	simulated := demo.New(demo.WithPace(0), demo.WithClock(clock.now))
	d, err := openWith(daemon.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Quiet: true, Demo: simulated, Now: clock.now})
	if err != nil {
		return dayReport{}, err
	}
	contexts := &timedContexts{Contexts: d.Conversation.Contexts, kept: cfg.Memory.Context, now: clock.now, last: map[string]time.Time{}}
	d.Conversation.Contexts, d.Conversation.Model = contexts, house
	report := dayReport{Days: b.Days, Seed: b.Seed, Failed: map[string]int{}}
	var turns []*conversation.Turn
	lastDay := 0
	err = during(ctx, d, false, func(ctx context.Context) error {
		random := rand.New(rand.NewPCG(b.Seed, b.Seed))
		began := time.Now()
		for day := range b.Days {
			said, err := house.day(midnight.AddDate(0, 0, day), random)
			if err != nil {
				return err
			}
			lastDay = len(turns)
			for _, u := range said {
				clock.set(u.at)
				turn, err := d.Conversation.Through("bench").As(u.person).Say(ctx, u.room, u.text)
				if err != nil {
					return err
				}
				turns = append(turns, turn)
			}
		}
		report.Seconds = time.Since(began).Seconds()
		return nil
	})
	report.sum(turns, lastDay)
	report.Context = contexts.report()
	return report, err
}

func (r *dayReport) sum(turns []*conversation.Turn, lastDay int) {
	r.Turns = len(turns)
	var total, decided, plans []float64
	for _, t := range turns {
		took := t.Timings["recall"] + t.Timings["understand"] + t.Timings["gate"]
		total, decided = append(total, t.Total), append(decided, took)
		if t.DecidedBy == conversation.ByPlan && t.Intent == "" {
			plans = append(plans, took)
		}
		if t.Failure != "" {
			r.Failed[string(t.Failure)]++
		}
	}
	r.Total, r.Decided, r.Plan = spreadOf(total), spreadOf(decided), spreadOf(plans)
	r.DecidedBy, r.LastDay = shares(turns), shares(turns[lastDay:])
	if asked := r.DecidedBy["plan"] + r.DecidedBy["model"]; asked > 0 {
		r.PlanHitRate = r.DecidedBy["plan"] / asked
	}
}

// deciders are what turns are decided by, in the order in which they are shown.
var deciders = []string{"grammar", "reading", "plan", "model", ""}

func shares(turns []*conversation.Turn) map[string]float64 {
	all := map[string]float64{}
	for _, by := range deciders {
		all[by] = 0
	}
	for _, t := range turns {
		by := string(t.DecidedBy)
		if t.DecidedBy == conversation.ByPlan && t.Intent != "" {
			by = "reading"
		}
		all[by] += 1 / float64(len(turns))
	}
	return all
}

// Ask makes a household the model of its sentences.
func (h household) Ask(_ context.Context, q conversation.ModelQuestion, _ func(string)) (conversation.ModelAnswer, error) {
	for part, call := range h.Model {
		if strings.Contains(strings.ToLower(q.Text), part) {
			return conversation.ModelAnswer{Model: "household", Calls: []home.Call{call.call()}}, nil
		}
	}
	return conversation.ModelAnswer{}, &conversation.ModelError{Fault: conversation.ModelAbsent, Err: errors.New("the household has no answer to this")}
}

// A steppedClock shows what it was set to.
type steppedClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *steppedClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *steppedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// timedContexts time how long a context takes to be found, and count those that are not.
type timedContexts struct {
	conversation.Contexts
	kept time.Duration // how long contexts are
	now  func() time.Time

	last                map[string]time.Time // when each session was last spoken to
	took                []float64            // µs, of those that were there
	hits, misses        int
	followUps, followed int // those that were there
}

func (c *timedContexts) Get(session string) (conversation.Context, bool) {
	began := time.Now()
	found, ok := c.Contexts.Get(session)
	took := time.Since(began)
	before, spoken := c.last[session]
	follows := spoken && c.now().Sub(before) < c.kept
	c.last[session] = c.now()
	if follows {
		c.followUps++
	}
	if !ok {
		c.misses++
		return found, ok
	}
	c.hits++
	if follows {
		c.followed++
	}
	c.took = append(c.took, float64(took.Nanoseconds())/1000)
	return found, ok
}

func (c *timedContexts) report() contextReport {
	r := contextReport{
		Turns: c.hits + c.misses, HitRate: share(c.hits, c.hits+c.misses), FollowUps: share(c.followed, c.followUps),
		Target: contextHitTarget, Lookups: spreadOf(c.took), TargetUS: contextTimeTarget,
	}
	r.Met = r.HitRate > r.Target && r.Lookups.P99 < r.TargetUS
	return r
}

func share(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

func (r dayReport) print() {
	fmt.Printf("%d days of a household, %d turns in %.1f s; seed %d\n\n", r.Days, r.Turns, r.Seconds, r.Seed)
	fmt.Printf("%-22s %8s %8s\n", "decided by", "all days", "last day")
	names := map[string]string{"grammar": "grammar", "reading": "reading of before", "plan": "a model's plan", "model": "model", "": "nothing"}
	for _, by := range deciders {
		fmt.Printf("%-22s %6.1f %% %6.1f %%\n", names[by], 100*r.DecidedBy[by], 100*r.LastDay[by])
	}
	for _, failure := range slices.Sorted(maps.Keys(r.Failed)) {
		fmt.Printf("failed: %-14s %8d\n", failure, r.Failed[failure])
	}
	fmt.Printf("of what is the model's to answer, a plan of before answered %.1f %%\n", 100*r.PlanHitRate)
	fmt.Printf("\n%-22s %9s %9s %9s %9s   ms\n", "", "median", "p95", "p99", "max")
	line := func(name string, s spread) {
		fmt.Printf("%-22s %9.3f %9.3f %9.3f %9.3f\n", name, s.Median, s.P95, s.P99, s.Max)
	}
	line("decided", r.Decided)
	line("by a model's plan", r.Plan)
	line("in all", r.Total)
	verdict := "met"
	if !r.Context.Met {
		verdict = "MISSED"
	}
	fmt.Printf("\ncontext found: %.1f %% of turns, %.1f %% of those within its time; median %.1f µs, p99 %.1f µs; targets %.0f %% and %.0f µs: %s\n",
		100*r.Context.HitRate, 100*r.Context.FollowUps, r.Context.Lookups.Median, r.Context.Lookups.P99, 100*r.Context.Target, r.Context.TargetUS, verdict)
}
