package tool

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

// searchServer answers searches with a file, and notes what it was asked.
func searchServer(t *testing.T, file string) (address string, asked *http.Request) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	asked = &http.Request{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = *r
		_, _ = w.Write(text)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func newTestWeb(t *testing.T, o WebOptions) *Web {
	t.Helper()
	o.Log, o.Registerer = slog.New(slog.DiscardHandler), prometheus.NewRegistry()
	w, err := NewWeb(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func searching(query string) json.RawMessage {
	text, _ := json.Marshal(map[string]string{"query": query})
	return text
}

var english = conversation.ModelQuestion{Language: "en"}

func TestSearchEngines(t *testing.T) {
	for _, c := range []struct {
		engine, file, key string
		query             url.Values
		want              []string
	}{
		{"searxng", "searxng.json", "", url.Values{"q": {"height of the Zugspitze"}, "format": {"json"}, "language": {"en"}, "safesearch": {"1"}},
			[]string{"Zugspitze - The Zugspitze is the highest mountain of Germany, 2,962 m above sea level. - en.wikipedia.org", "Answer - 2,962 metres"}},
		{"brave", "brave.json", "secret", url.Values{"q": {"height of the Zugspitze"}, "count": {"5"}, "safesearch": {"moderate"}, "search_lang": {"en"}},
			[]string{"Zugspitze - Wikipedia - At 2,962 m (9,718 ft) it is the highest peak & the best known. - en.wikipedia.org"}},
		{"duckduckgo", "duckduckgo.json", "", url.Values{"q": {"height of the Zugspitze"}, "format": {"json"}, "no_html": {"1"}, "no_redirect": {"1"}, "skip_disambig": {"1"}},
			[]string{"Zugspitze - The Zugspitze, at 2,962 m above sea level, is the highest peak of the Wetterstein Mountains. - en.wikipedia.org"}},
	} {
		address, asked := searchServer(t, c.file)
		w := newTestWeb(t, WebOptions{Engine: c.engine, URL: address, Key: c.key, base: address, transport: http.DefaultTransport})
		text, err := w.Look(t.Context(), english, searching("  height of \n the Zugspitze "))
		if err != nil {
			t.Errorf("%s: %v", c.engine, err)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", c.engine, text, want)
			}
		}
		if strings.Contains(text, "<") || strings.Contains(text, "alert") {
			t.Errorf("%s: markup is left in %q", c.engine, text)
		}
		if got := asked.URL.Query(); got.Encode() != c.query.Encode() {
			t.Errorf("%s: asked %v, want %v", c.engine, got, c.query)
		}
		if asked.Header.Get("X-Subscription-Token") != c.key {
			t.Errorf("%s: key %q", c.engine, asked.Header.Get("X-Subscription-Token"))
		}
		if w.Inside() {
			t.Errorf("%s: what the web says counts as the home's own", c.engine)
		}
	}
}

func TestWebWantsItsSettings(t *testing.T) {
	for _, o := range []WebOptions{{Engine: "searxng"}, {Engine: "searxng", URL: "ftp://x"}, {Engine: "brave"}, {Engine: "altavista"}, {}} {
		if _, err := NewWeb(o); err == nil || !strings.Contains(err.Error(), "search.") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, query := range []string{"", " ", strings.Repeat("x", maxQuery+1)} {
		if _, err := newTestWeb(t, WebOptions{Engine: "duckduckgo"}).Look(t.Context(), english, searching(query)); !errors.Is(err, conversation.ErrAskedWrongly) {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// Whatever a public engine's name or answer leads to: nothing inside the home is reached, and the error does not say
// what was searched for.
func TestSearchesReachNothingInside(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { t.Error("it was reached"); w.WriteHeader(http.StatusOK) }))
	defer inside.Close()
	_, err := newTestWeb(t, WebOptions{Engine: "duckduckgo", base: inside.URL}).Look(t.Context(), english, searching("my secret"))
	if !errors.Is(err, errPrivate) || strings.Contains(err.Error(), "secret") {
		t.Errorf("an address of this machine: %v", err)
	}
	outside := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusFound))
	defer outside.Close()
	_, err = newTestWeb(t, WebOptions{Engine: "searxng", URL: outside.URL}).Look(t.Context(), english, searching("my secret"))
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a redirect: %v", err)
	}
	for _, address := range []string{"127.0.0.1:80", "10.0.0.1:80", "192.168.1.1:80", "169.254.169.254:80", "[::1]:80", "[fe80::1]:80", "[fd00::1]:80", "100.64.1.1:80", "0.0.0.0:80", "[::ffff:10.0.0.1]:80", "224.0.0.1:80"} {
		if refusePrivate("tcp", address, nil) == nil {
			t.Errorf("%s may be reached", address)
		}
	}
	for _, address := range []string{"1.1.1.1:443", "[2606:4700::1111]:443"} {
		if err := refusePrivate("tcp", address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A roundTrip answers in place of a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answering(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}
}

func TestBadAnswersOfAnEngine(t *testing.T) {
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"an error":    {http.StatusInternalServerError, "{}"},
		"no JSON":     {http.StatusOK, "<html>please log in</html>"},
		"a flood":     {http.StatusOK, `{"Heading": "` + strings.Repeat("x", maxSearchBody) + `"}`},
		"a redirect":  {http.StatusFound, ""},
		"wrong types": {http.StatusOK, `{"Heading": 5}`},
	} {
		w := newTestWeb(t, WebOptions{Engine: "duckduckgo", transport: roundTrip(func(*http.Request) (*http.Response, error) { return answering(answer.status, answer.body), nil })})
		if text, err := w.Look(t.Context(), english, searching("x")); err == nil {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestAFailingEngineIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries, works := 0, false
		w := newTestWeb(t, WebOptions{Engine: "duckduckgo", transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			tries++
			if works {
				return answering(http.StatusOK, `{"Heading": "It", "AbstractText": "works again"}`), nil
			}
			return nil, errors.New("connection refused")
		})})
		look := func() error { _, err := w.Look(t.Context(), english, searching("x")); return err }
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		for range 20 { // somebody who speaks in between is no failure of the engine's
			_, _ = w.Look(cancelled, english, searching("x"))
		}
		for range 5 {
			if w.Health() != nil {
				t.Fatal("it is left alone too early")
			}
			_ = look()
		}
		before := tries
		if look() == nil || tries != before || w.Health() == nil {
			t.Errorf("after %d failures: %d more tries, health %v", 5, tries-before, w.Health())
		}
		time.Sleep(time.Minute + time.Second)
		works = true
		if err := look(); err != nil || w.Health() != nil {
			t.Errorf("after a minute: %v, health %v", err, w.Health())
		}
	})
}

func TestPlainText(t *testing.T) {
	for markup, want := range map[string]string{
		"The <strong>highest</strong> peak":                          "The highest peak",
		"a<br>b<p>c":                                                 "a b c",
		"Tom &amp; Jerry &lt;3":                                      "Tom & Jerry <3",
		"<script>alert(1)</script>x<style>y{}</style>":               "x",
		"<img src=x onerror=alert(1)>picture":                        "picture",
		"  many \n\n spaces ":                                        "many spaces",
		"<!-- ignore all -->visible":                                 "visible",
		"bro\xffken":                                                 "broken",
		strings.Repeat("ä", 300):                                     strings.Repeat("ä", maxSnippet/2) + "…",
		"<template>hidden</template><noscript>shown</noscript> text": "shown text",
	} {
		if got := plainText(markup); got != want {
			t.Errorf("%q: %q, want %q", markup, got, want)
		}
	}
}

func FuzzSearchAnswers(f *testing.F) {
	for _, file := range []string{"searxng.json", "brave.json", "duckduckgo.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"answers": [{"answer": 5}], "Answer": {"from": "x"}, "RelatedTopics": [{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, e := range []engine{searXNG{}, brave{}, duckDuckGo{}} {
			hits, err := e.hits(body)
			if err != nil {
				continue
			}
			for _, h := range hits {
				if h.text == "" || len(h.text) > maxSnippet+len("…") || strings.ContainsAny(h.title+h.text, "\n\r") {
					t.Errorf("a hit is %+v", h)
				}
			}
		}
	})
}
