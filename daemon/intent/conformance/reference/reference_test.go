package main

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"hearth/daemon/intent"
)

// TestFeatures says what the reference was told once, in a language of one of everything. The record is made by
//
//	reference -sentences testdata -times=false -count 100 -record testdata/features.jsonl
func TestFeatures(t *testing.T) {
	language, err := intent.Load("testdata/features.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("testdata/features.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var home *intent.Home
	said, matched := 0, 0
	for d := json.NewDecoder(f); ; {
		var turn turn
		if err := d.Decode(&turn); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if turn.Names != nil {
			home = language.Home(*turn.Names)
			continue
		}
		said++
		got := read(home, turn.Text, turn.Area)
		if got.Intent != "" {
			matched++
		}
		if c := compare(turn.Want, got); c != same {
			t.Errorf("%q in %q: %s\nreference: %v\nengine:    %v", turn.Text, turn.Area, c, turn.Want, got)
		}
	}
	if said < 150 || matched < 100 {
		t.Errorf("only %d sentences, of which %d match", said, matched)
	}
}

func TestCompare(t *testing.T) {
	open := reading{Intent: "Open", Combination: "name", Response: "default", Slots: map[string]value{"n": {5.0, "five"}}}
	with := func(change func(*reading)) reading {
		r := open
		r.Slots = map[string]value{"n": open.Slots["n"]}
		change(&r)
		return r
	}
	for _, tc := range []struct {
		want, got reading
		class     class
	}{
		{reading{}, reading{}, same},
		{open, open, same},
		{open, with(func(r *reading) { r.Slots["n"] = value{5, "FIVE"} }), same},
		{reading{Error: "KeyError"}, open, raised},
		{open, reading{}, missed},
		{reading{}, open, extra},
		{open, with(func(r *reading) { r.Intent = "Close" }), intents},
		{open, with(func(r *reading) { r.Combination = "area" }), combination},
		{open, with(func(r *reading) { r.Response = "door" }), responses},
		{open, with(func(r *reading) { r.Slots["n"] = value{6, "five"} }), slots},
		{open, with(func(r *reading) { r.Slots["n"] = value{"5", "five"} }), slots},
		{open, with(func(r *reading) { r.Slots["m"] = value{5, "five"} }), slots},
		{open, with(func(r *reading) { r.Slots["n"] = value{5, "a five"} }), texts},
		{open, with(func(r *reading) { r.Captures = map[string]string{"tune": "it"} }), texts},
	} {
		if got := compare(tc.want, tc.got); got != tc.class {
			t.Errorf("%v and %v: %q, want %q", tc.want, tc.got, got, tc.class)
		}
	}
}

func TestAsWritten(t *testing.T) {
	r := reading{Slots: map[string]value{
		"step": {-71, "seventy one"}, "name": {"Lamp 2", "Lamp Two"}, "domain": {"light", ""},
	}}
	if got := asWritten("Dim, lamp two by Seventy one", r); got != "dim Lamp 2 by 71" {
		t.Errorf("got %q", got)
	}
}

// TestDistort makes sure that a sentence survives as text, and that most distortions change it.
func TestDistort(t *testing.T) {
	d := newDistorter("en", vocabulary{Skip: []string{"please"}}, rand.New(rand.NewPCG(1, 2)))
	changed := 0
	for range 200 {
		if d.distort("open the hatch") != "open the hatch" {
			changed++
		}
	}
	if changed < 120 {
		t.Errorf("%d of 200 sentences are changed", changed)
	}
	if got := d.distort(""); got != "" {
		t.Errorf("nothing is distorted to %q", got)
	}
}
