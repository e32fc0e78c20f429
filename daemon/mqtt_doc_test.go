package daemon

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/mqtt"
)

// TestMQTTExamplesWork takes the configurations of docs/mqtt.md as an owner would, and opens what they are for.
func TestMQTTExamplesWork(t *testing.T) {
	page, err := os.ReadFile("../docs/mqtt.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	for _, name := range []string{"mqtt_password", "mqtt_homeassistant", "mqtt_panel"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.+?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples, want one for each kind of broker", len(examples))
	}
	for _, example := range examples {
		file := filepath.Join(dir, "hearthd.yaml")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(example[1], "/etc/hearthd", dir)), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(file)
		if err != nil {
			t.Errorf("%v\n%s", err, example[1])
			continue
		}
		if c.MQTT.Broker != "embedded" {
			continue
		}
		if _, err := mqtt.NewBroker(mqtt.BrokerOptions{Listen: c.MQTT.Listen, Accounts: accounts(c.MQTT.Accounts)}); err != nil {
			t.Error(err)
		}
	}
}
