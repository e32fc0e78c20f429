package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"hearth/audio"
	"hearth/daemon"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

type benchCommand struct {
	Requests    int  `default:"200" help:"How many turns."`
	Concurrency int  `default:"1" help:"How many at a time, each from a room of its own."`
	Audio       bool `help:"Speak the sentences instead of typing them; needs flite or espeak-ng."`
	JSON        bool `name:"json" help:"Print the figures as JSON."`

	Days int    `placeholder:"N" help:"Replay so many days of a household instead, on a clock that does not wait."`
	Seed uint64 `default:"1" help:"Which days: the same number makes the same ones."`
}

// target is the promise: 95 of 100 turns take less.
const target = 2 * time.Second

// Validate checks the numbers.
func (b *benchCommand) Validate() error {
	if b.Requests < 1 || b.Concurrency < 1 {
		return fmt.Errorf("--requests %d --concurrency %d: give numbers of at least 1", b.Requests, b.Concurrency)
	}
	if b.Days < 0 || b.Days > 366 {
		return fmt.Errorf("--days %d: give 1 to 366 days, or leave it out", b.Days)
	}
	if b.Days > 0 && b.Audio {
		return errors.New("--days and --audio: a household's days are typed; leave one of them out")
	}
	return nil
}

// A benchReport is what a run of turns took, in milliseconds.
type benchReport struct {
	Requests     int               `json:"requests"`
	Concurrency  int               `json:"concurrency"`
	Audio        bool              `json:"audio"`
	Errors       int               `json:"errors"`         // turns with a failure
	CacheHitRate float64           `json:"cache_hit_rate"` // turns decided by a learned plan
	Total        spread            `json:"total_ms"`
	Stages       map[string]spread `json:"stages_ms"`
	Seconds      float64           `json:"seconds"` // of the whole run
	TargetP95    float64           `json:"target_p95_ms"`
	Met          bool              `json:"target_met"`
}

// Run times turns in a simulated home and in a state directory of its own: a benchmark must not switch
// anybody's lights, nor fill their history.
func (b *benchCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if cfg.StateDir, err = os.MkdirTemp("", "hearth-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(cfg.StateDir)
	cfg.Home.Kind, cfg.Room, cfg.Gate.CallsPerMinute = "demo", "", 1_000_000
	if b.Days > 0 {
		report, err := b.days(ctx, cfg)
		if err != nil {
			return err
		}
		if b.JSON {
			return printJSON(os.Stdout, report)
		}
		report.print()
		return nil
	}
	d, err := open(cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return err
	}
	var report benchReport
	err = during(ctx, d, b.Audio, func(ctx context.Context) (err error) {
		report, err = b.measure(ctx, d)
		return err
	})
	if err != nil {
		return err
	}
	if b.JSON {
		return printJSON(os.Stdout, report)
	}
	report.print()
	return nil
}

func (b *benchCommand) measure(ctx context.Context, d *daemon.Daemon) (benchReport, error) {
	load, err := b.prepare(ctx, d)
	if err != nil {
		return benchReport{}, err
	}
	turns := make([]*conversation.Turn, b.Requests)
	errs := make([]error, b.Concurrency)
	var next atomic.Int64
	var workers sync.WaitGroup
	started := time.Now()
	for w := range b.Concurrency {
		room := load.rooms[w%len(load.rooms)]
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.Requests && errs[w] == nil; i = int(next.Add(1)) - 1 {
				turns[i], errs[w] = load.turn(ctx, d, room, i)
			}
		})
	}
	workers.Wait()
	took := time.Since(started)
	for _, err := range errs {
		if err != nil {
			return benchReport{}, err
		}
	}
	return b.report(turns, took), nil
}

// A workload is what the benchmark says.
type workload struct {
	sentences []string
	clips     []audio.Clip // of the sentences, nil when they are typed
	rooms     []string
}

// prepare makes sentences about what the home has: about half actions, half questions.
func (b *benchCommand) prepare(ctx context.Context, d *daemon.Daemon) (workload, error) {
	snapshot := d.Snapshot()
	load := workload{sentences: sentencesFor(snapshot)}
	for _, a := range snapshot.Areas {
		load.rooms = append(load.rooms, a.ID)
	}
	if !b.Audio {
		return load, nil
	}
	for _, s := range load.sentences[:min(len(load.sentences), b.Requests)] {
		clip, err := personSays(ctx, s)
		if err != nil {
			return load, fmt.Errorf("speak %q: %w", s, err)
		}
		load.clips = append(load.clips, clip)
	}
	return load, nil
}

func sentencesFor(snapshot *home.Snapshot) []string {
	var sentences []string
	for _, e := range snapshot.Entities {
		if !e.Exposed || !e.Available() || e.Assumed {
			continue
		}
		switch e.Domain() {
		case "light", "switch", "fan":
			sentences = append(sentences, "turn on the "+e.Name, "is the "+e.Name+" on", "turn off the "+e.Name)
		case "sensor":
			sentences = append(sentences, "what is the "+e.Name)
		}
	}
	return append(sentences, "what time is it", "what is the weather")
}

// turn runs the i-th turn.
func (l workload) turn(ctx context.Context, d *daemon.Daemon, room string, i int) (*conversation.Turn, error) {
	if l.clips == nil {
		return d.Conversation.Through("local").Say(ctx, room, l.sentences[i%len(l.sentences)])
	}
	return d.Conversation.Through("local").Hear(ctx, room, l.clips[i%len(l.clips)])
}

func (b *benchCommand) report(turns []*conversation.Turn, took time.Duration) benchReport {
	r := benchReport{
		Requests: b.Requests, Concurrency: b.Concurrency, Audio: b.Audio, Seconds: took.Seconds(),
		Stages: map[string]spread{}, TargetP95: float64(target.Milliseconds()),
	}
	var totals []float64
	stages := map[string][]float64{}
	for _, t := range turns {
		totals = append(totals, t.Total)
		for stage, ms := range t.Timings {
			stages[stage] = append(stages[stage], ms)
		}
		if t.Failure != "" {
			r.Errors++
		}
		if t.DecidedBy == conversation.ByPlan {
			r.CacheHitRate += 1 / float64(len(turns))
		}
	}
	r.Total = spreadOf(totals)
	for stage, values := range stages {
		r.Stages[stage] = spreadOf(values)
	}
	r.Met = r.Total.P95 < r.TargetP95
	return r
}

func (r benchReport) print() {
	fmt.Printf("%d turns, %d at a time, %.1f s; errors %d, decided by a learned plan %.0f %%\n\n",
		r.Requests, r.Concurrency, r.Seconds, r.Errors, 100*r.CacheHitRate)
	fmt.Printf("%-12s %9s %9s %9s %9s %9s %9s %9s   ms\n", "stage", "mean", "median", "min", "max", "p90", "p95", "p99")
	line := func(name string, s spread) {
		fmt.Printf("%-12s %9.3f %9.3f %9.3f %9.3f %9.3f %9.3f %9.3f\n", name, s.Mean, s.Median, s.Min, s.Max, s.P90, s.P95, s.P99)
	}
	for _, stage := range stageOrder {
		if s, ok := r.Stages[stage]; ok {
			line(stage, s)
		}
	}
	line("in all", r.Total)
	verdict := "met"
	if !r.Met {
		verdict = "MISSED"
	}
	fmt.Printf("\ntarget: p95 under %.0f ms: %s (%.1f ms)\n", r.TargetP95, verdict, r.Total.P95)
}
