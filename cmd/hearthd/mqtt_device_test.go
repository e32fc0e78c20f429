package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"hearth/audio/listen"
	"hearth/audio/wav"
)

// A real Home Assistant finds the device, shows it and drives every entity of it, also after either of them
// and the broker were started anew.
func TestHomeAssistantDrivesTheDevice(t *testing.T) {
	d := startDevice(t)
	d.found()
	d.controls()
	d.spoken()
	d.wakeWord()
	d.commands()
	d.model()
	d.language()
	d.home.script("restart", d.home.install)
	d.found()
	d.controls()
	d.home.restartBroker()
	d.home.is(d.entity("sensor", "state"), "unavailable")
	d.found()
	d.controls()
	d.restart()
	d.log()
}

// A deviceRig is a hub with its microphone and loudspeaker, a language model, and a real Home Assistant.
type deviceRig struct {
	t      *testing.T
	home   *realHome
	bin    string
	state  string
	ollama *fakeOllama

	listeners int

	mu     sync.Mutex
	hub    *exec.Cmd // the hearthd that runs now
	starts int
	over   bool
}

func startDevice(t *testing.T) *deviceRig {
	t.Helper()
	requireAssets(t)
	home := startRealHome(t)
	d := &deviceRig{t: t, home: home, ollama: newFakeOllama(t)}
	startSound(t)
	dir, err := os.MkdirTemp("", "hearth")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d.bin, d.state = filepath.Join(dir, "hearthd"), filepath.Join(dir, "state")
	if out, err := exec.Command("go", "build", "-o", d.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build hearthd: %v\n%s", err, out)
	}
	text := fmt.Sprintf("state_dir: %s\nroom: kitchen\nsentences: \"\"\nweb: {listen: '127.0.0.1:0'}\nmqtt: {broker: 'tcp://%s', id: e2e-1}\nmodel: {url: '%s'}\n",
		d.state, home.broker, d.ollama.URL)
	if err := os.WriteFile(filepath.Join(dir, "hearthd.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go d.keepRunning(filepath.Join(dir, "hearthd.yaml"), filepath.Join(dir, "hearthd.log"), ended)
	t.Cleanup(func() {
		d.mu.Lock()
		d.over = true
		_ = d.hub.Process.Signal(syscall.SIGTERM)
		d.mu.Unlock()
		<-ended
		if log, _ := os.ReadFile(filepath.Join(dir, "hearthd.log")); t.Failed() {
			t.Logf("hearthd: %s", log)
		}
	})
	return d
}

// keepRunning does what systemd does: it starts the daemon again when that asks for it.
func (d *deviceRig) keepRunning(file, log string, ended chan<- struct{}) {
	defer close(ended)
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Error(err)
		return
	}
	defer output.Close()
	for {
		d.mu.Lock()
		if d.over {
			d.mu.Unlock()
			return
		}
		d.hub = exec.Command(d.bin, "run", "--config", file)
		d.hub.Stderr = output
		err := d.hub.Start()
		d.starts++
		d.mu.Unlock()
		if err == nil {
			_ = d.hub.Wait()
		}
		if code := d.hub.ProcessState.ExitCode(); code != exitRestart {
			d.mu.Lock()
			defer d.mu.Unlock()
			if !d.over {
				d.t.Errorf("hearthd ended with %d, %v", code, err)
			}
			return
		}
	}
}

func (d *deviceRig) started() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.starts
}

func (d *deviceRig) entity(platform, key string) string { return platform + ".hearth_e2e_1_" + key }

// found waits until Home Assistant has all entities, and knows what state they are in.
func (d *deviceRig) found() {
	d.t.Helper()
	known := func(s state) bool { return s.State != "unknown" && s.State != "unavailable" }
	for _, entity := range []string{
		"sensor state", "switch mute", "number volume", "select language", "select model", "select wake_word", "binary_sensor attention", "update update",
	} {
		platform, key, _ := strings.Cut(entity, " ")
		d.home.shows(d.entity(platform, key), "known", known)
	}
	for _, entity := range []string{ // these know nothing before something happens
		"event command", "notify announce", "text ask", "sensor confidence", "sensor latency", "button restart", "sensor timer",
	} {
		platform, key, _ := strings.Cut(entity, " ")
		d.home.shows(d.entity(platform, key), "available", func(s state) bool { return s.State != "unavailable" })
	}
	for entity, want := range map[string]string{d.entity("sensor", "state"): "idle", d.entity("select", "language"): "en"} {
		d.home.is(entity, want)
	}
	if area := d.home.template("{{ area_name('" + d.entity("sensor", "state") + "') }}"); area != "Kitchen" {
		d.t.Errorf("the device is in %q", area)
	}
}

// controls mutes the microphone, sets the volume and announces something.
func (d *deviceRig) controls() {
	d.t.Helper()
	mute := d.entity("switch", "mute")
	d.home.call("switch.turn_on", mute, nil)
	d.home.is(mute, "on")
	d.home.until("the microphone is closed", func() error {
		if pid, err := d.child("capture"); err == nil {
			return fmt.Errorf("process %d listens", pid)
		}
		return nil
	})
	d.home.call("switch.turn_off", mute, nil)
	d.home.is(mute, "off")
	d.home.until("the microphone is open", func() error {
		_, err := d.child("capture")
		return err
	})

	loud := d.announced(100)
	quiet := d.announced(30)
	if quiet > loud-10 {
		d.t.Errorf("an announcement has %.1f dBFS at full volume and %.1f at 30 percent", loud, quiet)
	}
}

// child is the hub's process for a hidden subcommand.
func (d *deviceRig) child(command string) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", d.hub.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for _, child := range strings.Fields(string(children)) {
			if line, _ := os.ReadFile("/proc/" + child + "/cmdline"); strings.HasPrefix(string(line), d.bin+"\x00"+command+"\x00") {
				return strconv.Atoi(child)
			}
		}
	}
	return 0, fmt.Errorf("no hearthd %s runs", command)
}

// announced is how loud an announcement is at a volume, in dBFS, as recorded from the loudspeaker.
func (d *deviceRig) announced(volume int) float64 {
	d.t.Helper()
	d.home.call("number.set_value", d.entity("number", "volume"), map[string]any{"value": volume})
	d.home.is(d.entity("number", "volume"), strconv.Itoa(volume))
	path := filepath.Join(d.t.TempDir(), "heard.wav")
	// Little latency, which the null sink keeps to as well: a real loudspeaker has no second of its own.
	recorder := exec.Command("parec", "--latency-msec=20", "--device=speaker.monitor", "--rate=16000", "--channels=1", "--format=s16le", "--file-format=wav", path)
	if err := recorder.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.home.until("the recorder records", func() error {
		info, err := os.Stat(path)
		if err == nil && info.Size() < 8000 {
			err = fmt.Errorf("%d bytes", info.Size())
		}
		return err
	})
	d.home.call("notify.send_message", d.entity("notify", "announce"), map[string]any{"message": "Dinner is ready."})
	d.home.is(d.entity("sensor", "state"), "responding")
	d.home.is(d.entity("sensor", "state"), "idle")
	time.Sleep(300 * time.Millisecond) // what the sound server still holds; a shorter recording is as loud
	_ = recorder.Process.Signal(syscall.SIGINT)
	_ = recorder.Wait()
	file, err := os.Open(path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer file.Close()
	clip, err := wav.DecodeFormat(file, time.Minute)
	if err != nil {
		d.t.Fatal(err)
	}
	loudest := -96.0
	for window := clip.Samples; len(window) >= 1600; window = window[1600:] {
		loudest = max(loudest, listen.Level(window[:1600]))
	}
	if loudest < -60 {
		d.t.Errorf("at volume %d the loudspeaker was silent: %.1f dBFS", volume, loudest)
	}
	return loudest
}

// spoken says a command into the microphone.
func (d *deviceRig) spoken() {
	d.t.Helper()
	d.sayUntilExecuted(d.listen("hearth/e2e-1/command"), "turn on the kitchen ceiling", "HassTurnOn")
	d.home.shows(d.entity("event", "command"), "executed", func(s state) bool {
		return s.Attributes["event_type"] == "executed" && s.Attributes["intent"] == "HassTurnOn"
	})
	confidence := d.home.shows(d.entity("sensor", "confidence"), "a number", isNumber)
	if n, err := strconv.ParseFloat(confidence.State, 64); err != nil || n > 1 {
		d.t.Errorf("confidence is %+v", confidence)
	}
}

// sayUntilExecuted says a sentence until it is carried out: a busy machine may lose a part of the sound.
func (d *deviceRig) sayUntilExecuted(turns <-chan paho.Message, sentence, intent string) {
	d.t.Helper()
	for range 5 {
		d.say(sentence)
		if executed(turns, intent) {
			return
		}
	}
	d.t.Fatalf("%q was said and not carried out", sentence)
}

// say has the microphone hear a sentence.
func (d *deviceRig) say(sentence string) {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), "said.wav")
	if out, err := exec.Command("flite", "-voice", "slt", "-t", sentence, "-o", path).CombinedOutput(); err != nil {
		d.t.Fatalf("flite: %v %s", err, out)
	}
	if out, err := exec.Command("paplay", "--device=feed", path).CombinedOutput(); err != nil {
		d.t.Fatalf("paplay: %v %s", err, out)
	}
}

// wakeWord has the hub do what follows a wake word, and nothing else from then on.
func (d *deviceRig) wakeWord() {
	d.t.Helper()
	word := d.entity("select", "wake_word")
	options, _ := d.home.is(word, "off").Attributes["options"].([]any)
	if len(options) < 2 || options[0] != "off" || options[1] != "okay computer" {
		d.t.Errorf("the wake words are %v", options)
	}
	d.home.call("select.select_option", word, map[string]any{"option": "okay computer"})
	d.home.is(word, "okay computer")
	d.home.until("the wake word is listened for", func() error {
		_, err := d.child("wake")
		return err
	})
	turns := d.listen("hearth/e2e-1/command")
	d.say("turn on the kitchen ceiling")
	if executed(turns, "HassTurnOn") {
		d.t.Error("a command without the wake word was carried out")
	}
	d.sayUntilExecuted(turns, "okay computer, turn on the kitchen ceiling", "HassTurnOn")
	d.bargeIn()
	for _, option := range []string{"off", "okay computer"} {
		d.home.call("select.select_option", word, map[string]any{"option": option})
		d.home.is(word, option)
		d.home.until("the detector follows", func() error {
			pid, err := d.child("wake")
			if option == "off" && err == nil {
				return fmt.Errorf("process %d still runs", pid)
			}
			if option == "off" {
				return nil
			}
			return err
		})
	}
}

// bargeIn has the wake word end an announcement of several minutes.
func (d *deviceRig) bargeIn() {
	d.t.Helper()
	d.home.call("notify.send_message", d.entity("notify", "announce"), map[string]any{"message": strings.Repeat("777777777777, ", 40)})
	d.home.is(d.entity("sensor", "state"), "responding")
	said := time.Time{}
	d.home.until("the loudspeaker is silent", func() error {
		pid, err := d.child("playback")
		if err != nil {
			return nil
		}
		if time.Since(said) > patience/6 { // a busy machine may lose a part of the sound
			d.say("okay computer")
			said = time.Now()
		}
		return fmt.Errorf("process %d plays", pid)
	})
	d.home.is(d.entity("sensor", "state"), "idle")
}

// executed waits for a command to be carried out, and tells whether it was that one.
func executed(turns <-chan paho.Message, intent string) bool {
	late := time.After(patience / 4)
	for {
		select {
		case m := <-turns:
			if text := string(m.Payload()); !strings.Contains(text, `"recognized"`) {
				return strings.Contains(text, `"executed"`) && strings.Contains(text, intent)
			}
		case <-late:
			return false
		}
	}
}

func isNumber(s state) bool {
	_, err := strconv.ParseFloat(s.State, 64)
	return err == nil
}

// ask types a sentence in Home Assistant and returns the last event of the command.
func (d *deviceRig) ask(text, intent, event string) state {
	d.t.Helper()
	command := d.entity("event", "command")
	before, err := d.home.state(command)
	if err != nil {
		d.t.Fatal(err)
	}
	d.home.call("text.set_value", d.entity("text", "ask"), map[string]any{"value": text})
	return d.home.shows(command, event+" "+intent, func(s state) bool {
		return s.State != before.State && s.Attributes["event_type"] == event && s.Attributes["intent"] == intent
	})
}

// commands asks for things and sees events, measurements, the next timer and a device trigger arrive.
func (d *deviceRig) commands() {
	d.t.Helper()
	device := d.home.template("{{ device_id('" + d.entity("sensor", "state") + "') }}")
	automation := map[string]any{
		"alias": "Hearth seen", "mode": "single", "conditions": []any{},
		"triggers": []any{map[string]any{"trigger": "device", "domain": "mqtt", "device_id": device, "type": "executed", "subtype": "HassTurnOff"}},
		"actions":  []any{map[string]any{"event": "hearth_seen"}},
	}
	if err := d.home.rest(http.MethodPost, "/api/config/automation/config/hearth", automation, nil); err != nil {
		d.t.Fatal(err)
	}
	seen := "automation.hearth_seen"
	if before := d.home.is(seen, "on"); before.Attributes["last_triggered"] != nil {
		d.t.Errorf("triggered already: %+v", before)
	}
	var done state
	d.home.until("the device trigger fires", func() error { // Home Assistant subscribes to it some time after it has the automation
		done = d.ask("turn off the kitchen ceiling", "HassTurnOff", "executed")
		now, err := d.home.state(seen)
		if err == nil && now.Attributes["last_triggered"] == nil {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	if a := done.Attributes; a["room"] != "kitchen" || a["outcome"] != "confirmed" || a["decided_by"] != "grammar" || a["text"] != nil {
		d.t.Errorf("event %+v", done)
	}
	latency := d.home.shows(d.entity("sensor", "latency"), "a number", isNumber)
	if _, ok := latency.Attributes["understand_ms"].(float64); !ok {
		d.t.Errorf("latency %+v", latency)
	}
	d.ask("start a ten minute timer named pizza", "HassStartTimer", "executed")
	timer := d.home.shows(d.entity("sensor", "timer"), "a time", func(s state) bool {
		_, err := time.Parse(time.RFC3339, s.State)
		return err == nil
	})
	if timer.Attributes["name"] != "pizza" {
		d.t.Errorf("timer %+v", timer)
	}
	d.ask("cancel all timers", "HassCancelAllTimers", "executed")
	d.home.is(d.entity("sensor", "timer"), "unknown")
	if s := d.ask("unlock the front door", "HassTurnOff", "recognized"); s.Attributes["outcome"] != "" {
		d.t.Errorf("a question is %+v", s)
	}
	d.ask("no", "", "executed")
}

// model has another language model answer, in a stream.
func (d *deviceRig) model() {
	d.t.Helper()
	model := d.entity("select", "model")
	d.home.is(model, "first:1b")
	d.home.call("select.select_option", model, map[string]any{"option": "second:1b"})
	d.home.is(model, "second:1b")
	replies := d.listen("hearth/e2e-1/reply/+")
	d.home.call("text.set_value", d.entity("text", "ask"), map[string]any{"value": "why is the sky blue"})
	var text string
	for seq := 0; ; seq++ {
		var chunk struct {
			Seq     int
			Text    string
			Done    bool
			Outcome string
		}
		select {
		case m := <-replies:
			if err := json.Unmarshal(m.Payload(), &chunk); err != nil || chunk.Seq != seq {
				d.t.Fatalf("chunk %d is %s, %v", seq, m.Payload(), err)
			}
		case <-time.After(patience):
			d.t.Fatalf("no chunk %d", seq)
		}
		text += chunk.Text
		if chunk.Done {
			if seq < 3 || text != fakeReply || chunk.Outcome != "answered" {
				d.t.Errorf("%d chunks, %q, %s", seq+1, text, chunk.Outcome)
			}
			break
		}
	}
	if asked := d.ollama.lastAsked(); asked != "second:1b" {
		d.t.Errorf("model %s answered", asked)
	}
}

// listen hears what is published on topics.
func (d *deviceRig) listen(filter string) <-chan paho.Message {
	d.t.Helper()
	messages := make(chan paho.Message, 1000)
	d.listeners++ // two of one name would push each other off the broker
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + d.home.broker).SetClientID(fmt.Sprint("listener-", d.listeners)))
	if token := client.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		d.t.Fatal(token.Error())
	}
	d.t.Cleanup(func() { client.Disconnect(100) })
	token := client.Subscribe(filter, 1, func(_ paho.Client, m paho.Message) { messages <- m })
	if !token.WaitTimeout(patience) || token.Error() != nil {
		d.t.Fatal(token.Error())
	}
	return messages
}

// language has the hub speak German, for which it starts anew, and English again.
func (d *deviceRig) language() {
	d.t.Helper()
	language, attention := d.entity("select", "language"), d.entity("binary_sensor", "attention")
	d.home.is(attention, "off")
	for _, step := range []struct{ code, attention, sentence string }{
		{"de", "on", "wie spät ist es"}, // typed only, which wants the owner's attention
		{"en", "off", "what time is it"},
	} {
		starts := d.started()
		d.home.call("select.select_option", language, map[string]any{"option": step.code})
		d.home.until("hearthd has started anew", func() error {
			if d.started() == starts {
				return fmt.Errorf("it has not")
			}
			return nil
		})
		d.home.is(language, step.code)
		now := d.home.is(attention, step.attention)
		if reason, _ := now.Attributes["reason"].(string); step.attention == "on" && !strings.Contains(reason, "it hears English only") {
			d.t.Errorf("needs attention because %q", reason)
		}
		d.ask(step.sentence, "HassGetCurrentTime", "executed")
	}
}

// restart presses the button; what was set is still set afterwards.
func (d *deviceRig) restart() {
	d.t.Helper()
	d.home.call("switch.turn_on", d.entity("switch", "mute"), nil)
	d.home.is(d.entity("switch", "mute"), "on")
	starts := d.started()
	d.home.call("button.press", d.entity("button", "restart"), nil)
	d.home.until("hearthd has started anew", func() error {
		if d.started() == starts {
			return fmt.Errorf("it has not")
		}
		return nil
	})
	d.found()
	d.home.is(d.entity("switch", "mute"), "on")
	d.home.is(d.entity("number", "volume"), "30")
	d.home.is(d.entity("select", "model"), "second:1b")
	d.home.is(d.entity("select", "wake_word"), "okay computer")
	if _, err := d.child("capture"); err == nil {
		d.t.Error("the microphone is open although it is muted")
	}
}

// log finds nothing in Home Assistant's log but that the broker was away.
func (d *deviceRig) log() {
	d.t.Helper()
	blame := regexp.MustCompile(`(?i) ERROR |hearth|discovery payload|mqtt`)
	excused := regexp.MustCompile(`\[paho.mqtt.client\]|\[homeassistant.components.mqtt.client\]`)
	for line := range strings.Lines(d.home.log()) {
		if blame.MatchString(line) && !excused.MatchString(line) {
			d.t.Errorf("Home Assistant's log: %s", line)
		}
	}
}

// startSound starts a sound server: what is played into "feed" is heard by the microphone.
func startSound(t *testing.T) {
	t.Helper()
	for _, program := range []string{"pulseaudio", "pactl", "flite", "espeak-ng"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: apt-get install pulseaudio pulseaudio-utils flite espeak-ng", program)
		}
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "pulse.pa")
	if err := os.WriteFile(script, []byte(strings.Join([]string{
		"load-module module-native-protocol-unix auth-anonymous=1 socket=" + filepath.Join(dir, "native"),
		"load-module module-null-sink sink_name=feed rate=16000 channels=1 format=s16le",
		"load-module module-null-sink sink_name=speaker rate=16000 channels=1 format=s16le",
		"load-module module-remap-source source_name=usbmic master=feed.monitor",
		"set-default-source usbmic",
		"set-default-sink speaker",
	}, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	server := exec.Command("pulseaudio", "-n", "-F", script, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(dir, "native"))
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		out, err := exec.Command("pactl", "get-default-source").Output()
		if err == nil && strings.Contains(string(out), "usbmic") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no sound server: %s %v", out, err)
		}
	}
}

const fakeReply = "The air scatters light. Blue light is scattered most. So the sky looks blue."

// A fakeOllama has two models, which both say the same.
type fakeOllama struct {
	*httptest.Server
	mu    sync.Mutex
	asked string
}

func newFakeOllama(t *testing.T) *fakeOllama {
	o := &fakeOllama{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"models": [{"name": "first:1b", "model": "first:1b"}, {"name": "second:1b", "model": "second:1b"}]}`)
	})
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"capabilities": ["completion"]}`) })
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		var question struct{ Model string }
		if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		o.asked = question.Model
		o.mu.Unlock()
		pieces := []string{`{"calls": [], "reply": "`}
		pieces = append(pieces, strings.SplitAfter(fakeReply, " ")...)
		for _, piece := range append(pieces, `"}`) {
			_ = json.NewEncoder(w).Encode(map[string]any{"message": map[string]string{"role": "assistant", "content": piece}})
			_ = http.NewResponseController(w).Flush()
		}
		fmt.Fprint(w, `{"done": true}`+"\n")
	})
	o.Server = httptest.NewServer(mux)
	t.Cleanup(o.Close)
	return o
}

func (o *fakeOllama) lastAsked() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked
}
