package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"hearth/daemon/config"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/setup"
)

// address is the Home Assistant that the owner means. One that was only found is not used before the owner
// has said so: anybody on the network can announce one, to be sent the token.
func (s *pairing) address(ctx context.Context) (homeassistant.Address, error) {
	known := s.plan.Before.Home
	if s.CAFile != "" {
		known.CAFile = s.CAFile
	}
	said := s.URL
	if said == "" && !s.terminal.people && known.Kind == "homeassistant" {
		said = known.URL
	}
	if said == "" {
		var err error
		if said, err = search(ctx, s.terminal, known); err != nil {
			return homeassistant.Address{}, err
		}
	}
	return setup.Reach(ctx, said, known.CAFile)
}

// search looks around, and has the owner choose.
func search(ctx context.Context, t *terminal, known config.Home) (string, error) {
	fmt.Fprintln(os.Stderr, "Looking for Home Assistant on the network ...")
	found := setup.Homes(ctx, known)
	if !t.people {
		list := ""
		for _, f := range found {
			list += "\n  --url " + f.URL
		}
		if list == "" {
			return "", errors.New("no Home Assistant was found: give its address with --url")
		}
		return "", fmt.Errorf("nobody is there to say which Home Assistant is meant; found:%s", list)
	}
	if len(found) == 0 {
		typed, err := t.ask(ctx, "None was found. Its address, as in a browser: ")
		if err == nil && typed == "" {
			err = errors.New("no address was given")
		}
		return typed, err
	}
	list := make([]string, len(found))
	for i, f := range found {
		list[i] = f.String()
	}
	i, typed, err := t.choose(ctx, "Which one? (number, another address, or Enter for the first) ", list)
	switch {
	case err != nil:
		return "", fmt.Errorf("read the address: %w", err)
	case typed != "":
		return typed, nil
	}
	return found[max(i, 0)].URL, nil
}
