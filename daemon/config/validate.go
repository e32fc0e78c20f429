package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate checks every value, without opening or reaching anything. The error is of type Faults.
func (c *Config) Validate() error {
	k := checker{config: c}
	k.general()
	k.hearing()
	k.speaking()
	k.network()
	k.acting()
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "auto", "text", "json", "journal")
	return k.faults.in("")
}

type checker struct {
	config *Config
	faults Faults
}

var (
	languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][A-Za-z]+|-[0-9]{3})?$`)
	identifier  = regexp.MustCompile(`^[a-z0-9_]+$`)
	hubID       = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	voiceName   = regexp.MustCompile(`^[A-Za-z0-9_+./-]+$`)
	topicName   = regexp.MustCompile(`^[^/+#\s\x00]+(/[^/+#\s\x00]+)*$`)
	wakePhrase  = regexp.MustCompile(`^[a-z][a-z'-]*( [a-z][a-z'-]*){0,4}$`)
	modelName   = regexp.MustCompile(`^[A-Za-z0-9._:/-]+$`)
)

func (k *checker) general() {
	c := k.config
	k.matches("language", c.Language, languageTag, "a language tag such as en or pt-BR")
	k.matchesOrEmpty("room", c.Room, identifier, "an area ID such as living_room, or nothing")
	k.personality()
	if c.StateDir == "" {
		k.fault("state_dir", "", "is empty", "the path of a folder")
	}
	k.socket()
	k.home()
}

// maxPersonality bounds a paragraph that the language model reads before every question.
const maxPersonality = 400

func (k *checker) personality() {
	text := k.config.Personality
	if n := utf8.RuneCountInString(text); n > maxPersonality {
		k.fault("personality", string([]rune(text)[:20])+"...", fmt.Sprintf("has %d letters", n), fmt.Sprintf("one paragraph of at most %d letters", maxPersonality))
	}
	if strings.ContainsFunc(strings.TrimSpace(text), unicode.IsControl) {
		k.fault("personality", "", "has more than one line", "one paragraph: in YAML, lines that are indented alike become one")
	}
}

func (k *checker) home() {
	h := k.config.Home
	k.oneOf("home.kind", h.Kind, "demo", "homeassistant")
	if h.Kind != "homeassistant" {
		return
	}
	const address = "the address of Home Assistant, such as http://homeassistant.local:8123"
	if h.URL == "" {
		k.fault("home.url", "", "is empty", address)
	} else {
		k.base("home.url", h.URL, address, "http", "https")
	}
	if h.TokenFile == "" {
		k.fault("home.token_file", "", "is empty", "the path of a file with a long-lived access token, or the name of a systemd credential; `hearthd pair` makes one")
	}
	if h.CAFile != "" && !strings.HasPrefix(h.URL, "https:") {
		k.fault("home.ca_file", h.CAFile, "has no use without https", "an empty value, or a home.url that begins with https://")
	}
}

// socket holds the control socket's path to what the kernel takes: sun_path has 108 bytes, the last of
// them zero (unix(7)).
func (k *checker) socket() {
	const limit = 107
	path, field := k.config.SocketPath(), "socket"
	if k.config.Socket == "" {
		field = "state_dir"
	}
	if len(path) > limit {
		k.fault(field, path, fmt.Sprintf("is too long for a socket with %d bytes", len(path)), fmt.Sprintf("a path of at most %d", limit))
	}
}

func (k *checker) hearing() {
	c := k.config
	if c.Microphone.Device == "" {
		k.fault("microphone.device", "", "is empty", "auto, off, or a part of the device's name")
	}
	k.number("microphone.gate_dbfs", c.Microphone.GateDBFS, -90, 0)
	k.wakeWord("microphone.wake_word", c.Microphone.WakeWord)
	for i, word := range c.Microphone.WakeWords {
		k.wakeWord(fmt.Sprintf("microphone.wake_words[%d]", i), word)
	}
	k.oneOf("hearing.recogniser", c.Hearing.Recogniser, "auto", "off")
	k.span("hearing.timeout", c.Hearing.Timeout, time.Second, 2*time.Minute)
	k.count("hearing.threads", c.Hearing.Threads, 1, 64)
}

// wakeWord wants what can be written with the letters that the model has learned.
func (k *checker) wakeWord(field, value string) {
	const longest = 40
	const want = "off, or one to five English words in small letters, such as okay computer"
	k.matches(field, value, wakePhrase, want)
	if len(value) > longest {
		k.fault(field, value, "is too long", want)
	}
}

func (k *checker) speaking() {
	c := k.config
	k.oneOf("speech.engine", c.Speech.Engine, "auto", "espeak-ng", "flite", "off")
	if c.Speech.Engine == "flite" && c.Language != "en" {
		k.fault("speech.engine", "flite", "speaks English only, and language is "+c.Language, "auto or espeak-ng")
	}
	k.matchesOrEmpty("speech.voice", c.Speech.Voice, voiceName, "the name of a voice such as en-gb, or nothing")
	k.oneOf("speech.speaker", c.Speech.Speaker, "auto", "off")
}

func (k *checker) network() {
	c := k.config
	k.address("web.listen", c.Web.Listen)
	k.model()
	k.search()
	k.mqtt()
	k.endpoint("ollama", c.Ollama)
	k.endpoint("mcp", c.MCP.Endpoint())
	k.servers()
	k.listeners()
}

// listeners finds two that would listen at one address, of which the second could not.
func (k *checker) listeners() {
	c := k.config
	type listener struct{ field, address string }
	all := []listener{{"web.listen", c.Web.Listen}, {"ollama.listen", c.Ollama.Listen}, {"mcp.listen", c.MCP.Listen}}
	if c.MQTT.Broker == "embedded" {
		all = slices.Insert(all, 1, listener{"mqtt.listen", c.MQTT.Listen})
	}
	for i, l := range all {
		if first := slices.IndexFunc(all[:i], func(o listener) bool { return collide(o.address, l.address) }); first >= 0 {
			k.fault(l.field, l.address, "is the address of "+all[first].field+" already", "another port")
		}
	}
}

// collide tells whether two cannot be listened at side by side.
func collide(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	every := func(host string) bool { return host == "" || net.ParseIP(host).IsUnspecified() }
	return errA == nil && errB == nil && portA == portB && portA != "0" && (hostA == hostB || every(hostA) || every(hostB))
}

func (k *checker) acting() {
	c := k.config
	k.span("gate.confirm_within", c.Gate.ConfirmWithin, 5*time.Second, 2*time.Minute)
	k.count("gate.calls_per_minute", c.Gate.CallsPerMinute, 1, 6000)
	k.gate()
	k.span("memory.context", c.Memory.Context, 10*time.Second, 24*time.Hour)
	k.count("memory.plans", c.Memory.Plans, 0, 1_000_000)
	k.count("memory.replies_kept", c.Memory.RepliesKept, 0, 1000)
}

func (k *checker) fault(field, value, problem, want string) {
	k.faults = append(k.faults, k.config.fault(field, value, problem, want))
}

func (c *Config) fault(field, value, problem, want string) Fault {
	return Fault{Field: field, Value: value, Problem: problem, Want: want, position: c.at[field]}
}

func (k *checker) oneOf(field, value string, accepted ...string) {
	if !slices.Contains(accepted, value) {
		k.fault(field, value, "is not accepted", suggest(value, accepted))
	}
}

func (k *checker) matches(field, value string, pattern *regexp.Regexp, want string) {
	switch {
	case value == "":
		k.fault(field, value, "is empty", want)
	case !pattern.MatchString(value):
		k.fault(field, value, "is not accepted", want)
	}
}

func (k *checker) matchesOrEmpty(field, value string, pattern *regexp.Regexp, want string) {
	if value != "" {
		k.matches(field, value, pattern, want)
	}
}

func (k *checker) number(field string, value, low, high float64) {
	if !(value >= low && value <= high) { // so that NaN is refused
		k.fault(field, formatFloat(value), "is out of range", fmt.Sprintf("%s to %s", formatFloat(low), formatFloat(high)))
	}
}

func (k *checker) count(field string, value, low, high int) {
	if value < low || value > high {
		k.fault(field, strconv.Itoa(value), "is out of range", fmt.Sprintf("%d to %d", low, high))
	}
}

func (k *checker) span(field string, value, low, high time.Duration) {
	if value < low || value > high {
		k.fault(field, value.String(), "is out of range", fmt.Sprintf("%s to %s", low, high))
	}
}

// address wants host:port. The host may be empty, for all interfaces, and the port 0, for any free one.
func (k *checker) address(field, value string) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		k.fault(field, value, "is not an address", "host:port such as 127.0.0.1:8125")
	}
}

// url wants scheme://host[:port] and shows no value that may hold a password.
func (k *checker) url(field, value, want string, schemes ...string) {
	if strings.ContainsRune(value, '@') {
		k.fault(field, "", "holds a user name or password", want)
		return
	}
	u, err := url.Parse(value)
	if err == nil && u.Port() != "" {
		_, err = strconv.ParseUint(u.Port(), 10, 16)
	}
	if err != nil || u.Hostname() == "" || !slices.Contains(schemes, u.Scheme) {
		k.fault(field, value, "is not accepted", want)
	}
}

// base is a url that paths are added to, so that nothing may stand behind its own.
func (k *checker) base(field, value, want string, schemes ...string) {
	if strings.ContainsAny(value, "?#") {
		k.fault(field, "", "has more than an address, behind ? or #", want) // which may be a secret
		return
	}
	k.url(field, value, want, schemes...)
}

func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
