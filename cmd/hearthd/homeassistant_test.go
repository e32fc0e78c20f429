package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/web"
)

// A homeAssistant is a real one with its demo home, seen by a connection of the test's own: nothing that Hearth
// believes counts here.
type homeAssistant struct {
	t       testing.TB
	recipe  string // the script that runs it
	install string // folder of the installation
	run     string // name of this instance
	url     string
	token   string
	conn    *homeassistant.Conn
	stop    context.CancelFunc
}

// startHomeAssistant starts Home Assistant with the home of testdata/homeassistant and connects to it.
func startHomeAssistant(t testing.TB) *homeAssistant {
	t.Helper()
	home, err := filepath.Abs("testdata/homeassistant")
	if err != nil {
		t.Fatal(err)
	}
	h := runHomeAssistant(t, "", home)
	h.connect()
	return h
}

// runHomeAssistant starts HEARTH_HA_VERSION, or 2026.2.3, with the home of that folder, and a broker on the port, if
// there is one. The test is skipped where that version is not installed.
func runHomeAssistant(t testing.TB, brokerPort, home string) *homeAssistant {
	t.Helper()
	recipe, install, err := homeAssistantRecipe()
	if err != nil {
		t.Skipf("no Home Assistant (make home-assistant): %v", err)
	}
	h := &homeAssistant{t: t, recipe: recipe, install: install, run: fmt.Sprintf("run-test-%d", os.Getpid())}
	t.Cleanup(func() {
		h.script("stop", h.install)
		os.RemoveAll(filepath.Join(h.install, h.run))
	})
	h.script("start", h.install, "0", brokerPort, home)
	h.url, h.token = h.file("url"), h.file("token")
	return h
}

// script runs the recipe's script.
func (h *homeAssistant) script(args ...string) {
	h.t.Helper()
	if err := runRecipe(h.recipe, h.run, nil, args...); err != nil {
		h.t.Fatal(err)
	}
}

// file is what the script has left in the instance's folder.
func (h *homeAssistant) file(name string) string {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.install, h.run, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// connect opens the test's own connection, in place of one that was lost.
func (h *homeAssistant) connect() {
	h.t.Helper()
	if h.stop != nil {
		h.stop()
	}
	conn, err := homeassistant.Dial(h.t.Context(), homeassistant.Address{URL: h.url}, h.token)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(h.t.Context())
	go conn.Serve(ctx) // it ends with the test, or is missed by the next command
	h.conn, h.stop = conn, stop
}

// ask sends a command to Home Assistant.
func (h *homeAssistant) ask(command homeassistant.Command, result any) {
	h.t.Helper()
	if err := h.conn.Ask(h.t.Context(), command, result); err != nil {
		h.t.Fatalf("%v: %v", command, err)
	}
}

// A state is an entity as Home Assistant has it.
type state struct {
	ID         string         `json:"entity_id"`
	State      string         `json:"state"`
	Attributes map[string]any `json:"attributes"`
}

func (h *homeAssistant) states() map[string]state {
	h.t.Helper()
	var list []state
	h.ask(homeassistant.Command{"type": "get_states"}, &list)
	states := make(map[string]state, len(list))
	for _, s := range list {
		states[s.ID] = s
	}
	return states
}

// places are where things of testdata/homeassistant stand, and what else some of them are called.
var places = []struct{ entity, area, alias string }{
	{"light.bed_light", "bedroom", "bedside lamp"},
	{"light.office_rgbw_lights", "office", ""},
	{"light.kitchen_lights", "kitchen", ""},
	{"light.ceiling_lights", "living_room", ""},
	{"light.living_room_rgbww_lights", "living_room", ""},
	{"light.hallway_lamp", "hallway", ""},
	{"light.stubborn_lamp", "hallway", ""},
	{"light.broken_lamp", "hallway", ""},
	{"sensor.bed_thermometer", "bedroom", ""},
	{"sensor.bed_hygrometer", "bedroom", ""},
	{"sensor.aquarium_thermometer", "bedroom", ""},
	{"binary_sensor.basement_floor_wet", "hallway", "basement floor"},
	{"climate.heatpump", "living_room", ""},
	{"fan.living_room_fan", "living_room", ""},
	{"cover.kitchen_window", "kitchen", ""},
	{"lawn_mower.mower_can_do_all", "garden", "shaun"},
	{"vacuum.robot", "kitchen", "hoover"},
}

// furnish gives things their places and names. What has a device stands where that does.
func (h *homeAssistant) furnish() {
	h.t.Helper()
	for _, p := range places {
		var entry struct {
			Device string `json:"device_id"`
		}
		h.ask(homeassistant.Command{"type": "config/entity_registry/get", "entity_id": p.entity}, &entry)
		place := homeassistant.Command{"type": "config/device_registry/update", "device_id": entry.Device, "area_id": p.area}
		if entry.Device == "" {
			place = homeassistant.Command{"type": "config/entity_registry/update", "entity_id": p.entity, "area_id": p.area}
		}
		h.ask(place, nil)
		if p.alias != "" {
			h.alias(p.entity, p.alias)
		}
	}
}

// alias gives an entity one more name.
func (h *homeAssistant) alias(entity, alias string) {
	h.t.Helper()
	aliases := []any{nil, alias} // its own name too, for which null stands
	err := h.conn.Ask(h.t.Context(), homeassistant.Command{"type": "config/entity_registry/update", "entity_id": entity, "aliases": aliases}, nil)
	if err != nil { // before 2026 the own name was not in the list
		h.ask(homeassistant.Command{"type": "config/entity_registry/update", "entity_id": entity, "aliases": aliases[1:]}, nil)
	}
}

// exposeAll exposes every entity to Assist but those that are for nobody to speak to.
func (h *homeAssistant) exposeAll() {
	h.t.Helper()
	var ids []string
	for id := range h.states() {
		switch home.EntityID(id).Domain() {
		case "conversation", "zone", "update", "stt", "tts", "counter":
		default:
			ids = append(ids, id)
		}
	}
	h.ask(homeassistant.Command{"type": "homeassistant/expose_entity", "assistants": []string{"conversation"}, "entity_ids": ids, "should_expose": true}, nil)
}

// A hearth is the built daemon, in the home of a homeAssistant.
type hearth struct {
	t      testing.TB
	client *web.Client

	token   string // file with the token of Home Assistant
	bin     string
	config  string // its file
	process *os.Process
}

// startHearth starts it without a language model, and adds more lines to its configuration.
func startHearth(t testing.TB, h *homeAssistant, more ...string) *hearth {
	t.Helper()
	return startHearthWith(t, h, "http://127.0.0.1:1", more...)
}

// startHearthWith starts it with the language models of a server.
func startHearthWith(t testing.TB, h *homeAssistant, models string, more ...string) *hearth {
	t.Helper()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(h.token), 0o600); err != nil {
		t.Fatal(err)
	}
	home := fmt.Sprintf("home: {kind: homeassistant, url: %q, token_file: %s}", h.url, token)
	d := runHearth(t, models, append([]string{home}, more...)...)
	d.token = token
	return d
}

// runHearth builds the daemon and runs it until the test ends, with these lines in its configuration.
func runHearth(t testing.TB, models string, more ...string) *hearth {
	t.Helper()
	runtime.KeepAlive(run) // see TestScripts
	bin := filepath.Join(t.TempDir(), "hearthd")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build hearthd: %v\n%s", err, out)
	}
	dir, err := os.MkdirTemp("", "hearth") // a socket's path has room for about a hundred bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "hearthd.yaml")
	text := fmt.Sprintf(`state_dir: %s
sentences: %s
web: {listen: %s}
mqtt: {broker: "off"}
microphone: {device: "off"}
speech: {engine: "off"}
model: {url: %q}
gate: {calls_per_minute: 1000}
`, dir, filepath.Join(dir, "sentences"), address, models) + strings.Join(more, "\n")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.ArtifactDir(), "hearthd.log"))
	if err != nil {
		t.Fatal(err)
	}
	d := &hearth{t: t, client: web.NewClient(filepath.Join(dir, "hearthd.sock")), bin: bin, config: file}
	daemon := d.command("run")
	daemon.Stdout, daemon.Stderr = log, log
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	d.process = daemon.Process
	t.Cleanup(func() {
		d.client.Close()
		_ = daemon.Process.Signal(syscall.SIGTERM)
		if err := daemon.Wait(); err != nil {
			t.Errorf("hearthd: %v", err)
		}
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("the daemon's log:\n%s", text)
		}
	})
	return d
}

// command is the program with the daemon's configuration.
func (d *hearth) command(args ...string) *exec.Cmd {
	c := exec.Command(d.bin, args...)
	c.Env = append(os.Environ(), "HEARTH_CONFIG="+d.config)
	return c
}

// follows waits until the daemon follows the home.
func (d *hearth) follows() {
	d.t.Helper()
	d.waitFor("home")
}

// waitFor waits until a component of the daemon works.
func (d *hearth) waitFor(component string) {
	d.t.Helper()
	eventuallyTrue(d.t, func() error {
		now, err := d.client.Ready(context.Background())
		if c := now.Components[component]; err == nil && c.State != web.OK {
			err = fmt.Errorf("%s is %+v", component, c)
		}
		return err
	})
}

// say says a sentence as `hearthd say --json` does.
func (d *hearth) say(room, text string) (*conversation.Turn, error) {
	return d.client.Say(d.t.Context(), web.SayRequest{Text: text, Room: room})
}

// eventuallyTrue tries again until f succeeds or patience has run out.
func eventuallyTrue(t testing.TB, f func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for err := f(); err != nil; err = f() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %v", patience, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// requireAssets skips the test without sentences.
func requireAssets(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(filepath.Join((&config.Config{}).AssetsDir(), "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
}
