package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

var (
	topicFilter = regexp.MustCompile(`^([^+#\x00/]*|\+)(/([^+#\x00/]*|\+))*(/#)?$|^#$`)
	accountName = regexp.MustCompile(`^[A-Za-z0-9_.@-]+$`)
)

func (k *checker) mqtt() {
	m := k.config.MQTT
	k.broker("mqtt.broker", m.Broker)
	k.address("mqtt.listen", m.Listen)
	k.matches("mqtt.topic", m.Topic, topicName, "a topic without + and #, not beginning or ending with /")
	k.matchesOrEmpty("mqtt.id", m.ID, hubID, "letters, digits, - and _, or nothing for the host name")
	k.matchesOrEmpty("mqtt.discovery", m.Discovery, topicName, "a topic such as homeassistant, or nothing")
	if m.Broker == "embedded" {
		k.embedded(m)
	} else {
		k.another(m)
	}
}

// embedded checks what only the embedded broker has.
func (k *checker) embedded(m MQTT) {
	const unused = "is for another broker, and mqtt.broker is embedded"
	k.unused("mqtt.username", m.Username, unused, "mqtt.accounts")
	k.unused("mqtt.password_file", m.PasswordFile, unused, "mqtt.accounts")
	k.tlsFiles(m, unused)
	if len(m.Accounts) == 0 && !loopback(m.Listen) {
		k.fault("mqtt.listen", m.Listen, "lets others in, and there are no mqtt.accounts", "accounts, or a loopback address such as 127.0.0.1:1883")
	}
	names := map[string]int{}
	for i, a := range m.Accounts {
		field := fmt.Sprintf("mqtt.accounts[%d]", i)
		k.matches(field+".username", a.Username, accountName, "letters, digits and _ . @ -")
		if first, twice := names[a.Username]; twice && a.Username != "" {
			k.fault(field+".username", a.Username, fmt.Sprintf("is mqtt.accounts[%d] already", first), "each name once")
		}
		names[a.Username] = i
		if a.PasswordFile == "" {
			k.fault(field+".password_file", "", "is empty", "the path of a file, or the name of a systemd credential")
		}
		if len(a.Read)+len(a.Write) == 0 {
			k.fault(field, a.Username, "may neither read nor write", "read or write with a list of topics such as [hearth/#]")
		}
		k.filters(field+".read", a.Read)
		k.filters(field+".write", a.Write)
	}
}

func (k *checker) filters(field string, filters []string) {
	for i, f := range filters {
		k.matches(fmt.Sprintf("%s[%d]", field, i), f, topicFilter, "a topic, in which + stands for a level and # for all that follow")
	}
}

// another checks what a broker has that is not the embedded one.
func (k *checker) another(m MQTT) {
	if len(m.Accounts) > 0 {
		k.fault("mqtt.accounts", "", "are for the embedded broker, and mqtt.broker is "+m.Broker, "mqtt.username and mqtt.password_file")
	}
	if m.PasswordFile != "" && m.Username == "" {
		k.fault("mqtt.username", "", "is empty although mqtt.password_file is set", "the name that goes with the password")
	}
	if !strings.HasPrefix(m.Broker, "ssl://") {
		k.tlsFiles(m, "is for a broker with TLS, and mqtt.broker is "+m.Broker)
	}
	if (m.CertFile == "") != (m.KeyFile == "") {
		k.fault("mqtt.key_file", m.KeyFile, "and mqtt.cert_file go together", "both, or neither")
	}
}

func (k *checker) tlsFiles(m MQTT, problem string) {
	k.unused("mqtt.ca_file", m.CAFile, problem, "an ssl:// broker")
	k.unused("mqtt.cert_file", m.CertFile, problem, "an ssl:// broker")
	k.unused("mqtt.key_file", m.KeyFile, problem, "an ssl:// broker")
}

func (k *checker) unused(field, value, problem, instead string) {
	if value != "" {
		k.fault(field, value, problem, instead)
	}
}

// loopback tells whether only this machine can reach an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err != nil || host == "localhost" || net.ParseIP(host).IsLoopback()
}

func (k *checker) broker(field, value string) {
	if value == "embedded" || value == "off" {
		return
	}
	const want = "embedded, off, tcp://host:1883 or ssl://host:8883"
	before := len(k.faults)
	k.base(field, value, want, "tcp", "ssl")
	if u, err := url.Parse(value); len(k.faults) == before && err == nil && u.Port() == "" {
		k.fault(field, value, "has no port", want)
	}
}
