package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/breaker"
	"hearth/daemon/conversation"
)

const (
	searchTime    = 5 * time.Second
	maxSearchBody = 1 << 20
	maxHits       = 5
	maxSnippet    = 280 // bytes of one hit's text
	maxQuery      = 200
)

// WebOptions are where searches go. Engine, Log and Registerer are required.
type WebOptions struct {
	Engine string // "searxng", "brave" or "duckduckgo"
	URL    string // of the owner's own SearXNG
	Key    string // of Brave's API

	Log        *slog.Logger
	Registerer prometheus.Registerer

	base      string            // instead of the public address, in tests
	transport http.RoundTripper // instead of one that reaches public addresses only, in tests
}

// A Web searches the web through one search engine. It reads no page: what a result says is all it tells.
type Web struct {
	*Tool
	engine  engine
	client  *http.Client
	breaker *breaker.Breaker
}

// A hit is one result, as plain text.
type hit struct{ title, text, site string }

// An engine knows how one search engine is asked, and how it answers.
type engine interface {
	request(ctx context.Context, query, language string) (*http.Request, error)
	hits(body []byte) ([]hit, error)
}

// NewWeb makes the tool "web". It connects to nothing before it is asked.
func NewWeb(o WebOptions) (*Web, error) {
	engine, err := engineOf(o)
	if err != nil {
		return nil, err
	}
	w := &Web{engine: engine, client: &http.Client{
		Timeout: searchTime, Transport: o.transport,
		// A redirect could lead anywhere, inside the home too.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if o.transport == nil {
		w.client.Transport = transport(o.Engine != "searxng")
	}
	w.breaker = breaker.New(breaker.Options{
		Name: "web search, " + o.Engine, Log: o.Log, Registerer: o.Registerer,
		Gauge: prometheus.GaugeOpts{
			Name: "hearth_tool_breaker_state", Help: "Whether a tool is asked: 0 it is, 1 once to find out, 2 not for now.",
			ConstLabels: prometheus.Labels{"tool": "web"},
		},
	})
	w.Tool = &Tool{
		name: "web", hint: `{"query": "words"}: what the web says, for what no tool and no device can tell`,
		form:   json.RawMessage(`{"type":"object","properties":{"query":{"type":"string","maxLength":200}},"required":["query"]}`),
		leaves: true, look: w.search,
	}
	return w, nil
}

// transport reaches public addresses only, unless the server is the owner's own.
func transport(public bool) *http.Transport {
	dialer := &net.Dialer{Timeout: 2 * time.Second}
	if public {
		dialer.Control = refusePrivate
	}
	return &http.Transport{DialContext: dialer.DialContext, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 3 * time.Second, ResponseHeaderTimeout: searchTime}
}

var errPrivate = errors.New("the name of the search engine leads to an address that is not on the public internet")

// refusePrivate looks at the address itself, whatever name had led to it.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := a.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(ip) {
		return errPrivate
	}
	return nil
}

// Health is nil unless the search engine is left alone for a while.
func (w *Web) Health() error {
	if w.breaker.State() == breaker.Open {
		return breaker.ErrOpen
	}
	return nil
}

// Close lets go of connections that are not in use.
func (w *Web) Close() { w.client.CloseIdleConnections() }

func (w *Web) search(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	var asked struct{ Query string }
	if err := read(with, &asked); err != nil {
		return "", err
	}
	query := strings.Join(strings.Fields(asked.Query), " ")
	if query == "" || len(query) > maxQuery {
		return "", wrongly("query: want 1 to %d characters", maxQuery)
	}
	var hits []hit
	err := w.breaker.Do(func() (err error) {
		hits, err = w.ask(ctx, query, q.Language)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("search the web: %w", withoutQuery(err))
	}
	var b strings.Builder
	for _, h := range hits[:min(len(hits), maxHits)] {
		b.WriteString(strings.Join([]string{h.title, h.text, h.site}, " - ") + "\n")
	}
	return b.String(), nil
}

func (w *Web) ask(ctx context.Context, query, language string) ([]hit, error) {
	request, err := w.engine.request(ctx, query, language)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "hearthd")
	response, err := w.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusAccepted {
		return nil, fmt.Errorf("it answers with %s", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSearchBody+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > maxSearchBody:
		return nil, fmt.Errorf("its answer is longer than %d bytes", maxSearchBody)
	}
	return w.engine.hits(body)
}

// withoutQuery leaves out the address, which has what somebody has said in it.
func withoutQuery(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err
	}
	return err
}
