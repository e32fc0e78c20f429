package mcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/breaker"
)

// ClientOptions say which server a Client uses. One of Command and URL must be set.
type ClientOptions struct {
	Name    string   // of the server, in the names of its tools: "weather"
	Command []string // a program that speaks the protocol on its standard input and output
	URL     string   // where it is spoken over streamable HTTP
	// Token is sent to the URL as a bearer token, and given to the Command as MCP_TOKEN; "" for none.
	Token string
	// Tools are those that may be used. None stands for all that the server says only read.
	Tools   []string
	Version string // of the daemon
	Metrics *Metrics
	Logger  *slog.Logger
	// Registerer has a metric of each server.
	Registerer prometheus.Registerer
}

// Limits of a server, which is taken to be slow, talkative or hostile.
const (
	pingEvery = 30 * time.Second

	maxMessage = 1 << 20 // bytes of one message of its
	maxTools   = 32      // that are used
	maxListed  = 1000    // that are looked at
)

// times are how long a server may take.
type times struct {
	connect, list, call time.Duration
	again               time.Duration // before its tools are listed once more
}

// A Client uses the tools of one of the owner's servers. It is safe for concurrent use.
type Client struct {
	opts    ClientOptions
	log     *slog.Logger
	session atomic.Pointer[sdk.ClientSession] // nil while there is no connection
	tools   atomic.Pointer[[]*Tool]
	times   times
	breaker *breaker.Breaker
	changed chan struct{} // one signal is enough: the server's tools are others now
	told    string        // of its tools, in the log
}

// NewClient starts nothing.
func NewClient(o ClientOptions) *Client {
	c := &Client{opts: o, log: o.Logger.With("server", o.Name), changed: make(chan struct{}, 1)}
	c.tools.Store(&[]*Tool{})
	c.times = times{connect: 20 * time.Second, list: 10 * time.Second, call: 10 * time.Second, again: time.Second}
	c.breaker = breaker.New(breaker.Options{
		Name: "server " + o.Name, Log: o.Logger, Registerer: o.Registerer,
		Gauge: prometheus.GaugeOpts{
			Name: "hearth_mcp_breaker_state", Help: "Whether a server of the owner's is asked: 0 it is, 1 once to find out, 2 not for now.",
			ConstLabels: prometheus.Labels{"server": o.Name},
		},
	})
	return c
}

// Name is the server's.
func (c *Client) Name() string { return c.opts.Name }

// Health is nil unless the server is left alone for a while.
func (c *Client) Health() error {
	if c.breaker.State() == breaker.Open {
		return breaker.ErrOpen
	}
	return nil
}

// Tools are those that may be used now, none while the server cannot be reached.
func (c *Client) Tools() []*Tool { return *c.tools.Load() }

// errGone says that the server has ended the connection.
var errGone = errors.New("the server has gone")

// Run connects to the server, and keeps its tools until ctx ends or the server is gone. It calls up once they are
// known. It may be run again.
func (c *Client) Run(ctx context.Context, up func()) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	transport, release, err := c.transport(ctx)
	if err != nil {
		return fmt.Errorf("start %s: %w", c.opts.Name, err)
	}
	defer func() { err = release(err) }()
	session, err := c.connect(ctx, transport)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", c.opts.Name, err)
	}
	hangUp := func() { _ = session.Close() } // a server that is gone cannot be told
	defer hangUp()
	defer c.tools.Store(&[]*Tool{})
	c.session.Store(session)
	defer c.session.Store(nil)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = session.Wait() // why it ended is told by whoever notices first
	}()
	defer func() { <-ended }()
	defer hangUp()
	return c.keep(ctx, session, ended, up)
}

func (c *Client) connect(ctx context.Context, transport sdk.Transport) (*sdk.ClientSession, error) {
	ctx, cancel := context.WithTimeout(ctx, c.times.connect)
	defer cancel()
	client := sdk.NewClient(&sdk.Implementation{Name: "hearth", Title: "Hearth", Version: c.opts.Version}, &sdk.ClientOptions{
		KeepAlive: pingEvery,
		ToolListChangedHandler: func(context.Context, *sdk.ToolListChangedRequest) {
			select {
			case c.changed <- struct{}{}:
			default: // they will be listed once for both
			}
		},
		Capabilities: &sdk.ClientCapabilities{}, // it is told nothing of this machine, and asks nobody anything
	})
	return client.Connect(ctx, transport, nil)
}

// keep lists the tools, and lists them again when they are others.
func (c *Client) keep(ctx context.Context, session *sdk.ClientSession, ended <-chan struct{}, up func()) error {
	pause := time.Duration(0)
	for {
		begun := time.Now()
		tools, err := c.list(ctx, session)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the tools of %s: %w", c.opts.Name, err)
		}
		c.tools.Store(&tools)
		up()
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
			return fmt.Errorf("%s: %w", c.opts.Name, errGone)
		case <-c.changed:
		}
		pause = c.nextPause(pause, time.Since(begun))
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
			return fmt.Errorf("%s: %w", c.opts.Name, errGone)
		case <-time.After(pause):
		}
	}
}

// nextPause is how long to wait until the tools are listed again, after one pause and so much time in which they stayed as
// they were: twice as long each time, a minute or so at most, for a server whose tools never settle. Each list may change
// the beginning of the prompt, which a model then reads anew.
func (c *Client) nextPause(before, settled time.Duration) time.Duration {
	longest := 64 * c.times.again
	if before == 0 || settled > longest {
		return c.times.again
	}
	return min(2*before, longest)
}

// list asks for the tools, and keeps those that may be used.
func (c *Client) list(ctx context.Context, session *sdk.ClientSession) ([]*Tool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.times.list)
	defer cancel()
	var tools []*Tool
	var refused []string
	seen := 0
	for offered, err := range session.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if seen++; seen > maxListed {
			return nil, fmt.Errorf("it has more than %d", maxListed)
		}
		tool, why := c.take(offered)
		switch {
		case why != "":
			refused = append(refused, fmt.Sprintf("%.40q: %s", offered.Name, why))
		case tool != nil && !slices.ContainsFunc(tools, func(t *Tool) bool { return t.name == tool.name }):
			tools = append(tools, tool)
		}
	}
	slices.SortFunc(tools, func(a, b *Tool) int { return strings.Compare(a.name, b.name) })
	if len(tools) > maxTools {
		refused = append(refused, fmt.Sprintf("%d more than %d: name those to use in tools", len(tools)-maxTools, maxTools))
		tools = tools[:maxTools]
	}
	c.report(tools, refused)
	return tools, nil
}

// report logs which tools there are, once for as long as they are the same.
func (c *Client) report(tools []*Tool, refused []string) {
	names := []string{}
	for _, t := range tools {
		names = append(names, t.name)
	}
	now := fmt.Sprint(names, refused)
	if now == c.told {
		return
	}
	c.told = now
	for _, listed := range c.opts.Tools {
		if !slices.Contains(names, c.opts.Name+"."+listed) {
			c.log.Warn("a tool that is configured cannot be used", "tool", listed)
		}
	}
	c.log.Info("tools of a server", "tools", names, "refused", refused[:min(len(refused), 10)])
}

// toolName is what the name of a tool may be: it is a word of the prompt.
var toolName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Limits of a tool's form and hint, in bytes: they are a part of every prompt.
const (
	maxForm = 4 << 10
	maxHint = 160
)

// take makes a tool of what the server offers. It is nil when it is not to be used, and why says so if the owner might
// wonder.
func (c *Client) take(offered *sdk.Tool) (tool *Tool, why string) {
	reads := offered.Annotations != nil && offered.Annotations.ReadOnlyHint
	listed := slices.Contains(c.opts.Tools, offered.Name)
	switch {
	case len(c.opts.Tools) > 0 && !listed:
		return nil, ""
	case !toolName.MatchString(offered.Name):
		return nil, "its name is not made of letters, digits, - and _"
	case !reads && !listed:
		return nil, "it does not say that it only reads, and is not named in tools"
	}
	form, err := objectForm(offered.InputSchema)
	if err != nil {
		return nil, err.Error()
	}
	return &Tool{client: c, name: c.opts.Name + "." + offered.Name, remote: offered.Name, hint: hintOf(offered), form: form, reads: reads}, ""
}

// transport reaches the server, until release is called.
func (c *Client) transport(ctx context.Context) (t sdk.Transport, release func(why error) error, err error) {
	if c.opts.URL == "" {
		return startServer(ctx, c.opts, c.log)
	}
	server, err := url.Parse(c.opts.URL)
	if err != nil {
		return nil, nil, errors.New("its url is no address") // which may hold a secret
	}
	connections := &http.Transport{Proxy: http.ProxyFromEnvironment}
	client := &http.Client{
		Transport:     &carefulTransport{next: connections, server: server, token: c.opts.Token},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	host := url.URL{Scheme: server.Scheme, Host: server.Host}
	return &sdk.StreamableClientTransport{Endpoint: host.String(), HTTPClient: client, MaxEventSize: maxMessage},
		func(why error) error {
			connections.CloseIdleConnections()
			return why
		}, nil
}
