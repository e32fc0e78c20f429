package web

import (
	_ "embed"
	"html/template"
	"net/http"
)

// State is how well a component does.
type State string

// How a component can do.
const (
	OK       State = "ok"       // does all it is there for
	Degraded State = "degraded" // works in part, or is being restarted
	Failed   State = "failed"
)

// A Component is one part of the daemon as /readyz shows it.
type Component struct {
	State     State  `json:"state"`
	Detail    string `json:"detail,omitempty"` // what is missing, for people
	Essential bool   `json:"essential"`        // the daemon is of no use without it
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready      bool                 `json:"ready"` // no essential component has failed
	Components map[string]Component `json:"components"`
}

func (s *Server) readiness() Readiness {
	r := Readiness{Ready: true, Components: s.opts.Status()}
	for _, c := range r.Components {
		if c.Essential && c.State == Failed {
			r.Ready = false
		}
	}
	return r
}

func (s *Server) handleReady(w http.ResponseWriter, _ *http.Request) {
	ready := s.readiness()
	status := http.StatusOK
	if !ready.Ready {
		status = http.StatusServiceUnavailable
	}
	s.reply(w, status, ready)
}

func (s *Server) handleHealth(w http.ResponseWriter, r *http.Request) {
	if err := s.opts.Alive(); err != nil {
		s.fail(w, r, &RequestError{Status: http.StatusServiceUnavailable, Message: err.Error(), Remedy: "restart the daemon"})
		return
	}
	s.reply(w, http.StatusOK, map[string]string{"status": "ok"})
}

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

func (s *Server) handlePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	data := struct {
		Readiness
		Version, Socket string
	}{s.readiness(), s.opts.Version, s.opts.Socket}
	if err := page.Execute(w, data); err != nil {
		s.log.Debug("the page was not sent", "error", err) // the client is gone
	}
}
