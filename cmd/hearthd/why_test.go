package main

import (
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

func TestWhyShowsWhatWasLookedUp(t *testing.T) {
	var b strings.Builder
	explain(&b, &conversation.Turn{Lookups: []conversation.Lookup{
		{Tool: "history", Outcome: conversation.LookedUp, Bytes: 120, Millis: 8.25}, {Outcome: conversation.LookupDenied, Bytes: 23},
	}})
	for _, want := range []string{"looked   history: ok, 120 bytes, after 8.2 ms\n", "looked   (no such tool): refused, 23 bytes, after 0.0 ms\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q lacks %q", b.String(), want)
		}
	}
}
