package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/intent"
	"hearth/daemon/web"
)

type pairCommand struct {
	URL       string `name:"url" placeholder:"URL" help:"Address of Home Assistant, as in a browser. Without one it is looked for on the network."`
	Area      string `placeholder:"AREA" help:"Area that this hub stands in, by name or ID."`
	TokenFile string `type:"path" placeholder:"FILE" help:"Use the access token in FILE, now and later. Without one it is asked for, or read from standard input."`
	CAFile    string `name:"ca-file" type:"path" placeholder:"FILE" help:"Trust the certificates in FILE, too."`
}

// Run finds Home Assistant, tries the token, asks for the room, and only then writes anything.
func (p *pairCommand) Run(ctx context.Context, c *cli) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	s, err := newPairing(p, c)
	if err != nil {
		return err
	}
	address, err := s.address(ctx)
	if err != nil {
		return err
	}
	if err := s.readToken(ctx, address.URL); err != nil {
		return err
	}
	view, err := s.look(ctx, address)
	if err != nil {
		return err
	}
	room, err := s.room(ctx, view.Home)
	if err != nil {
		return err
	}
	return s.write(ctx, address, room)
}

// A pairing is what is known of the connection while it is set up.
type pairing struct {
	*pairCommand
	terminal *terminal

	path   string // of the configuration
	text   []byte // of it, none when there is no file yet
	before *config.Config

	token      config.Secret
	tokenFile  string // as the configuration names it
	writeToken string // path to write the token to, "" when it is there
}

// newPairing reads the configuration. It may lack what pairing sets, and nothing else.
func newPairing(p *pairCommand, c *cli) (*pairing, error) {
	s := &pairing{pairCommand: p, terminal: newTerminal(os.Stdin), path: c.configPath()}
	if s.path == "" {
		if os.Geteuid() != 0 {
			return nil, &configurationError{errors.New("say which configuration to write: --config FILE, or run it as root for " + packagedConfig)}
		}
		s.path = packagedConfig
	}
	var err error
	if s.text, err = os.ReadFile(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &configurationError{fmt.Errorf("read configuration: %w", err)}
	}
	s.before, err = config.Parse(s.path, s.text)
	var faults config.Faults
	if errors.As(err, &faults) {
		var others config.Faults
		for _, f := range faults {
			if f.Field != "room" && !strings.HasPrefix(f.Field, "home.") {
				others = append(others, f)
			}
		}
		if len(others) > 0 {
			return nil, &configurationError{fmt.Errorf("mend the configuration first:\n%w", others)}
		}
	}
	return s, nil
}

// readToken takes the token from where it is kept, from the owner, or from standard input.
func (s *pairing) readToken(ctx context.Context, url string) (err error) {
	page := strings.TrimRight(url, "/") + "/profile/security"
	if s.TokenFile != "" {
		s.tokenFile = s.TokenFile
		if s.token, err = config.ReadSecret(s.TokenFile); err != nil {
			return fmt.Errorf("read the token (--token-file): %w; make one at %s", err, page)
		}
		return nil
	}
	file := s.place()
	kept, keptErr := config.ReadSecret(file)
	typed, err := s.askToken(ctx, page, keptErr == nil)
	switch {
	case err != nil:
		return fmt.Errorf("read the token: %w", err)
	case typed == "" && keptErr == nil:
		s.token = kept
	case typed == "":
		return fmt.Errorf("there is no token: make one at %s (Long-lived access tokens), and type it here or give it on standard input", page)
	case strings.ContainsAny(typed, " \t\r\n"):
		return errors.New("what was given is no token: it has spaces in it")
	case typed == kept.Reveal():
		s.token = kept
	default:
		s.token, s.writeToken = config.NewSecret(typed), file
	}
	return nil
}

func (s *pairing) askToken(ctx context.Context, page string, kept bool) (string, error) {
	if !s.terminal.people {
		typed, err := interruptible(ctx, s.terminal.line)
		if typed == "" { // an end without a line is no token, and no error
			return "", context.Cause(ctx)
		}
		return typed, err
	}
	fmt.Fprintf(os.Stderr, "Hearth signs in with an access token. Make one in your browser, under \"Long-lived access tokens\":\n  %s\n", page)
	question := "Token (it is not shown): "
	if kept {
		question = "Token (it is not shown; Enter keeps the one there is): "
	}
	return s.terminal.secret(ctx, question)
}

// place decides where the token is kept. The service gets it as a systemd credential, for the file is for root
// alone.
func (s *pairing) place() (file string) {
	s.tokenFile = s.before.Home.TokenFile
	switch {
	case strings.Contains(s.tokenFile, "/"):
		return s.tokenFile
	case s.tokenFile != "":
		return filepath.Join(filepath.Dir(packagedConfig), s.tokenFile)
	}
	dir := s.before.StateDir
	if s.path == packagedConfig {
		dir = filepath.Dir(packagedConfig)
	}
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	s.tokenFile = filepath.Join(dir, config.TokenCredential)
	file = s.tokenFile
	if _, err := os.Stat("/run/systemd/system"); err == nil && s.path == packagedConfig {
		s.tokenFile = config.TokenCredential
	}
	return file
}

// look tries the token.
func (s *pairing) look(ctx context.Context, a homeassistant.Address) (*homeassistant.View, error) {
	view, err := homeassistant.Look(ctx, a, s.token.Reveal())
	if errors.Is(err, homeassistant.ErrRefused) {
		return nil, fmt.Errorf("the Home Assistant at %s refuses this token; make another one at %s/profile/security and pair again", a.URL, strings.TrimRight(a.URL, "/"))
	}
	if view != nil && !homeassistant.Supported(view.Version) {
		fmt.Fprintf(os.Stderr, "Home Assistant %s is older than Hearth was made for: update it to %s or newer.\n", view.Version, homeassistant.Oldest)
	}
	if err != nil {
		return nil, err
	}
	exposed := 0
	for _, e := range view.Home.Entities {
		if e.Exposed {
			exposed++
		}
	}
	fmt.Printf("Home Assistant %s at %s takes the token. %d of %d entities are exposed to Assist.\n", view.Version, a.URL, exposed, len(view.Home.Entities))
	return view, nil
}

// room is the ID of the area this hub stands in, as it was when nobody says another.
func (s *pairing) room(ctx context.Context, h *home.Snapshot) (string, error) {
	said := s.Area
	if said == "" && s.terminal.people && len(h.Areas) > 0 {
		names := make([]string, len(h.Areas))
		for i, a := range h.Areas {
			names[i] = a.Name
		}
		question := "Which room does this hub stand in? (number, or Enter for none) "
		if s.before.Room != "" {
			question = fmt.Sprintf("Which room does this hub stand in? (number, or Enter for %s) ", s.before.Room)
		}
		i, typed, err := s.terminal.choose(ctx, question, names)
		if err != nil {
			return "", fmt.Errorf("read the room: %w", err)
		}
		if i >= 0 {
			return h.Areas[i].ID, nil
		}
		said = typed
	}
	if said = cmp.Or(said, s.before.Room); said == "" {
		return "", nil
	}
	return areaCalled(h, said)
}

// areaCalled finds an area by its ID or one of its names.
func areaCalled(h *home.Snapshot, said string) (string, error) {
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

// write makes the changes: the token first, for the configuration names its file.
func (s *pairing) write(ctx context.Context, a homeassistant.Address, room string) error {
	edited, err := config.Edit(s.text, []config.Setting{
		{Field: "home.kind", Value: "homeassistant"}, {Field: "home.url", Value: a.URL}, {Field: "home.token_file", Value: s.tokenFile},
		{Field: "home.ca_file", Value: a.CAFile}, {Field: "room", Value: room},
	})
	if err == nil {
		_, err = config.Parse(s.path, edited)
	}
	if err != nil {
		return &configurationError{fmt.Errorf("%s stays as it was: %w", s.path, err)}
	}
	if s.writeToken != "" {
		if err := config.WriteSecret(s.writeToken, s.token); err != nil {
			return fmt.Errorf("write the token: %w", err)
		}
		fmt.Println("The token is kept in", s.writeToken)
	}
	changed := !bytes.Equal(edited, s.text)
	if changed {
		if err := config.Write(s.path, edited, 0o644); err != nil {
			return fmt.Errorf("write the configuration: %w", err)
		}
		fmt.Println("The settings are in", s.path)
	}
	s.next(ctx, changed, room)
	return nil
}

// next tells what remains to be done.
func (s *pairing) next(ctx context.Context, changed bool, room string) {
	if room == "" {
		fmt.Println(`This hub stands in no room; hearthd pair --area AREA sets one.`)
	}
	client := web.NewClient(s.before.SocketPath())
	defer client.Close()
	_, err := client.Ready(ctx)
	switch {
	case errors.Is(err, web.ErrNotRunning):
		fmt.Println("Next: systemctl start hearthd, or hearthd run; then hearthd doctor")
	case changed:
		fmt.Println("Next: systemctl restart hearthd; then hearthd doctor")
	case s.writeToken != "":
		fmt.Println("The running daemon takes the new token by itself. Next: hearthd doctor")
	default:
		fmt.Println("Nothing had to be changed.")
	}
}
