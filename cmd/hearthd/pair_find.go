package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"hearth/daemon/home/homeassistant"
)

const (
	findTime  = 2 * time.Second // for the network to answer
	probeTime = 4 * time.Second // for one address
)

// guesses are where a Home Assistant may be that does not announce itself.
var guesses = []string{"http://homeassistant.local:8123", "http://localhost:8123"}

// address is the Home Assistant that the owner means. One that was only found is not used before the owner
// has said so: anybody on the network can announce one, to be sent the token.
func (s *pairing) address(ctx context.Context) (homeassistant.Address, error) {
	said := s.URL
	if said == "" && !s.terminal.people && s.before.Home.Kind == "homeassistant" {
		said = s.before.Home.URL
	}
	if said == "" {
		var err error
		if said, err = s.search(ctx); err != nil {
			return homeassistant.Address{}, err
		}
	}
	if !strings.Contains(said, "://") {
		said = "http://" + said
	}
	a := s.trusting(strings.TrimRight(said, "/"))
	_, err := homeassistant.Probe(ctx, a)
	if errors.Is(err, homeassistant.ErrNotHomeAssistant) {
		if bare := s.trusting(withoutPath(a.URL)); bare.URL != a.URL { // copied from a browser, page and all
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
func (s *pairing) trusting(url string) homeassistant.Address {
	a := homeassistant.Address{URL: url}
	if strings.HasPrefix(url, "https:") {
		if a.CAFile = s.CAFile; a.CAFile == "" {
			a.CAFile = s.before.Home.CAFile
		}
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

// search looks around, and has the owner choose.
func (s *pairing) search(ctx context.Context) (string, error) {
	fmt.Fprintln(os.Stderr, "Looking for Home Assistant on the network ...")
	found := s.around(ctx)
	if !s.terminal.people {
		list := ""
		for _, f := range found {
			list += "\n  --url " + f.url
		}
		if list == "" {
			return "", errors.New("no Home Assistant was found: give its address with --url")
		}
		return "", fmt.Errorf("nobody is there to say which Home Assistant is meant; found:%s", list)
	}
	if len(found) == 0 {
		return s.terminal.ask(ctx, "None was found. Its address, as in a browser: ")
	}
	list := make([]string, len(found))
	for i, f := range found {
		list[i] = f.String()
	}
	i, typed, err := s.terminal.choose(ctx, "Which one? (number, another address, or Enter for the first) ", list)
	switch {
	case err != nil:
		return "", fmt.Errorf("read the address: %w", err)
	case typed != "":
		return typed, nil
	}
	return found[max(i, 0)].url, nil
}

// A candidate is a Home Assistant that answers.
type candidate struct{ name, url, version string }

func (c candidate) String() string {
	if c.name == "" {
		return fmt.Sprintf("%s  Home Assistant %q", c.url, c.version)
	}
	return fmt.Sprintf("%s  %q, Home Assistant %q", c.url, c.name, c.version) // quoted: others chose these words
}

// around are those in the configuration, on the network, and where one may be guessed, that answer; each once,
// by the first of its addresses that does.
func (s *pairing) around(ctx context.Context) []candidate {
	places := []homeassistant.Found{}
	if s.before.Home.URL != "" {
		places = append(places, homeassistant.Found{URLs: []string{s.before.Home.URL}})
	}
	places = append(places, homeassistant.Find(ctx, findTime)...)
	if len(places) == 0 {
		places = append(places, homeassistant.Found{URLs: guesses})
	}
	answers := make([]candidate, len(places))
	var probes sync.WaitGroup
	for i, place := range places {
		probes.Go(func() { answers[i] = s.answering(ctx, place) })
	}
	probes.Wait()
	var found []candidate
	seen := map[string]bool{"": true}
	for _, a := range answers {
		if !seen[a.url] {
			found = append(found, a)
			seen[a.url] = true
		}
	}
	return found
}

// answering is the first address that a Home Assistant answers at, the zero candidate when none does.
func (s *pairing) answering(ctx context.Context, place homeassistant.Found) candidate {
	for _, url := range place.URLs {
		probing, cancel := context.WithTimeout(ctx, probeTime)
		version, err := homeassistant.Probe(probing, s.trusting(url))
		cancel()
		if err == nil {
			return candidate{place.Name, url, version}
		}
	}
	return candidate{}
}
