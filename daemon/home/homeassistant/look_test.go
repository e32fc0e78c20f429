package homeassistant

import (
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// greeter is a server that says hello as Home Assistant does, and then whatever answer is.
func greeter(t *testing.T, hello, answer string) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/websocket" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		socket, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer socket.CloseNow()
		_ = socket.Write(r.Context(), websocket.MessageText, []byte(hello))
		if _, _, err := socket.Read(r.Context()); err == nil {
			_ = socket.Write(r.Context(), websocket.MessageText, []byte(answer))
			_, _, _ = socket.Read(r.Context())
		}
	}))
	t.Cleanup(s.Close)
	return s
}

const asksForToken = `{"type":"auth_required","ha_version":"2026.2.3"}`

// trusted is the server's address with its certificate in a file.
func trusted(t *testing.T, s *httptest.Server) Address {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return Address{URL: s.URL, CAFile: file}
}

func TestProbeTellsTheVersion(t *testing.T) {
	version, err := Probe(t.Context(), trusted(t, greeter(t, asksForToken, "")))
	if err != nil || version != "2026.2.3" {
		t.Errorf("got %q, %v", version, err)
	}
}

func TestLookIsRefused(t *testing.T) {
	s := greeter(t, asksForToken, `{"type":"auth_invalid","message":"no"}`)
	if _, err := Look(t.Context(), trusted(t, s), "secret"); !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want ErrRefused without the token", err)
	}
}

func TestDialSaysWhatIsWrong(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	silent := greeter(t, `{"type":"welcome"}`, "")
	for name, c := range map[string]struct {
		address Address
		want    string
		is      error
	}{
		"another web server": {Address{URL: other.URL}, "404 Not Found", ErrNotHomeAssistant},
		"another WebSocket":  {trusted(t, silent), `"welcome"`, ErrNotHomeAssistant},
		"unknown authority":  {Address{URL: silent.URL}, "home.ca_file", nil},
		"no TLS":             {Address{URL: "https" + strings.TrimPrefix(other.URL, "http")}, "use http://", nil},
		"another name":       {Address{URL: strings.Replace(silent.URL, "127.0.0.1", "localhost", 1), CAFile: trusted(t, silent).CAFile}, "use the name", nil},
	} {
		_, err := Dial(t.Context(), c.address, "secret")
		if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestTheClockOfHomeAssistantIsCompared(t *testing.T) {
	s := greeter(t, asksForToken, `{"type":"auth_ok","ha_version":"2026.2.3"}`)
	view, err := Look(t.Context(), trusted(t, s), "secret") // it hangs up on the first question
	if err == nil || view == nil || view.Ahead < 59*time.Minute || view.Ahead > 61*time.Minute {
		t.Errorf("got %+v, %v, want an hour ahead", view, err)
	}
}

func TestVersionsThatAreSupported(t *testing.T) {
	for version, want := range map[string]bool{
		"2025.1.4": false, "2024.12.0": false, "2025.2.0": true, "2026.2.3": true, "2026.11.0b1": true, "2027.1.0.dev202612": true, "": false,
	} {
		if Supported(version) != want {
			t.Errorf("%q: got %t", version, !want)
		}
	}
}
