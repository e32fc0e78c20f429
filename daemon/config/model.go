package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// The kinds of language model services, by the protocol that they speak.
var modelKinds = []string{"ollama", "openai", "anthropic"}

// modelURLs are where the services are that there is one of.
var modelURLs = map[string]string{"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}

// Address is where the service is, also when the file does not say.
func (o OtherModel) Address() string {
	if o.URL == "" {
		return modelURLs[o.Kind]
	}
	return o.URL
}

// TryFor is Timeout, or a third of the time for an answer.
func (o OtherModel) TryFor(answer time.Duration) time.Duration {
	if o.Timeout == 0 {
		return answer / 3
	}
	return o.Timeout
}

// ModelTools are the tools of Model.Tools. The web has a section of its own.
var ModelTools = []string{"home", "history", "timers", "lists", "calendar", "weather", "calculator", "units", "memory"}

func (k *checker) model() {
	m := k.config.Model
	for i, tool := range m.Tools {
		k.oneOf(fmt.Sprintf("model.tools[%d]", i), tool, ModelTools...)
	}
	k.base("model.url", m.URL, "http://host:port or https://host:port", "http", "https")
	k.matchesOrEmpty("model.name", m.Name, modelName, "the name of a model such as qwen3:4b, or nothing")
	k.matchesOrEmpty("model.embeddings", m.Embeddings, modelName, "the name of a model such as all-minilm:22m, or nothing")
	k.span("model.timeout", m.Timeout, time.Second, 10*time.Minute)
	k.span("model.keep_alive", m.KeepAlive, 0, 7*24*time.Hour)
	k.count("model.context", m.Context, 512, 1<<20)
	k.oneOf("model.local", m.Local, "first", "last", "off")
	if m.Local == "off" && len(m.Others) == 0 {
		k.fault("model.local", m.Local, "leaves no model, and there are no model.others", "first, or another model")
	}
	for i, o := range m.Others {
		k.other(fmt.Sprintf("model.others[%d]", i), o)
	}
	k.timeForAll(m)
}

// timeForAll sees to it that every model can have its turn within the time for an answer.
func (k *checker) timeForAll(m Model) {
	var sum time.Duration
	for _, o := range m.Others {
		sum += o.TryFor(m.Timeout)
	}
	if sum > 0 && (sum > m.Timeout || sum == m.Timeout && m.Local != "off") {
		k.fault("model.timeout", m.Timeout.String(), fmt.Sprintf("leaves no time, for the timeouts of model.others are %s together", sum), "more, or less for those")
	}
}

func (k *checker) other(field string, o OtherModel) {
	k.oneOf(field+".kind", o.Kind, modelKinds...)
	switch {
	case o.URL != "":
		k.base(field+".url", o.URL, "a URL such as http://nuc.lan:8080/v1", "http", "https")
	case o.Address() == "":
		k.fault(field+".url", "", "is empty", "the address of the server, such as http://nuc.lan:11434")
	}
	k.matches(field+".name", o.Name, modelName, "the name of a model, such as qwen3:4b")
	switch {
	case o.Kind == "ollama" && o.KeyFile != "":
		k.fault(field+".key_file", o.KeyFile, "is of no use, since Ollama wants no key", "nothing")
	case o.KeyFile == "" && o.Address() != "" && o.Address() == modelURLs[o.Kind]:
		k.fault(field+".key_file", "", "is empty", "the path of a file with the key of the account, or the name of a systemd credential")
	case o.KeyFile != "" && strings.HasPrefix(o.URL, "http:") && Away(o.URL):
		k.fault(field+".url", o.URL, "would show the key to everybody on the way", "an address that begins with https://")
	}
	if o.Timeout != 0 {
		k.span(field+".timeout", o.Timeout, time.Second, 10*time.Minute)
	}
	const most = 1_000_000_000
	k.count(field+".requests_per_day", o.RequestsPerDay, 0, most)
	k.count(field+".tokens_per_day", o.TokensPerDay, 0, most)
}

// Egress says, in a sentence each, what leaves the house: for language models that are not on this machine or
// the local network, for the owner's servers likewise, and for searches.
func (c *Config) Egress() []string {
	var all []string
	tell := func(field, address, why string) {
		if u, err := url.Parse(address); err == nil && Away(address) {
			all = append(all, fmt.Sprintf(
				"%s: what is said, what is remembered or looked up for it, and the names and states of devices leave the house for %s%s", field, u.Host, why))
		}
	}
	if c.Model.Local != "off" {
		tell("model.url", c.Model.URL, "")
	}
	for i, o := range c.Model.Others {
		why := ", whenever a sentence needs a language model"
		if i > 0 || c.Model.Local == "first" {
			why = ", when the models before it give no answer"
		}
		tell(fmt.Sprintf("model.others[%d]", i), o.Address(), why)
	}
	for i, s := range c.MCP.Servers {
		if u, err := url.Parse(s.URL); err == nil && s.URL != "" && Away(s.URL) {
			all = append(all, fmt.Sprintf("mcp.servers[%d]: what the language model asks the tools of %s leaves the house for %s", i, s.Name, u.Host))
		}
	}
	if leaves := c.Search.Leaves(); leaves != "" {
		all = append(all, "search.engine: "+leaves)
	}
	return all
}

// Away tells whether an address is neither on this machine nor on the local network, as far as one can see:
// nothing is looked up. Tailscale's own network counts as local.
func Away(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		shared := netip.MustParsePrefix("100.64.0.0/10")
		ip = ip.Unmap()
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() && !shared.Contains(ip)
	}
	if !strings.Contains(host, ".") {
		return false // "localhost", "nuc"
	}
	for _, local := range []string{".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain", ".localhost", ".fritz.box", ".ts.net"} {
		if strings.HasSuffix(host, local) {
			return false
		}
	}
	return true
}
