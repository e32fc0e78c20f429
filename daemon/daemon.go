// Package daemon joins the parts of Hearth and runs them. New shows how they depend on each other; the
// supervisor keeps them running.
package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"hearth/audio/device"
	"hearth/audio/listen"
	"hearth/audio/wake"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
	"hearth/daemon/learned"
	"hearth/daemon/llm"
	"hearth/daemon/mcp"
	"hearth/daemon/mqtt"
	"hearth/daemon/settings"
	"hearth/daemon/timer"
	"hearth/daemon/tool"
	"hearth/daemon/web"
	"hearth/storage/cache"
	"hearth/storage/history"
)

// stuckAfter is how long something may make no progress that takes milliseconds on a machine that is not suspended.
const stuckAfter = 15 * time.Second

// stopTime is how long the daemon takes to stop at most; systemd's TimeoutStopSec is longer.
const stopTime = 10 * time.Second

// Options are what a daemon is made from.
type Options struct {
	Config  *config.Config
	Log     *slog.Logger
	Version string
	// Executable is this program, which also is the recogniser, the microphone and the loudspeaker.
	Executable string
	// Web is what the web server listens on, already open; nil for the address of the configuration.
	Web net.Listener
	// Quiet leaves out the parts that others reach the daemon by: socket, web, MQTT, microphone.
	Quiet bool
	// Demo is the simulated home in place of the one that the configuration names, nil for that one.
	Demo *demo.Home
	// Now is the clock of a simulated day, nil for the real one.
	Now func() time.Time
}

// A Daemon is Hearth, put together.
type Daemon struct {
	opts    Options
	file    *config.Config // as it was read
	cfg     *config.Config // with what was chosen since
	log     *slog.Logger
	metrics *prometheus.Registry

	store      *history.Store
	history    *history.Writer
	cache      *cache.DB
	settings   *settings.Settings
	home       house
	timers     *timer.Service
	plans      *learned.Plans
	language   *language
	languages  []string // that may be chosen
	sentences  *ownSentences
	phrases    *conversation.Phrases
	people     map[int]string // names by Unix user ID
	ears       *ears
	wake       *wake.Worker
	waiting    chan struct{} // for somebody who has said the wake word and waits; one is enough
	devices    *device.Metrics
	listener   *listen.Listener
	voice      *voice
	tools      []llm.Tool // that the model may ask
	search     *tool.Web  // the one of them that leaves the house; nil without a search engine
	lookups    *tool.Metrics
	model      *llm.Model
	broker     *mqtt.Broker
	mqtt       *mqtt.Client
	web        *web.Server
	endpoints  []*web.Endpoint
	servers    mcp.Servers // of the owner's, whose tools the model may use
	mcpMetrics *mcp.Metrics
	mcp        *mcp.Server // what other assistants use

	// Conversation takes turns once Run is under way.
	Conversation *conversation.Conversation

	supervisor *supervisor
	notifier   *notifier
	restart    chan struct{} // one is enough
}

// New opens the stores and joins the parts, in the order in which they depend on each other. It starts
// nothing; whoever does not call Run must call Close.
func New(o Options) (*Daemon, error) {
	d := &Daemon{opts: o, file: o.Config, log: o.Log, metrics: prometheus.NewRegistry(), restart: make(chan struct{}, 1)}
	d.people = peopleOf(o.Config, o.Log)
	cfg := *o.Config
	d.cfg = &cfg
	d.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	d.notifier = &notifier{log: d.log, health: func() map[string]Health { return d.supervisor.Health() }, alive: d.alive}
	for _, open := range []func() error{
		d.openStores, d.openSettings, d.openHome, d.openEars, d.openWake, d.openLanguage, d.openVoice, d.openTools, d.openServers, d.openModel, d.openMQTT, d.openConversation,
		d.openWeb, d.openEndpoints,
	} {
		if err := open(); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	d.supervisor = newSupervisor(d.log, componentsUp(d.metrics, d.components()), d.notifier.update)
	return d, nil
}

func (d *Daemon) openStores() (err error) {
	if err = os.MkdirAll(d.cfg.StateDir, 0o750); err != nil {
		return fmt.Errorf("make the state directory (state_dir): %w", err)
	}
	err = d.notifier.patiently("opens the history", func() (err error) { // a new schema copies all of it, on a slow card
		d.store, err = history.Open(d.cfg.HistoryPath())
		return err
	})
	if err != nil {
		return err
	}
	d.history = history.NewWriter(d.store, d.log, d.metrics)
	d.cache, err = cache.Open(d.cfg.CachePath(), cache.Options{Log: d.log, Registerer: d.metrics, Now: d.opts.Now})
	return err
}

// openSettings reads what was set while the daemon ran before, and lays it over the file.
func (d *Daemon) openSettings() error {
	var err error
	if d.settings, err = settings.Open(d.cfg.SettingsPath()); err != nil {
		d.log.Warn("what was set while Hearth ran is lost, and the microphone is muted until it is switched on", "error", err)
	}
	chosen := d.settings.Get()
	d.cfg.Model.Name = chosen.Model.Or(d.file.Model.Name)
	d.languages = languagesOf(d.file)
	if language := chosen.Language.Or(d.file.Language); slices.Contains(d.languages, language) {
		d.cfg.Language = language
	}
	return nil
}

func (d *Daemon) openHome() error {
	d.home = d.newHouse()
	d.timers = timer.New(d.store, timer.Options{Ringer: ringer{d}, Home: d.home, Log: d.log, Metrics: d.metrics})
	return nil
}

func (d *Daemon) openEars() error {
	d.devices = device.NewMetrics(d.metrics)
	d.listener = listen.New(listen.Options{Gate: d.cfg.Microphone.GateDBFS}, d.log, listen.NewMetrics(d.metrics))
	d.listener.Speaking = d.speaking
	d.ears = newEars(d.cfg, d.opts.Executable, d.log, d.metrics)
	return nil
}

func (d *Daemon) openLanguage() error {
	published, err := LoadTemplates(d.cfg.AssetsDir(), d.cfg.Language)
	if err != nil {
		return err
	}
	if d.phrases, err = loadPhrases(d.cfg.AssetsDir(), d.cfg.Language); err != nil {
		return err
	}
	d.language = &language{snapshot: d.home.Snapshot, renamed: d.ears.listenFor, log: d.log}
	d.sentences = newOwnSentences(published, d.cfg.Sentences, d.language.change, d.log, d.metrics)
	d.sentences.load()
	return nil
}

func (d *Daemon) openVoice() (err error) {
	d.voice, err = newVoice(d.cfg, device.Options{
		Command: []string{d.opts.Executable, "playback"}, Device: device.Auto, Logger: d.log, Metrics: d.devices,
	}, d.log)
	if err == nil {
		d.voice.volume = func() int { return d.settings.Get().Volume }
	}
	return err
}

func (d *Daemon) openMQTT() (err error) {
	if d.opts.Quiet || d.cfg.MQTT.Broker == "off" {
		return nil
	}
	o := mqtt.ClientOptions{
		Broker: d.cfg.MQTT.Broker, Username: d.cfg.MQTT.Username, Password: d.cfg.MQTT.Password.Reveal(),
		ID: d.cfg.HubID(), Topic: d.cfg.MQTT.Topic, Discovery: d.cfg.MQTT.Discovery, Transcripts: d.cfg.MQTT.Transcripts,
		Hub: hub{d}, NextTimer: d.nextTimer, Memory: announced{d.settings}, Logger: d.log, Registerer: d.metrics,
		Ask: func(ctx context.Context, room, text string, told conversation.Observer) (*conversation.Turn, error) {
			return d.Conversation.Through("mqtt").Telling(told).Say(ctx, room, text)
		},
	}
	if o.Broker == "embedded" {
		if d.broker, err = mqtt.NewBroker(mqtt.BrokerOptions{
			Listen: d.cfg.MQTT.Listen, Accounts: accounts(d.cfg.MQTT.Accounts), ID: d.cfg.HubID(), Logger: d.log,
		}); err != nil {
			return err
		}
		o.Broker = "tcp://" + d.cfg.MQTT.Listen
		o.Username, o.Password = d.broker.Credentials()
	}
	if o.TLS, err = mqtt.TLSConfig(d.cfg.MQTT.CAFile, d.cfg.MQTT.CertFile, d.cfg.MQTT.KeyFile); err != nil {
		return err
	}
	if d.mqtt, err = mqtt.NewClient(o); err != nil {
		return err
	}
	d.voice.playing = d.mqtt.Playing
	return nil
}

func accounts(configured []config.Account) []mqtt.Account {
	var all []mqtt.Account
	for _, a := range configured {
		all = append(all, mqtt.Account{Username: a.Username, Password: a.Password.Reveal(), Read: a.Read, Write: a.Write})
	}
	return all
}

func (d *Daemon) openConversation() error {
	gate, err := gate.New(d.gateOptions(), d.metrics)
	if err != nil {
		return err
	}
	var observers []conversation.Observer
	if d.mqtt != nil {
		observers = append(observers, d.mqtt)
	}
	d.plans = learned.New(d.cache, d.cfg.Memory.Plans, d.store, d.log)
	d.Conversation = conversation.New(conversation.Options{
		Home: d.home, Timers: d.timers, Errands: d.servers, Gate: gate, Recogniser: d.ears.recogniser(), Model: d.model, Voice: d.voice,
		Plans:         d.plans,
		Contexts:      contextsIn(d.cache, d.cfg.Memory.Context),
		History:       d.history,
		Past:          past{d.history, d.store},
		Memory:        d.keeper(),
		Chronicle:     d.home,
		Understanding: d.language.understanding,
		Phrases:       d.phrases,
		Observers:     observers,
		Metrics:       conversation.NewMetrics(d.metrics),
		Log:           d.log,
		KeepReply:     replies{d.cfg.RepliesDir(), d.cfg.Memory.RepliesKept}.save,
		Room:          d.cfg.Room,
		Language:      d.cfg.Language,
		ConfirmWithin: d.cfg.Gate.ConfirmWithin,
		HasPIN:        !d.cfg.Gate.PIN.IsZero(),
		Code:          d.cfg.Gate.Code.Reveal(),
		ModelTimeout:  d.cfg.Model.Timeout,
		ObjectWithin:  d.cfg.Memory.Context,
		Now:           d.opts.Now,
	})
	return nil
}

// contextsIn keeps what was last spoken of in as many sessions, all of them in memory: what the file holds of before a
// restart is read now, so that nobody waits for it in the middle of a turn.
func contextsIn(db *cache.DB, keep time.Duration) *cache.Namespace[conversation.Context] {
	const sessions = 1000
	contexts := cache.NewNamespace[conversation.Context](db, "contexts", cache.Limits{TTL: keep, Entries: sessions, InMemory: sessions})
	for range contexts.All() { // seen once, a value stays in memory
	}
	return contexts
}

func (d *Daemon) openWeb() error {
	if d.opts.Quiet {
		return nil
	}
	d.mcp = d.newTools()
	d.web = web.New(web.Options{
		Listen: d.cfg.Web.Listen, Listener: d.opts.Web, Socket: d.cfg.SocketPath(), Version: d.opts.Version,
		Turns: func(user int, told conversation.Observer) web.Turns {
			return d.Conversation.Through("socket").As(d.Person(user)).Telling(told)
		},
		Recent: past{d.history, d.store}.recent, Turn: past{d.history, d.store}.turn, Audit: d.store.Audit, Plans: d.plans,
		Memory: func(user int) web.Memory { return d.notebook(user) },
		Tools:  d.mcp,
		Status: d.ready, Alive: d.alive, Metrics: d.metrics, Logger: d.log,
	})
	return nil
}

// alive is nil while the daemon gets on: the supervisor answers, what has failed is started again when its time
// has come, and the microphone's sound is taken.
func (d *Daemon) alive() error {
	if name := d.supervisor.overdue(); name != "" {
		return fmt.Errorf("%s should long have been started again", name)
	}
	if idle := d.listener.Idle(); idle > stuckAfter {
		return fmt.Errorf("no sound of the microphone was taken for %s", idle.Round(time.Second))
	}
	return nil
}

// ready is the components' health as the web server shows it.
func (d *Daemon) ready() map[string]web.Component {
	components := map[string]web.Component{}
	for name, h := range d.supervisor.Health() {
		c := web.Component{Detail: h.Detail, Essential: h.Essential}
		switch h.State {
		case OK:
			c.State = web.OK
		case Failed, Stopped:
			c.State = web.Failed
		case Starting:
			c.State, c.Detail = web.Degraded, "starting"
			if h.Essential {
				c.State = web.Failed
			}
		default:
			c.State = web.Degraded
		}
		components[name] = c
	}
	if c := components["microphone"]; c.State == web.OK {
		c.Detail = d.deaf()
		components["microphone"] = c
	}
	if trouble := d.model.Trouble(); trouble != "" {
		c := components["model"]
		components["model"] = web.Component{State: web.Degraded, Detail: strings.TrimPrefix(c.Detail+"; "+trouble, "; ")}
	}
	if err := cmp.Or(d.history.Err(), d.store.Ready(context.Background())); err != nil {
		components["history"] = web.Component{State: web.Degraded, Detail: err.Error(), Essential: true}
	}
	d.toolHealth(components)
	return components
}

// Run runs everything until ctx ends, an essential component fails or a restart is asked for (ErrRestart),
// writes out what is still in memory, and closes the daemon.
func (d *Daemon) Run(ctx context.Context) error {
	if d.web != nil {
		if err := d.web.Listen(); err != nil { // a second daemon is noticed here
			return errors.Join(err, d.Close())
		}
	}
	if d.broker != nil {
		if err := d.broker.Listen(); err != nil { // before its client looks for it
			d.log.Warn("no broker yet", "error", err)
		}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		select {
		case <-d.restart:
			stop(ErrRestart)
		case <-ctx.Done():
		}
		d.notifier.stopping()
	}()
	err := d.supervisor.Run(ctx, d.components()...)
	flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime/2)
	defer cancel()
	err = errors.Join(err, d.history.Flush(flush), d.Close())
	if errors.Is(context.Cause(ctx), ErrRestart) {
		return errors.Join(ErrRestart, err)
	}
	return err
}

// components are what runs. The order does not matter: each waits for what it needs. The inner ones are
// what a turn needs; the others bring turns in.
func (d *Daemon) components() []component {
	list := []component{
		{name: "history", essential: true, inner: true, run: runs(d.history.Run)},
		{name: "cache", inner: true, run: runs(d.cache.Run)},
		{name: "home", inner: true, run: d.followHome},
		{name: "timers", run: d.remind},
		{name: "recogniser", inner: true, run: d.ears.run},
		{name: "model", inner: true, run: d.model.Run},
	}
	for _, s := range d.servers {
		list = append(list, component{name: "mcp " + s.Name(), inner: true, run: s.Run})
	}
	if d.opts.Quiet {
		return list
	}
	list = append(list,
		component{name: "web", essential: true, run: runs(d.web.Run)},
		component{name: "microphone", run: d.listen},
		component{name: "wake", run: d.awaitWakeWord},
		component{name: "sentences", run: runs(d.sentences.run)},
		component{name: "watchdog", inner: true, run: d.notifier.watch})
	for _, e := range d.endpoints {
		list = append(list, component{name: e.Name(), run: e.Run})
	}
	if d.broker != nil {
		list = append(list, component{name: "broker", inner: true, run: runs(d.broker.Run)})
	}
	if d.mqtt != nil {
		list = append(list, component{name: "mqtt", run: d.mqtt.Run})
	}
	return list
}

// remind is the component "timers". It works only once those of before can be read.
func (d *Daemon) remind(ctx context.Context, up func()) error {
	if err := d.store.Ready(ctx); err != nil {
		return err
	}
	up()
	return d.timers.Run(ctx)
}

// runs is a component that works from the moment it runs.
func runs(run func(context.Context) error) func(context.Context, func()) error {
	return func(ctx context.Context, up func()) error {
		up()
		return run(ctx)
	}
}

// Snapshot is the home as it was last seen.
func (d *Daemon) Snapshot() *home.Snapshot { return d.home.Snapshot() }

// WaitReady waits until turns can be taken, spoken ones too if they are to be. The error says which
// part has failed instead.
func (d *Daemon) WaitReady(ctx context.Context, spoken bool) error {
	needed := []string{"home"}
	if spoken {
		needed = append(needed, "recogniser")
	}
	for {
		waiting := false
		health := d.supervisor.Health()
		for _, name := range needed {
			switch h := health[name]; h.State {
			case OK:
			case Degraded, Failed:
				return fmt.Errorf("%s: %s", name, h.Detail)
			default:
				waiting = true
			}
		}
		if !waiting {
			return nil
		}
		if !sleep(ctx, 20*time.Millisecond) {
			return context.Cause(ctx)
		}
	}
}

// Status is the daemon's state in one line: "ready without microphone (...)".
func (d *Daemon) Status() string { return summary(d.supervisor.Health()) }

// Close lets go of files. Run does it too.
func (d *Daemon) Close() error {
	var errs []error
	if d.search != nil {
		d.search.Close()
	}
	if d.cache != nil {
		errs = append(errs, d.cache.Close())
	}
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	return errors.Join(errs...)
}
