package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

const testToken = "Secret-token_0123456789"

// endpoint runs one that answers with the path it was asked for.
func endpoint(t *testing.T, inPath bool) (address string, m *EndpointMetrics, log *strings.Builder) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = free.Addr().String()
	free.Close()
	m, log = NewEndpointMetrics(prometheus.NewRegistry()), &strings.Builder{}
	e := NewEndpoint(EndpointOptions{
		Name: "ollama", Listen: address, Token: testToken, InPath: inPath, Metrics: m, Logger: slog.New(slog.NewTextHandler(log, nil)),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.RequestURI()) }),
	})
	ctx, cancel := context.WithCancel(context.Background())
	up, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- e.Run(ctx, func() { close(up) }) }()
	<-up
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return address, m, log
}

// call returns the status and the answer.
func call(t *testing.T, url, authorization string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestAnEndpointWantsItsToken(t *testing.T) {
	for _, test := range []struct {
		inPath              bool
		path, authorization string
		status              int
		sees                string
	}{
		{true, "/api/tags?a=b", "Bearer " + testToken, 200, "/api/tags?a=b"},
		{true, "/" + testToken + "/api/tags?a=b", "", 200, "/api/tags?a=b"},
		{true, "/" + testToken, "", 200, "/"},
		{true, "/" + testToken + "/", "", 200, "/"},
		{true, "/" + testToken + "/api/tags", "Bearer wrong", 401, ""}, // what is sent must be right
		{true, "/", "", 401, ""},
		{true, "/api/tags", "", 401, ""},
		{true, "/" + testToken + "x/api/tags", "", 401, ""},
		{true, "/" + strings.ToLower(testToken) + "/api/tags", "", 401, ""},
		{true, "/api/tags", testToken, 401, ""},
		{true, "/api/tags", "Bearer ", 401, ""},
		{false, "/mcp", "Bearer " + testToken, 200, "/mcp"},
		{false, "/" + testToken + "/mcp", "", 401, ""},
	} {
		address, m, log := endpoint(t, test.inPath)
		status, body := call(t, "http://"+address+test.path, test.authorization)
		if status != test.status || test.sees != "" && body != test.sees {
			t.Errorf("%s with %q: %d, %q", test.path, test.authorization, status, body)
		}
		if refused := testutil.ToFloat64(m.refused.WithLabelValues("ollama")); refused != map[int]float64{200: 0, 401: 1}[test.status] {
			t.Errorf("%s: %v refused", test.path, refused)
		}
		if strings.Contains(strings.ToLower(log.String()+body), strings.ToLower(testToken)) {
			t.Errorf("the token is told: %s%s", log, body)
		}
	}
}

func TestATakenEndpointIsAnError(t *testing.T) {
	address, m, _ := endpoint(t, true)
	e := NewEndpoint(EndpointOptions{Name: "mcp", Listen: address, Token: testToken, Metrics: m, Logger: slog.New(slog.DiscardHandler)})
	if err := e.Run(t.Context(), func() { t.Error("it is up") }); err == nil || !strings.Contains(err.Error(), "mcp.listen") {
		t.Errorf("got %v", err)
	}
}

func TestAnEndpointWithoutATokenLetsNobodyIn(t *testing.T) {
	e := NewEndpoint(EndpointOptions{InPath: true})
	for _, path := range []string{"/", "//api"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://hearth"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := e.admit(r); ok {
			t.Errorf("%s is let in", path)
		}
	}
}
