package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio/wake"
	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/mqtt"
)

// serviceTime is how long a broker or an Ollama may take.
const serviceTime = 5 * time.Second

// Validate finds the faults of the plan itself, which trying again does not mend. It reaches nothing.
func (p *Plan) Validate() error {
	c, err := p.Config()
	if err != nil {
		return withoutPlace(err)
	}
	if err := p.checkSecrets(); err != nil {
		return err
	}
	if err := Templates(c); err != nil {
		return err
	}
	if err := WakeWord(c, c.Microphone.WakeWord); err != nil {
		return fmt.Errorf("microphone.wake_word: %w", err)
	}
	return nil
}

// withoutPlace is an error that does not name the file, which is not written yet.
func withoutPlace(err error) error {
	var faults config.Faults
	if !errors.As(err, &faults) {
		return err
	}
	for i := range faults {
		faults[i].File = ""
	}
	return faults
}

// Check tries what a valid plan names, before anything is written: Home Assistant takes the token, the room is one of
// its areas, the broker lets Hearth in. It plans the room of Area. There is a view of Home Assistant alone.
func (p *Plan) Check(ctx context.Context) (*homeassistant.View, error) {
	c, err := p.Config()
	if err != nil {
		return nil, err
	}
	if err := p.CheckBroker(ctx); err != nil {
		return nil, err
	}
	if c.Home.Kind != "homeassistant" {
		return nil, p.stand(demo.New().Snapshot())
	}
	return p.checkHome(ctx, c)
}

func (p *Plan) checkHome(ctx context.Context, c *config.Config) (*homeassistant.View, error) {
	a, err := Reach(ctx, c.Home.URL, c.Home.CAFile)
	if err != nil {
		return nil, err
	}
	token, err := p.secret(config.TokenCredential)
	if err != nil {
		return nil, fmt.Errorf("there is no token for Home Assistant (%w); make one at %s", err, TokenPage(a.URL))
	}
	view, err := SignIn(ctx, a, token)
	if err != nil {
		return nil, err
	}
	if err := p.Set("home.url", a.URL); err != nil {
		return nil, err
	}
	return view, p.stand(view.Home)
}

// stand plans the room.
func (p *Plan) stand(h *home.Snapshot) error {
	said := cmp.Or(p.Area, p.Get("room"))
	if said == "" {
		return nil
	}
	id, err := Area(h, said)
	if err != nil {
		return err
	}
	return p.Set("room", id)
}

// secret is the one that is planned, or else the one that is kept.
func (p *Plan) secret(credential string) (config.Secret, error) {
	file, _ := p.place(credential)
	for _, s := range p.secrets {
		if s.file == file {
			return s.value, nil
		}
	}
	if source := p.Get(Credentials[credential]); source != "" {
		return config.ReadSecret(source)
	}
	return p.Kept(credential)
}

// checkSecrets wants a PIN that is one.
func (p *Plan) checkSecrets() error {
	file, _ := p.place("pin")
	for _, s := range p.secrets {
		if s.file == file && !config.IsPIN(s.value.Reveal()) {
			return errors.New("the secret pin is no PIN; expected 4 to 12 digits and nothing else")
		}
	}
	return nil
}

// Templates wants sentences of the language.
func Templates(c *config.Config) error {
	if _, err := daemon.LoadTemplates(c.AssetsDir(), c.Language); err != nil {
		return fmt.Errorf("language %q: %w", c.Language, err)
	}
	return nil
}

// WakeWord wants a phrase that can be listened for, or none. Where the model is not, nothing can be told.
func WakeWord(c *config.Config, phrase string) error {
	if _, err := os.Stat(daemon.WakeModel(c)); err != nil || phrase == daemon.NoWakeWord {
		return nil
	}
	return wake.Check(daemon.WakeModel(c), phrase)
}

// CheckBroker signs in to the broker of the plan, if it is not Hearth's own.
func (p *Plan) CheckBroker(ctx context.Context) error {
	c, err := p.Config()
	if err != nil || c.MQTT.Broker == "off" || c.MQTT.Broker == "embedded" {
		return err
	}
	trust, err := mqtt.TLSConfig(c.MQTT.CAFile, c.MQTT.CertFile, c.MQTT.KeyFile)
	if err != nil {
		return err
	}
	o := mqtt.ClientOptions{
		TLS: trust, Broker: c.MQTT.Broker, Username: c.MQTT.Username, ID: c.HubID(), Topic: c.MQTT.Topic,
		Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
	}
	if c.MQTT.PasswordFile != "" {
		password, err := p.secret("mqtt_password")
		if err != nil {
			return fmt.Errorf("read the broker's password: %w", err)
		}
		o.Password = password.Reveal()
	}
	ctx, cancel := context.WithTimeout(ctx, serviceTime)
	defer cancel()
	if err := mqtt.Check(ctx, o); err != nil {
		return fmt.Errorf("the broker %s: %w", c.MQTT.Broker, err)
	}
	return nil
}

// Brokers are the addresses on which one seems to listen: on this machine, unless that is Hearth's own, and on that of
// Home Assistant.
func Brokers(ctx context.Context, c *config.Config, homeURL string) []string {
	addresses := []string{"tcp://" + net.JoinHostPort(hostOf(homeURL), "1883")}
	if _, port, err := net.SplitHostPort(c.MQTT.Listen); err != nil || c.MQTT.Broker != "embedded" || port != "1883" {
		addresses = append(addresses, "tcp://127.0.0.1:1883")
	} else if onThisMachine(homeURL) {
		return nil
	}
	return open(ctx, addresses)
}

func onThisMachine(address string) bool {
	ip := net.ParseIP(hostOf(address))
	return ip != nil && ip.IsLoopback()
}

// Ollamas are the addresses on which a model answers that can talk, with its name: at the configured one, on this machine, and
// on that of Home Assistant.
func Ollamas(ctx context.Context, c *config.Config, homeURL string) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, serviceTime)
	defer cancel()
	found := map[string]string{}
	var mu sync.Mutex
	var asking sync.WaitGroup
	for _, address := range []string{c.Model.URL, "http://127.0.0.1:11434", "http://" + net.JoinHostPort(hostOf(homeURL), "11434")} {
		asking.Go(func() {
			if name, err := talker(ctx, address, ""); err == nil {
				mu.Lock()
				defer mu.Unlock()
				found[address] = name
			}
		})
	}
	asking.Wait()
	return found
}

// Ollama wants a model at the address that can talk: the one of that name, or any with "". It returns its name.
func Ollama(ctx context.Context, address, model string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, serviceTime)
	defer cancel()
	name, err := talker(ctx, address, model)
	if err != nil {
		return "", fmt.Errorf("the Ollama at %s: %w", address, err)
	}
	return name, nil
}

// talker is the model that an Ollama would answer with.
func talker(ctx context.Context, address, name string) (string, error) {
	model, err := ollama.New(ollama.Options{URL: address, Model: name})
	if err != nil {
		return "", err
	}
	defer model.Close()
	about, err := model.About(ctx)
	return about.Name, err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Hostname() == "localhost" {
		return "127.0.0.1"
	}
	return u.Hostname()
}

// open are those of the addresses that take a connection, each once.
func open(ctx context.Context, addresses []string) []string {
	var found []string
	seen := map[string]bool{}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || seen[u.Host] {
			continue
		}
		seen[u.Host] = true
		dialer := net.Dialer{Timeout: 2 * time.Second}
		if conn, err := dialer.DialContext(ctx, "tcp", u.Host); err == nil {
			_ = conn.Close()
			found = append(found, address)
		}
	}
	return found
}
