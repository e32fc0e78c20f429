package conversation

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

func TestStatesAreToldFromTheHome(t *testing.T) {
	snapshot := home.NewSnapshot([]home.Entity{
		{ID: "binary_sensor.w", Name: "Fenster", DeviceClass: "window", State: "on", Exposed: true},
		{ID: "climate.h", Name: "Heizung", State: "heat", Exposed: true, Attributes: map[string]any{"current_temperature": 20.5, "temperature": 23.0}},
		{ID: "light.l", Name: "Lampe", State: "off", Exposed: true},
		{ID: "lock.d", Name: "Tür", State: "locked", Exposed: true},
		{ID: "lock.hidden", Name: "Tresor", State: "locked"},
		{ID: "sensor.gone", Name: "Teich", State: home.Unavailable, Exposed: true},
		{ID: "sensor.t", Name: "Garten", State: "7.5", Unit: "°C", Exposed: true},
		{ID: "weather.w", Name: "Wetter", State: "rainy", Exposed: true, Attributes: map[string]any{"temperature": 12.5, "temperature_unit": "°C"}},
	}, nil, nil)
	for _, c := range []struct {
		language, want string
		ids            []home.EntityID
	}{
		{"en", "Garten is 7.5 °C.", []home.EntityID{"sensor.t"}},
		{"de", "Garten ist 7,5 Grad.", []home.EntityID{"sensor.t"}},
		{"de", "Fenster ist offen. Lampe ist aus. Tür ist abgeschlossen.", []home.EntityID{"binary_sensor.w", "light.l", "lock.d"}},
		{"fr", "Lampe est à l'arrêt.", []home.EntityID{"light.l"}},
		{"nl", "Lampe staat uit.", []home.EntityID{"light.l"}},
		{"es", "Tür está con el cierre echado.", []home.EntityID{"lock.d"}},
		{"es", "Fenster está en estado abierto. Lampe está en estado apagado.", []home.EntityID{"binary_sensor.w", "light.l"}}, // for however long
		{"en", "20.5 degrees.", []home.EntityID{"climate.h"}},
		{"de", "Heizung: 20,5 Grad. Lampe ist aus.", []home.EntityID{"climate.h", "light.l"}},
		{"en", "12.5 °C and raining.", []home.EntityID{"weather.w"}},
		{"en", "Teich cannot be reached.", []home.EntityID{"sensor.gone"}},
		{"it", "Lampe è off.", []home.EntityID{"light.l"}},
		{"en", "Garten is 7.5 °C.", []home.EntityID{"lock.hidden", "lock.none", "sensor.t"}},
	} {
		p, err := LoadPhrases(c.language)
		if err != nil {
			t.Fatal(err)
		}
		conversation := &Conversation{Options: Options{Phrases: p, Language: c.language, Log: slog.New(slog.DiscardHandler)}}
		turn := &Turn{work: work{home: snapshot, language: published(t, c.language)}}
		if got := conversation.tell(turn, c.ids); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
}

// published is a language with its published responses, and no names.
func published(t *testing.T, code string) Understanding {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache folder for assets: %v", err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	l, err := intent.Load(filepath.Join(dir, "sentences", code+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("sentence templates are not here, run make assets: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return struct {
		*intent.Home
		*intent.Language
	}{l.Home(intent.Names{}), l}
}
