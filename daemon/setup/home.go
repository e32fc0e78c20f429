// Package setup is the steps that connect a new hub to what is around it: Home Assistant, a broker, a language model,
// microphone and loudspeaker; and the plan that gathers what was chosen and writes it as a whole or not at all. It
// asks nobody anything and prints nothing: that is for the command line and the page to do.
package setup

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/intent"
)

const (
	findTime  = 2 * time.Second // for the network to answer
	probeTime = 4 * time.Second // for one address
)

// guesses are where a Home Assistant may be that does not announce itself.
var guesses = []string{"http://homeassistant.local:8123", "http://localhost:8123"}

// A Home is a Home Assistant that answers. Anybody on the network can announce one: it is to be shown to the owner
// before it is told a secret.
type Home struct{ Name, URL, Version string }

// String quotes what others chose.
func (h Home) String() string {
	if h.Name == "" {
		return fmt.Sprintf("%s  Home Assistant %q", h.URL, h.Version)
	}
	return fmt.Sprintf("%s  %q, Home Assistant %q", h.URL, h.Name, h.Version)
}

// Homes are those in the configuration, on the network, and where one may be guessed, that answer; each once, by the
// first of its addresses that does. It takes a few seconds.
func Homes(ctx context.Context, known config.Home) []Home {
	places := []homeassistant.Found{}
	if known.URL != "" {
		places = append(places, homeassistant.Found{URLs: []string{known.URL}})
	}
	places = append(places, homeassistant.Find(ctx, findTime)...)
	if len(places) == 0 {
		places = append(places, homeassistant.Found{URLs: guesses})
	}
	answers := make([]Home, len(places))
	var probes sync.WaitGroup
	for i, place := range places {
		probes.Go(func() { answers[i] = answering(ctx, place, known.CAFile) })
	}
	probes.Wait()
	var found []Home
	seen := map[string]bool{"": true}
	for _, a := range answers {
		if !seen[a.URL] {
			found = append(found, a)
			seen[a.URL] = true
		}
	}
	return found
}

// answering is the first address that a Home Assistant answers at, the zero Home when none does.
func answering(ctx context.Context, place homeassistant.Found, caFile string) Home {
	for _, url := range place.URLs {
		probing, cancel := context.WithTimeout(ctx, probeTime)
		version, err := homeassistant.Probe(probing, trusting(url, caFile))
		cancel()
		if err == nil {
			return Home{place.Name, url, version}
		}
	}
	return Home{}
}

// Reach is the address that somebody said, as it is to be kept. A page copied from a browser will do, and a host
// without http://.
func Reach(ctx context.Context, said, caFile string) (homeassistant.Address, error) {
	if !strings.Contains(said, "://") {
		said = "http://" + said
	}
	a := trusting(strings.TrimRight(said, "/"), caFile)
	_, err := homeassistant.Probe(ctx, a)
	if errors.Is(err, homeassistant.ErrNotHomeAssistant) {
		if bare := trusting(withoutPath(a.URL), caFile); bare.URL != a.URL {
			if _, again := homeassistant.Probe(ctx, bare); again == nil {
				return bare, nil
			}
		}
	}
	switch {
	case unverified(err):
		err = fmt.Errorf("%w, or give it to hearthd pair --ca-file", err)
	case err != nil && !errors.Is(err, homeassistant.ErrNotHomeAssistant):
		err = fmt.Errorf("%w; see that it runs, and that this address opens in a browser", err)
	}
	return a, err
}

// unverified tells whether a certificate is signed by nobody whom this machine knows.
func unverified(err error) bool {
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &unknown)
}

// trusting is the address with the certificates to trust, which only https has a use for.
func trusting(url, caFile string) homeassistant.Address {
	a := homeassistant.Address{URL: url}
	if strings.HasPrefix(url, "https:") {
		a.CAFile = caFile
	}
	return a
}

func withoutPath(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	return (&url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}).String()
}

// TokenPage is where the owner of a Home Assistant makes an access token.
func TokenPage(url string) string { return strings.TrimRight(url, "/") + "/profile/security" }

// SignIn tries the token, and looks at the home.
func SignIn(ctx context.Context, a homeassistant.Address, token config.Secret) (*homeassistant.View, error) {
	view, err := homeassistant.Look(ctx, a, token.Reveal())
	if errors.Is(err, homeassistant.ErrRefused) {
		return nil, fmt.Errorf("the Home Assistant at %s refuses this token; make another one at %s and try again", a.URL, TokenPage(a.URL))
	}
	return view, err
}

// Area finds an area by its ID or one of its names, and returns its ID.
func Area(h *home.Snapshot, said string) (string, error) {
	if _, ok := h.Area(said); ok {
		return said, nil
	}
	var all []string
	for _, a := range h.Areas {
		for _, name := range append([]string{a.Name}, a.Aliases...) {
			if intent.Folded(name) == intent.Folded(said) {
				return a.ID, nil
			}
		}
		all = append(all, fmt.Sprintf("%s (%s)", a.ID, a.Name))
	}
	if len(all) == 0 {
		return "", fmt.Errorf("the area %q is not there: Home Assistant has no areas; make some in it under Settings > Areas", said)
	}
	return "", fmt.Errorf("the area %q is not there; there are: %s", said, strings.Join(all, ", "))
}
