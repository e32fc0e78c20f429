package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A realHome is a real Home Assistant with its demo home and a real broker, as a person uses it: by what its
// pages show and can do.
type realHome struct {
	*homeAssistant
	broker string // host:port
}

func startRealHome(t *testing.T) *realHome {
	t.Helper()
	config := t.TempDir()
	for path, text := range map[string]string{
		"packages/demo.yaml": "demo:\n",
		// What an owner writes in the automation editor is kept in this file.
		"packages/automation.yaml": "config:\nautomation: !include ../automations.yaml\n",
		"automations.yaml":         "[]\n",
	} {
		path = filepath.Join(config, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h := &realHome{homeAssistant: runHomeAssistant(t, "0", config)}
	h.broker = h.file("mqtt")
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Home Assistant: %s", h.log())
		}
	})
	return h
}

func (h *realHome) log() string {
	text, _ := os.ReadFile(filepath.Join(h.install, h.run, "ha.log"))
	return string(text)
}

// restartBroker has everybody lose the connection, and the broker all that it retained.
func (h *realHome) restartBroker() {
	h.t.Helper()
	pidFile := filepath.Join(h.install, h.run, "mosquitto.pid")
	pid, err := strconv.Atoi(h.file("mosquitto.pid"))
	if err != nil {
		h.t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		h.t.Fatal(err)
	}
	h.until("the broker has stopped", func() error {
		if syscall.Kill(pid, 0) == nil && !zombie(pid) {
			return fmt.Errorf("process %d is still there", pid)
		}
		return nil
	})
	broker := exec.Command(h.recipe, "exec", h.install, "mosquitto", "-c", filepath.Join(h.install, h.run, "mosquitto.conf"))
	broker.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := broker.Start(); err != nil {
		h.t.Fatal(err)
	}
	go broker.Wait()
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(broker.Process.Pid)), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// zombie tells whether a process has ended and only waits to be asked how.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// rest calls Home Assistant's REST API.
func (h *homeAssistant) rest(method, path string, body, answer any) error {
	var payload bytes.Buffer
	if err := json.NewEncoder(&payload).Encode(body); err != nil {
		return err
	}
	request, err := http.NewRequest(method, h.url+path, &payload)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+h.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, text)
	}
	if raw, ok := answer.(*string); ok {
		*raw = string(text)
	} else if err == nil && answer != nil {
		err = json.Unmarshal(text, answer)
	}
	return err
}

// state is an entity as Home Assistant shows it.
func (h *realHome) state(entity string) (state, error) {
	var s state
	return s, h.rest(http.MethodGet, "/api/states/"+entity, nil, &s)
}

// call has Home Assistant do something, as a person who presses a button there.
func (h *realHome) call(service, entity string, data map[string]any) {
	h.t.Helper()
	if data == nil {
		data = map[string]any{}
	}
	data["entity_id"] = entity
	if err := h.rest(http.MethodPost, "/api/services/"+strings.ReplaceAll(service, ".", "/"), data, nil); err != nil {
		h.t.Fatal(err)
	}
}

// template is what Home Assistant makes of a template.
func (h *realHome) template(text string) string {
	h.t.Helper()
	var out string
	if err := h.rest(http.MethodPost, "/api/template", map[string]string{"template": text}, &out); err != nil {
		h.t.Fatal(err)
	}
	return out
}

// until waits for a condition.
func (h *realHome) until(what string, f func() error) {
	h.t.Helper()
	eventuallyTrue(h.t, func() error {
		err := f()
		if err != nil {
			err = fmt.Errorf("%s: %w", what, err)
		}
		return err
	})
}

// shows waits until an entity has a state that fits.
func (h *realHome) shows(entity, want string, fits func(state) bool) state {
	h.t.Helper()
	var now state
	h.until(entity+" is "+want, func() (err error) {
		if now, err = h.state(entity); err == nil && !fits(now) {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	return now
}

// is waits until an entity has the state.
func (h *realHome) is(entity, want string) state {
	h.t.Helper()
	return h.shows(entity, want, func(s state) bool { return s.State == want })
}
