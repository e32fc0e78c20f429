package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/setup"
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
	if err := s.connect(ctx); err != nil {
		return err
	}
	written, err := writePlan(s.plan)
	if err == nil {
		s.next(ctx, written)
	}
	return err
}

// connect plans all that is needed to live in a Home Assistant.
func (s *pairing) connect(ctx context.Context) error {
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
	return s.plan.SetAll(
		config.Setting{Field: "home.kind", Value: "homeassistant"}, config.Setting{Field: "home.url", Value: address.URL},
		config.Setting{Field: "home.ca_file", Value: address.CAFile}, config.Setting{Field: "room", Value: room},
	)
}

// A pairing is what is known of the connection while it is set up.
type pairing struct {
	*pairCommand
	terminal *terminal
	plan     *setup.Plan
	token    config.Secret
}

// newPairing reads the configuration. It may lack what pairing sets, and nothing else.
func newPairing(p *pairCommand, c *cli) (*pairing, error) {
	plan, err := newPlan(c, func(field string) bool { return field == "room" || strings.HasPrefix(field, "home.") })
	if err != nil {
		return nil, err
	}
	return &pairing{pairCommand: p, terminal: newTerminal(os.Stdin), plan: plan}, nil
}

// newPlan is one for the configuration that the command line names.
func newPlan(c *cli, may func(field string) bool) (*setup.Plan, error) {
	path := c.configPath()
	if path == "" {
		if os.Geteuid() != 0 {
			return nil, &configurationError{errors.New("say which configuration to write: --config FILE, or run it as root for " + config.Packaged)}
		}
		path = config.Packaged
	}
	plan, err := setup.NewPlan(path, may)
	if err != nil {
		return nil, &configurationError{err}
	}
	return plan, nil
}

// readToken takes the token from where it is kept, from the owner, or from standard input.
func (s *pairing) readToken(ctx context.Context, url string) (err error) {
	page := setup.TokenPage(url)
	if s.TokenFile != "" {
		if s.token, err = config.ReadSecret(s.TokenFile); err != nil {
			return fmt.Errorf("read the token (--token-file): %w; make one at %s", err, page)
		}
		return s.plan.Set("home.token_file", s.TokenFile)
	}
	kept, keptErr := s.plan.Kept(config.TokenCredential)
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
	default:
		s.token = config.NewSecret(typed)
	}
	return s.plan.Keep(config.TokenCredential, s.token)
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

// look tries the token.
func (s *pairing) look(ctx context.Context, a homeassistant.Address) (*homeassistant.View, error) {
	view, err := setup.SignIn(ctx, a, s.token)
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
		if s.plan.Before.Room != "" {
			question = fmt.Sprintf("Which room does this hub stand in? (number, or Enter for %s) ", s.plan.Before.Room)
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
	if said = cmp.Or(said, s.plan.Before.Room); said == "" {
		return "", nil
	}
	return setup.Area(h, said)
}

// writePlan makes the changes, and says where.
func writePlan(plan *setup.Plan) (setup.Written, error) {
	written, err := plan.Write(time.Now())
	for _, path := range written.Secrets {
		fmt.Println("A secret is kept in", path)
	}
	if err != nil {
		return written, &configurationError{err}
	}
	if written.Config != "" {
		fmt.Println("The settings are in", written.Config)
	}
	if written.Backup != "" {
		fmt.Println("Those of before are in", written.Backup)
	}
	return written, nil
}

// next tells what remains to be done.
func (s *pairing) next(ctx context.Context, written setup.Written) {
	if s.plan.Get("room") == "" {
		fmt.Println(`This hub stands in no room; hearthd pair --area AREA sets one.`)
	}
	client := web.NewClient(s.plan.Before.SocketPath())
	defer client.Close()
	_, err := client.Ready(ctx)
	fmt.Println(nextStep(written, !errors.Is(err, web.ErrNotRunning), !strings.Contains(s.plan.Get("home.token_file"), "/")))
}

// nextStep is what the owner has to do so that what was written is used. A daemon that runs reads a file anew, but a
// credential is as it was when the service started.
func nextStep(written setup.Written, running, credential bool) string {
	switch {
	case !running:
		return "Next: sudo systemctl start hearthd, or hearthd run; then sudo hearthd doctor"
	case written.Config != "", len(written.Secrets) > 0 && credential:
		return "Next: sudo systemctl restart hearthd; then sudo hearthd doctor"
	case len(written.Secrets) > 0:
		return "The running daemon takes the new token by itself. Next: hearthd doctor"
	}
	return "Nothing had to be changed."
}
