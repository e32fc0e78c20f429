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
	"time"
)

// A realHome is a real Home Assistant with its demo home and a real broker.
type realHome struct {
	t      *testing.T
	recipe string // ha.sh
	dir    string // of the installation
	run    string // folder of this instance
	url    string
	broker string // host:port
	token  string
}

// startRealHome skips the test where the version is not installed.
func startRealHome(t *testing.T, version string) *realHome {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	h := &realHome{t: t, dir: filepath.Join(cache, "hearth", "home-assistant-"+version)}
	h.recipe = filepath.Join(shared(), "recipes", "home-assistant", "ha.sh")
	if _, err := os.Stat(filepath.Join(h.dir, "installed")); err != nil {
		t.Skipf("Home Assistant %s is not installed: %v", version, err)
	}
	if _, err := os.Stat(h.recipe); err != nil {
		t.Skipf("no recipe to start Home Assistant: %v (set HEARTH_SHARED)", err)
	}
	name := "run-device-" + strconv.Itoa(os.Getpid())
	t.Setenv("HA_RUN", name)
	h.run = filepath.Join(h.dir, name)
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
	t.Cleanup(func() {
		h.ha("stop", h.dir)
		if t.Failed() {
			t.Logf("Home Assistant: %s", h.log())
		}
		os.RemoveAll(h.run)
	})
	h.ha("start", h.dir, "0", "0", config)
	h.url, h.broker, h.token = h.read("url"), h.read("mqtt"), h.read("token")
	return h
}

func (h *realHome) read(name string) string {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.run, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func (h *realHome) log() string {
	text, _ := os.ReadFile(filepath.Join(h.run, "ha.log"))
	return string(text)
}

func (h *realHome) ha(arguments ...string) {
	h.t.Helper()
	if out, err := exec.Command(h.recipe, arguments...).CombinedOutput(); err != nil {
		h.t.Fatalf("ha.sh %s: %v\n%s", arguments[0], err, out)
	}
}

// restartBroker has everybody lose the connection, and the broker all that it retained.
func (h *realHome) restartBroker() {
	h.t.Helper()
	pidFile := filepath.Join(h.run, "mosquitto.pid")
	pid, err := strconv.Atoi(h.read("mosquitto.pid"))
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
	broker := exec.Command(h.recipe, "exec", h.dir, "mosquitto", "-c", filepath.Join(h.run, "mosquitto.conf"))
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
func (h *realHome) rest(method, path string, body, answer any) error {
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

// An entityState is an entity as Home Assistant sees it.
type entityState struct {
	State      string         `json:"state"`
	Attributes map[string]any `json:"attributes"`
}

func (h *realHome) state(entity string) (entityState, error) {
	var s entityState
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
	deadline := time.Now().Add(patience)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("not within %s: %s: %v", patience, what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// shows waits until an entity has a state that fits.
func (h *realHome) shows(entity, want string, fits func(entityState) bool) entityState {
	h.t.Helper()
	var now entityState
	h.until(entity+" is "+want, func() (err error) {
		if now, err = h.state(entity); err == nil && !fits(now) {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	return now
}

// is waits until an entity has the state.
func (h *realHome) is(entity, want string) entityState {
	h.t.Helper()
	return h.shows(entity, want, func(s entityState) bool { return s.State == want })
}
