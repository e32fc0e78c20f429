// Package config reads and checks the settings of hearthd.
//
// Default holds every setting's default; a YAML file is laid over it, and HEARTH_STATE_DIR over that.
// Everything is checked before anything is opened, and all that is wrong is reported at once, each
// fault with its field, its place in the file, its value and what would be accepted. Whether an
// address can be reached or a device exists is for those who open it to find out.
package config

import (
	"slices"
	"time"
)

// Config is the whole file. The keys of the file are the names in the yaml tags.
type Config struct {
	// Language of speech and answers, as the sentence templates name it: "en", "pt-BR".
	Language string `yaml:"language"`
	// Room is the area ID of the place this hub stands in; "" when it has none.
	Room string `yaml:"room"`
	// Personality is how the language model is to word what it says, in the owner's words; "" for plainly.
	Personality string `yaml:"personality"`
	// StateDir holds what must outlive a restart. HEARTH_STATE_DIR goes before it.
	StateDir string `yaml:"state_dir"`
	// Socket is the path of the control socket; see SocketPath.
	Socket string `yaml:"socket"`
	// Assets is the folder of models and sentence templates; see AssetsDir.
	Assets string `yaml:"assets"`
	// Sentences is the folder of the owner's own sentences, with a folder for each language; "" for none.
	Sentences string `yaml:"sentences"`

	Web        Web        `yaml:"web"`
	Home       Home       `yaml:"home"`
	Microphone Microphone `yaml:"microphone"`
	Hearing    Hearing    `yaml:"hearing"`
	Speech     Speech     `yaml:"speech"`
	Model      Model      `yaml:"model"`
	Search     Search     `yaml:"search"`
	MQTT       MQTT       `yaml:"mqtt"`
	// Ollama is where Hearth can be used as if it were a model on an Ollama server.
	Ollama Endpoint `yaml:"ollama"`
	MCP    MCP      `yaml:"mcp"`
	Gate   Gate     `yaml:"gate"`
	People []Person `yaml:"people"`
	Memory Memory   `yaml:"memory"`
	Log    Log      `yaml:"log"`

	// at is where the file sets each field, for the faults found later.
	at map[string]position
}

// Web is the page, the API, health and metrics.
type Web struct {
	Listen string `yaml:"listen"` // host:port
}

// Home is where service calls go.
type Home struct {
	Kind string `yaml:"kind"` // "demo", the simulated home, or "homeassistant"
	// The rest is Home Assistant's.
	URL       string `yaml:"url"`        // as in a browser: "http://homeassistant.local:8123"
	TokenFile string `yaml:"token_file"` // of the long-lived access token; see ReadSecret
	CAFile    string `yaml:"ca_file"`    // PEM certificates to trust beside the system's, "" for none
}

// Microphone is what Hearth listens with.
type Microphone struct {
	// Device is "auto" for the system's default, "off", or a part of a device's name.
	Device string `yaml:"device"`
	// GateDBFS is the level below which sound counts as silence, in dB relative to full scale.
	GateDBFS float64 `yaml:"gate_dbfs"`
	// WakeWord must be said before a command: a phrase in English, or "off" for none.
	WakeWord string `yaml:"wake_word"`
	// WakeWords are phrases that may be chosen for it while Hearth runs, besides those that Hearth brings.
	WakeWords []string `yaml:"wake_words"`
}

// Hearing turns speech into text.
type Hearing struct {
	Recogniser string        `yaml:"recogniser"` // "auto" or "off"
	Timeout    time.Duration `yaml:"timeout"`    // the longest a recognition may take
	Threads    int           `yaml:"threads"`    // CPU threads of one recognition
}

// Speech is the spoken reply.
type Speech struct {
	Engine  string `yaml:"engine"`  // "auto" (the first one installed), "espeak-ng", "flite" or "off"
	Voice   string `yaml:"voice"`   // in the engine's own words: "en-gb"; "" takes one of the language
	Speaker string `yaml:"speaker"` // "auto" plays replies on the loudspeaker, "off" does not
}

// Model is the language model that is asked when no sentence template matches.
type Model struct {
	URL       string        `yaml:"url"`        // of an Ollama server
	Name      string        `yaml:"name"`       // "" takes the first one installed
	Timeout   time.Duration `yaml:"timeout"`    // for one answer, whichever model gives it
	KeepAlive time.Duration `yaml:"keep_alive"` // how long the server keeps the model in memory
	Context   int           `yaml:"context"`    // tokens of the model's context window
	// Tools are what the model may look things up with, of ModelTools.
	Tools []string `yaml:"tools"`
	// Embeddings is a model on the same server that finds entities by what their names mean; "" for by their words alone.
	Embeddings string `yaml:"embeddings"`
	// Local says when that Ollama is asked: "first", "last", or not at all with "off".
	Local string `yaml:"local"`
	// Others are asked in their order when the ones before give no answer.
	Others []OtherModel `yaml:"others"`
}

// OtherModel is a language model somewhere else.
type OtherModel struct {
	Kind    string        `yaml:"kind"`     // "ollama", "openai" (llama.cpp, vLLM and others speak it, too) or "anthropic"
	URL     string        `yaml:"url"`      // "" for the service that gave the kind its name; see Address
	Name    string        `yaml:"name"`     // of the model
	KeyFile string        `yaml:"key_file"` // see ReadSecret; "" for a server that wants no key
	Timeout time.Duration `yaml:"timeout"`  // for one try; see TryFor
	// What may be asked from midnight to midnight, 0 for no limit.
	RequestsPerDay int `yaml:"requests_per_day"`
	TokensPerDay   int `yaml:"tokens_per_day"`

	// Key is what KeyFile holds; Load fills it.
	Key Secret `yaml:"-"`
}

// Search is where the language model may look something up on the web. What it looks for leaves the house.
type Search struct {
	Engine  string `yaml:"engine"`   // "off", "searxng", "brave" or "duckduckgo"
	URL     string `yaml:"url"`      // of the owner's own SearXNG
	KeyFile string `yaml:"key_file"` // of Brave's API; see ReadSecret

	// Key is what KeyFile holds; Load fills it.
	Key Secret `yaml:"-"`
}

// MQTT is how others on the network hear of turns and ask for them.
type MQTT struct {
	Broker string `yaml:"broker"` // "embedded", "off", or tcp://host:port or ssl://host:port
	Listen string `yaml:"listen"` // host:port of the embedded broker
	// Accounts are who may use the embedded broker; without any it is open to this machine and no other.
	Accounts []Account `yaml:"accounts"`
	// Username and the files are for another broker; "" for none.
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"` // see ReadSecret
	CAFile       string `yaml:"ca_file"`       // PEM; "" trusts the system's certificate authorities
	CertFile     string `yaml:"cert_file"`     // PEM, of this client
	KeyFile      string `yaml:"key_file"`      // PEM, of this client

	Topic       string `yaml:"topic"`       // what every topic begins with
	ID          string `yaml:"id"`          // this hub among others; see HubID
	Discovery   string `yaml:"discovery"`   // Home Assistant's discovery prefix; "" for no device there
	Transcripts bool   `yaml:"transcripts"` // publish what was said

	// Password is what PasswordFile holds; Load fills it.
	Password Secret `yaml:"-"`
}

// Account is one user of the embedded broker.
type Account struct {
	Username     string   `yaml:"username"`
	PasswordFile string   `yaml:"password_file"` // see ReadSecret
	Read         []string `yaml:"read"`          // topic filters that may be subscribed to
	Write        []string `yaml:"write"`         // topic filters that may be published to

	// Password is what PasswordFile holds; Load fills it.
	Password Secret `yaml:"-"`
}

// Gate is the safety gate that every call passes.
type Gate struct {
	// ConfirmWithin is how long a question waits for its yes, from when it has been heard.
	ConfirmWithin time.Duration `yaml:"confirm_within"`
	// Critical calls need a yes: a domain ("lock"), a domain and a device class ("cover.garage"), or an entity, in
	// whose ID * stands for any letters ("switch.kitchen_oven", "*.oven*").
	Critical []string `yaml:"critical"`
	// Harmless are the services that need none even so ("lock.lock"), and scripts that cannot be looked into.
	Harmless []string `yaml:"harmless"`
	PINFile  string   `yaml:"pin_file"` // see ReadSecret; "" for none
	// PINFor is what of the critical needs the PIN instead of a yes, named as in Critical; none for all of it.
	PINFor   []string `yaml:"pin_for"`
	CodeFile string   `yaml:"code_file"` // the code that locks and alarms want to be sent; see ReadSecret; "" for none
	Rules    []Rule   `yaml:"rules"`     // the first that fits decides
	// CallsPerMinute is the most one session may send.
	CallsPerMinute int `yaml:"calls_per_minute"`
	// PIN and Code are what the files hold; Load fills them.
	PIN  Secret `yaml:"-"`
	Code Secret `yaml:"-"`
}

// A Rule is a permission: one of the first four, for the rooms, people and hours that it names, or for all.
// What it is for is named as in Gate.Critical, or is a service ("lock.unlock").
type Rule struct {
	Allow   []string `yaml:"allow"`
	Confirm []string `yaml:"confirm"` // with a yes
	PIN     []string `yaml:"pin"`     // with the PIN
	Deny    []string `yaml:"deny"`
	Rooms   []string `yaml:"rooms"`  // area IDs
	People  []string `yaml:"people"` // by Person.Name
	Hours   string   `yaml:"hours"`  // "22:00-06:00" on the local clock; see ParseHours
}

// A Person is somebody whom Hearth can know: by the account that connects to the control socket.
type Person struct {
	Name string `yaml:"name"`
	User string `yaml:"user"` // name or number of a Unix account
}

// Memory is what Hearth remembers.
type Memory struct {
	Context     time.Duration `yaml:"context"`      // how long a session's last turns are remembered
	Plans       int           `yaml:"plans"`        // learned sentences that are kept
	RepliesKept int           `yaml:"replies_kept"` // spoken replies that are kept as WAV files
}

// Log is the daemon's log.
type Log struct {
	Level string `yaml:"level"` // "debug", "info", "warn" or "error"
	// Format is "text", "json", "journal" (text with syslog levels), or "auto": journal under systemd, else text.
	Format string `yaml:"format"`
}

// Default is the configuration of a hub whose file is empty.
func Default() *Config {
	return &Config{
		Language:   "en",
		StateDir:   "./var",
		Sentences:  "/etc/hearthd/sentences",
		Web:        Web{Listen: "127.0.0.1:8125"},
		Home:       Home{Kind: "demo"},
		Microphone: Microphone{Device: "auto", GateDBFS: -45, WakeWord: "off", WakeWords: []string{}},
		Hearing: Hearing{
			Recogniser: "auto",
			Timeout:    10 * time.Second,
			Threads:    1,
		},
		Speech: Speech{Engine: "auto", Speaker: "auto"},
		Model: Model{
			URL:       "http://127.0.0.1:11434",
			Timeout:   30 * time.Second,
			KeepAlive: 30 * time.Minute,
			Context:   4096,
			Local:     "first",
			Tools:     slices.Clone(ModelTools),
			Others:    []OtherModel{},
		},
		Search: Search{Engine: "off"},
		MQTT:   MQTT{Broker: "embedded", Listen: "127.0.0.1:1883", Accounts: []Account{}, Topic: "hearth", Discovery: "homeassistant"},
		MCP:    MCP{Servers: []MCPServer{}},
		Gate: Gate{
			ConfirmWithin: 15 * time.Second,
			Critical: []string{
				"lock", "alarm_control_panel", "cover.garage", "cover.gate", "cover.door", "valve", "*.oven*", "*.*_oven*",
			},
			Harmless: []string{
				"lock.lock", "valve.close_valve", "valve.stop_valve", "cover.stop_cover", "alarm_control_panel.alarm_arm_home",
				"alarm_control_panel.alarm_arm_away", "alarm_control_panel.alarm_arm_night", "alarm_control_panel.alarm_arm_vacation",
			},
			PINFor:         []string{},
			Rules:          []Rule{},
			CallsPerMinute: 120,
		},
		People: []Person{},
		Memory: Memory{Context: 5 * time.Minute, Plans: 10000, RepliesKept: 20},
		Log:    Log{Level: "info", Format: "auto"},
	}
}
