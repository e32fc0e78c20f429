package daemon

import (
	"context"
	"errors"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation/command"
	"hearth/daemon/mqtt"
	"hearth/daemon/settings"
	"hearth/daemon/web"
)

// ErrRestart is returned by Run when the daemon was asked to stop and start again.
var ErrRestart = errors.New("a restart was asked for")

// A hub is the daemon as other programs see and drive it over MQTT.
type hub struct{ *Daemon }

var _ mqtt.Hub = hub{}

// State implements mqtt.Hub.
func (h hub) State() mqtt.HubState {
	values := h.settings.Get()
	models := h.model.Installed()
	return mqtt.HubState{
		WakeWord: h.wakeWord(), WakeWords: h.wakeChoices(),
		Version: h.opts.Version, Area: h.areaName(), URL: pageURL(h.cfg.Web.Listen),
		Muted: values.Muted, Volume: values.Volume,
		Language: h.cfg.Language, Languages: h.languages,
		Model: offered(h.model.Name(), models), Models: models,
		Intents: h.language.intents(), Problems: h.problems(),
	}
}

// offered is the model as the server lists it, which adds a tag to a name without one; "" when it does not.
func offered(name string, models []string) string {
	for _, candidate := range []string{name, name + ":latest"} {
		if slices.Contains(models, candidate) {
			return candidate
		}
	}
	return ""
}

func (d *Daemon) areaName() string {
	area, _ := d.home.Snapshot().Area(d.cfg.Room)
	return area.Name
}

// problems are what does not work, each as "component: reason".
func (d *Daemon) problems() []string {
	var all []string
	components := d.ready()
	for _, name := range slices.Sorted(maps.Keys(components)) {
		if c := components[name]; c.State != web.OK && c.Detail != string(Starting) {
			all = append(all, name+": "+c.Detail)
		}
	}
	return all
}

// Mute implements mqtt.Hub.
func (h hub) Mute(muted bool) error {
	h.log.Info("microphone", "muted", muted)
	return h.settings.Change(func(v *settings.Values) { v.Muted = muted })
}

// SetVolume implements mqtt.Hub.
func (h hub) SetVolume(percent int) error {
	return h.settings.Change(func(v *settings.Values) { v.Volume = percent })
}

// UseModel implements mqtt.Hub.
func (h hub) UseModel(name string) error {
	if err := h.model.Use(name); err != nil {
		return err
	}
	return h.settings.Change(func(v *settings.Values) {
		v.Model = settings.Choice{Over: h.file.Model.Name, Value: name}
	})
}

// UseLanguage implements mqtt.Hub. Another language takes a restart; one that cannot be loaded is refused.
func (h hub) UseLanguage(code string) error {
	if code == h.cfg.Language {
		return nil
	}
	_, err := LoadTemplates(h.cfg.AssetsDir(), code)
	if err == nil {
		_, err = loadPhrases(h.cfg.AssetsDir(), code)
	}
	if err == nil {
		err = h.settings.Change(func(v *settings.Values) {
			v.Language = settings.Choice{Over: h.file.Language, Value: code}
		})
	}
	if err != nil {
		return err
	}
	h.log.Info("restarting to change the language", "language", code)
	h.Restart()
	return nil
}

// Announce implements mqtt.Hub.
func (h hub) Announce(ctx context.Context, text string) error {
	clip, err := h.voice.Speak(ctx, text)
	if err != nil {
		return err
	}
	return h.voice.sound(ctx, clip)
}

// Restart implements mqtt.Hub.
func (h hub) Restart() {
	select {
	case h.restart <- struct{}{}:
	default: // under way
	}
}

// An announced is what Home Assistant was told of, as the settings keep it.
type announced struct{ *settings.Settings }

var _ mqtt.Memory = announced{}

// Announced implements mqtt.Memory.
func (a announced) Announced() mqtt.Announcement { return mqtt.Announcement(a.Get().Announced) }

// Announce implements mqtt.Memory.
func (a announced) Announce(now mqtt.Announcement) error {
	return a.Change(func(v *settings.Values) { v.Announced = settings.Announcement(now) })
}

// nextTimer is the timer that rings next, for mqtt.NextTimerFunc.
func (d *Daemon) nextTimer() (name string, at time.Time, ok bool) {
	for _, t := range d.timers.Running() {
		if !t.Paused && !t.Ringing && t.Kind != command.Condition { // which waits for something else than a time
			return t.Name, t.Due, true
		}
	}
	return "", time.Time{}, false
}

// languagesOf are those whose sentence templates are installed and that the configuration allows.
func languagesOf(c *config.Config) []string {
	var codes []string
	for _, code := range languages(c.AssetsDir()) {
		other := *c
		other.Language = code
		if other.Validate() == nil {
			codes = append(codes, other.Language)
		}
	}
	return codes
}

// pageURL is where others find the web page, "" when only this machine does.
func pageURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || host == "localhost" {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		if host, err = os.Hostname(); err != nil {
			return ""
		}
		host = withDomain(host)
	} else if ip.IsLoopback() {
		return ""
	}
	return "http://" + net.JoinHostPort(host, port)
}

// withDomain is the name of a host as others in a home know it, by multicast DNS unless it says otherwise.
func withDomain(host string) string {
	if strings.Contains(host, ".") {
		return host
	}
	return host + ".local"
}
