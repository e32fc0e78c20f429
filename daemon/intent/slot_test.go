package intent

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestSlotSurvivesJSON(t *testing.T) {
	for _, value := range []any{50, -3, 21.5, "kitchen", nil, []any{"blind", "shade"}} {
		want := Slot{Value: value, Text: "as said", Unit: Percent, IDs: []string{"light.a"}}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Slot
		if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v: came back as %#v, err %v", value, got, err)
		}
	}
}

func TestSlotAccessors(t *testing.T) {
	for _, c := range []struct {
		slot    Slot
		text    string
		strings []string
		float   float64
		number  bool
		whole   bool
		length  time.Duration
	}{
		{slot: Slot{Value: 50, Unit: Percent, Text: "fifty"}, text: "50", float: 50, number: true, whole: true},
		{slot: Slot{Value: 0.5, Unit: Hours}, text: "0.5", float: 0.5, number: true, length: 30 * time.Minute},
		{slot: Slot{Value: 90, Unit: Minutes}, text: "90", float: 90, number: true, whole: true, length: 90 * time.Minute},
		{slot: Slot{Value: 0.1, Unit: Seconds}, text: "0.1", float: 0.1, number: true, length: 100 * time.Millisecond},
		{slot: Slot{Value: "on"}, text: "on", strings: []string{"on"}},
		{slot: Slot{Value: []any{"blind", "shade"}}, text: "blind", strings: []string{"blind", "shade"}},
		{slot: Slot{Text: "as said"}, text: "as said"},
	} {
		if got := c.slot.String(); got != c.text {
			t.Errorf("%#v: String %q, want %q", c.slot, got, c.text)
		}
		if got := c.slot.Strings(); !slices.Equal(got, c.strings) {
			t.Errorf("%#v: Strings %q, want %q", c.slot, got, c.strings)
		}
		if got, ok := c.slot.Float(); got != c.float || ok != c.number {
			t.Errorf("%#v: Float %v, %v", c.slot, got, ok)
		}
		if got, ok := c.slot.Int(); ok != c.whole || ok && float64(got) != c.float {
			t.Errorf("%#v: Int %v, %v", c.slot, got, ok)
		}
		if got, ok := c.slot.Duration(); got != c.length || ok != (c.length > 0) {
			t.Errorf("%#v: Duration %v, %v", c.slot, got, ok)
		}
	}
	if got := (Slot{Value: "Sky Blue"}).Color(); got != "skyblue" {
		t.Errorf("color %q", got)
	}
}

// TestDurationOfAResultWithoutUnits reads what was kept before slots had units.
func TestDurationOfAResultWithoutUnits(t *testing.T) {
	var r Result
	kept := `{"Slots":{"hours":{"Value":1,"Text":"one"},"minutes":{"Value":30,"Text":"half"},"start_minutes":{"Value":5}}}`
	if err := json.Unmarshal([]byte(kept), &r); err != nil {
		t.Fatal(err)
	}
	if got, ok := r.Duration(); got != 90*time.Minute || !ok {
		t.Errorf("%v, %v", got, ok)
	}
	if got, ok := r.StartDuration(); got != 5*time.Minute || !ok {
		t.Errorf("from the start: %v, %v", got, ok)
	}
	if got, ok := (Result{}).Duration(); got != 0 || ok {
		t.Errorf("of nothing: %v, %v", got, ok)
	}
}

// numberSlot is a slot with a number, as it was said.
func numberSlot(value any, unit Unit, text string) Slot {
	return Slot{Value: value, Unit: unit, Text: text}
}

// TestSlotsAreTyped reads sentences of the published templates.
func TestSlotsAreTyped(t *testing.T) {
	homes := map[string]*Home{}
	for _, c := range []struct {
		language, sentence, slot string
		want                     Slot
	}{
		{"en", "set Lamp brightness to fifty percent", "brightness", numberSlot(50, Percent, "fifty")},
		{"de", "Lamp auf fünfzig Prozent", "brightness", numberSlot(50, Percent, "fünfzig")},
		{"fr", "règle la luminosité de Lamp à 50 pour cent", "brightness", numberSlot(50, Percent, "50")},
		{"es", "ajusta el brillo de Lamp al cincuenta por ciento", "brightness", numberSlot(50, Percent, "cincuenta")},
		{"nl", "zet Lamp op vijftig procent", "brightness", numberSlot(50, Percent, "vijftig")},

		{"en", "set the temperature to twenty and a half degrees", "temperature", numberSlot(20.5, Degrees, "twenty and a half")},
		{"de", "Temperatur auf einundzwanzig komma fünf Grad", "temperature", numberSlot(21.5, Degrees, "einundzwanzig Komma fünf")},
		{"de", "Temperatur auf 21 Grad Celsius", "temperature", numberSlot(21, Celsius, "21")},
		{"de", "Temperatur auf 21 °C", "temperature", numberSlot(21, Celsius, "21")},
		{"fr", "règle la température à vingt et demi degrés", "temperature", numberSlot(20.5, Degrees, "vingt et demi")},
		{"es", "pon la temperatura a 20,5 grados", "temperature", numberSlot(20.5, Degrees, "20,5")},
		{"nl", "zet de verwarming op twintig en een halve graad", "temperature", numberSlot(20.5, Degrees, "twintig en een halve")},
		{"en", "set Lamp temperature to 2700 kelvin", "temperature", numberSlot(2700, Kelvin, "2700")},
		{"de", "stelle Lamp auf warmweiß", "temperature", numberSlot(2700, Kelvin, "warmweiß")},

		{"en", "turn the volume up by ten percent", "volume_step", numberSlot(10, Percent, "ten")},
		{"en", "turn down the volume", "volume_step", Slot{Value: "down", Text: "down"}},
		{"en", "set Lamp to red", "color", Slot{Value: "red", Text: "red"}},
		{"fr", "mets Lamp en rouge", "color", Slot{Value: "red", Text: "rouge"}},

		{"en", "add Oat Milk to my shopping list", "item", Slot{Value: "Oat Milk", Text: "Oat Milk"}},
		{"de", "setze Hafermilch auf meine Einkaufsliste", "item", Slot{Value: "Hafermilch", Text: "Hafermilch"}},
		{"fr", "ajoute Lait d’Avoine à ma liste de courses", "item", Slot{Value: "Lait d'Avoine", Text: "Lait d'Avoine"}},
		{"es", "agrega Leche de Avena a mi lista de la compra", "item", Slot{Value: "Leche de Avena", Text: "Leche de Avena"}},
		{"nl", "zet HaverMelk op mijn boodschappenlijst", "item", Slot{Value: "HaverMelk", Text: "HaverMelk"}},

		{"en", "which windows are open", "state", Slot{Value: "open", Text: "open"}},
		{"en", "which windows are open", "device_class", Slot{Value: "window", Text: "windows"}},
		{"de", "sind alle Fenster geschlossen", "state", Slot{Value: "closed", Text: "geschlossen"}},
		{"fr", "y a-t-il des lumières allumées", "domain", Slot{Value: "light"}},
		{"es", "hay alguna luz encendida", "state", Slot{Value: "on", Text: "encendida"}},
		{"nl", "zijn er lampen aan", "state", Slot{Value: "on", Text: "aan"}},

		{"nl", "over anderhalf uur open de Garagedeur", "minutes", numberSlot(90, Minutes, "anderhalf")},
		{"nl", "over anderhalf uur open de Garagedeur", "conversation_command", Slot{Value: "open de Garagedeur", Text: "open de Garagedeur"}},
	} {
		if homes[c.language] == nil {
			homes[c.language] = typedHome(t, c.language)
		}
		results := homes[c.language].Recognize(c.sentence, Where{Area: "den"})
		if len(results) == 0 {
			t.Errorf("%s: not understood: %q", c.language, c.sentence)
			continue
		}
		if got := results[0].Slots[c.slot]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q: %s is %#v, want %#v", c.language, c.sentence, c.slot, got, c.want)
		}
	}
}

// TestScaleThatWasNamed has it in sentences of an owner's, which may know both scales.
func TestScaleThatWasNamed(t *testing.T) {
	l, faults := publishedLanguage(t, "en").WithCustom(
		NewCustom("HassClimateSetTemperature", "warm it to {temperature}[ ](°| degrees|)[ ][c|f|celsius|fahrenheit]"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	h := l.Home(Names{})
	for text, want := range map[string]Unit{
		"warm it to 70": Degrees, "warm it to 70 degrees": Degrees, "warm it to 70°": Degrees,
		"warm it to 70 degrees Fahrenheit": Fahrenheit, "warm it to 70°F": Fahrenheit, "warm it to 70 F": Fahrenheit,
		"warm it to twenty degrees celsius": Celsius, "warm it to 20.5 °C": Celsius,
	} {
		results := h.Recognize(text, Where{})
		if len(results) == 0 || results[0].Slots["temperature"].Unit != want {
			t.Errorf("%q: %#v, want the unit %s", text, results, want)
		}
	}
}

// typedHome is a home with a lamp in a published language.
func typedHome(t *testing.T, language string) *Home {
	t.Helper()
	return publishedLanguage(t, language).Home(Names{
		Entities: []Name{{ID: "light.lamp", Names: []string{"Lamp"}, Context: map[string]string{"domain": "light"}}},
		Areas:    []Name{{ID: "den", Names: []string{"Den"}}},
	})
}
