package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestMQTTFaults(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"open to all":         {"listen: 0.0.0.0:1883", "mqtt.listen: \"0.0.0.0:1883\" lets others in, and there are no mqtt.accounts"},
		"open on any address": {"listen: ':1883'", "lets others in"},
		"open by name":        {"listen: hub.local:1883", "lets others in"},
		"user of none":        {"username: me", "mqtt.username: \"me\" is for another broker"},
		"TLS of none":         {"ca_file: ca.pem", "mqtt.ca_file: \"ca.pem\" is for another broker"},
		"TLS of plain":        {"{broker: 'tcp://h:1883', ca_file: ca.pem}", "mqtt.ca_file: \"ca.pem\" is for a broker with TLS"},
		"half a pair":         {"{broker: 'ssl://h:8883', cert_file: c.pem}", "mqtt.key_file: and mqtt.cert_file go together"},
		"accounts elsewhere":  {"{broker: 'ssl://h:8883', accounts: [{username: a, password_file: pw, read: [x]}]}", "mqtt.accounts: are for the embedded broker"},
		"twice the same":      {"accounts: [{username: a, password_file: pw, read: [x]}, {username: a, password_file: pw, read: [x]}]", `mqtt.accounts[1].username: "a" is mqtt.accounts[0] already`},
		"no password":         {"accounts: [{username: a, read: [x]}]", "mqtt.accounts[0].password_file: is empty"},
		"no rights":           {"accounts: [{username: a, password_file: pw}]", "may neither read nor write"},
		"no topic":            {"accounts: [{username: a, password_file: pw, write: ['a/#/b']}]", `mqtt.accounts[0].write[0]: "a/#/b" is not accepted`},
		"half a wildcard":     {"accounts: [{username: a, password_file: pw, read: ['a/b+']}]", `"a/b+" is not accepted`},
		"discovery":           {"discovery: 'home/#'", `mqtt.discovery: "home/#" is not accepted`},
		"neither":             {"transcripts: yes", `mqtt.transcripts: "yes" is neither true nor false; expected true or false`},
	} {
		t.Run(name, func(t *testing.T) {
			text := test.text
			if !strings.HasPrefix(text, "{") {
				text = "{" + text + "}"
			}
			if _, err := load(t, "mqtt: "+text+"\n"); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAccountsOfTheEmbeddedBroker(t *testing.T) {
	password := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(password, []byte(hidden+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "mqtt:\n  listen: 0.0.0.0:1883\n  accounts:\n    - {username: ha, password_file: "+password+
		", read: [hearth/#, +/status], write: [homeassistant/#]}\n")
	if err != nil {
		t.Fatal(err)
	}
	got := c.MQTT.Accounts[0]
	if got.Password.Reveal() != hidden {
		t.Error("the password was not read")
	}
	got.Password = Secret{}
	want := Account{Username: "ha", PasswordFile: password, Read: []string{"hearth/#", "+/status"}, Write: []string{"homeassistant/#"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
