package main

import (
	"testing"

	"hearth/daemon/setup"
)

func TestTheNextStepAfterPairing(t *testing.T) {
	config, token, nothing := setup.Written{Config: "hearthd.yaml"}, setup.Written{Secrets: []string{"home_assistant_token"}}, setup.Written{}
	const (
		start   = "Next: sudo systemctl start hearthd, or hearthd run; then sudo hearthd doctor"
		restart = "Next: sudo systemctl restart hearthd; then sudo hearthd doctor"
	)
	for name, test := range map[string]struct {
		written             setup.Written
		running, credential bool
		want                string
	}{
		"not running":            {config, false, true, start},
		"nothing, not running":   {nothing, false, true, start},
		"new settings":           {config, true, false, restart},
		"a new token, service":   {token, true, true, restart},
		"a new token, by a path": {token, true, false, "The running daemon takes the new token by itself. Next: hearthd doctor"},
		"nothing new":            {nothing, true, true, "Nothing had to be changed."},
	} {
		if got := nextStep(test.written, test.running, test.credential); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
