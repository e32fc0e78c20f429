package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"hearth/daemon/config"
)

func TestTheSameSeedMakesTheSameDay(t *testing.T) {
	h, err := readHousehold()
	if err != nil {
		t.Fatal(err)
	}
	day := func(seed uint64) []utterance {
		said, err := h.day(time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), rand.New(rand.NewPCG(seed, seed)))
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	first, again, other := day(1), day(1), day(2)
	if !reflect.DeepEqual(first, again) || reflect.DeepEqual(first, other) {
		t.Error("a seed does not make a day")
	}
	people := map[string]bool{}
	for i, u := range first {
		people[u.person] = true
		if i > 0 && u.at.Before(first[i-1].at) || u.text == "" || u.room == "" {
			t.Errorf("turn %d: %+v", i, u)
		}
	}
	if len(first) < 40 || len(people) != 3 {
		t.Errorf("%d turns of %v", len(first), people)
	}
}

// Days of the household are understood, and what was said before is remembered.
func TestHouseholdDays(t *testing.T) {
	cfg := config.Default()
	if _, err := os.Stat(filepath.Join(cfg.AssetsDir(), "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
	cfg.StateDir, cfg.Room, cfg.Sentences, cfg.Gate.CallsPerMinute = t.TempDir(), "", "", 1_000_000
	report, err := (&benchCommand{Days: 3, Seed: 1}).days(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range []string{"not_understood", "no_model", "not_allowed", "internal"} {
		if n := report.Failed[failure]; n > 0 {
			t.Errorf("%d turns failed: %s", n, failure)
		}
	}
	if report.Context.FollowUps != 1 || report.Context.HitRate < 0.5 || report.Context.HitRate == 1 || report.Context.Turns != report.Turns {
		t.Errorf("context: %+v", report.Context)
	}
	if report.PlanHitRate == 0 || report.DecidedBy["model"] == 0 || report.LastDay["reading"] <= report.DecidedBy["reading"] {
		t.Errorf("decided by %v, last day %v, plan hits %.2f", report.DecidedBy, report.LastDay, report.PlanHitRate)
	}
}
