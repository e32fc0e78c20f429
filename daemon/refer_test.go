package daemon

import (
	"strings"
	"testing"
	"time"

	"hearth/daemon/home/demo"
)

// What is put off has the names of what it refers to, for by then something else may have been spoken of.
func TestWhatIsPutOffNamesWhatItRefersTo(t *testing.T) {
	in := func(hours time.Duration) string { return time.Now().Add(hours * time.Hour).UTC().Format(time.RFC3339) }
	sunny := sunnyHome(map[string]any{"next_setting": in(3), "next_rising": in(12)})
	for _, c := range []struct{ language, before, said, want string }{
		{"en", "turn on the desk lamp", "turn it off in ten minutes", "turn Desk Lamp off"},
		{"en", "turn on the desk lamp", "at 9 pm turn it off", "turn Desk Lamp off"},
		{"en", "turn on the desk lamp", "make it blue at 9 pm", ""}, // which it cannot be
		{"en", "turn on the bed light", "make it blue at 9 pm", "make Bed Light blue"},
		{"en", "turn on the bed light", "make it brighter at 9 pm", "make it brighter"}, // here, as ever
		{"en", "turn on the desk lamp", "when the front door opens, turn it off", "turn Desk Lamp off"},
		{"en", "turn on the desk lamp", "open it in ten minutes", ""},
		{"en", "turn on the desk lamp", "turn it off in ten minutes at 9 pm", ""},
		{"en", "turn on the kitchen lights", "turn them off in ten minutes", "turn Kitchen Ceiling and Counter Lights off"},
		{"en", "lock the front door", "unlock it at 9 pm", "unlock Front Door"},
		{"en", "", "turn it off in ten minutes", ""},
		{"en", "", "turn on the coffee maker and turn it off in ten minutes", "turn Coffee Maker off"},
		{"en", "", "turn on the desk lamp at 7 pm and turn it off at 8 pm", "turn on the desk lamp | turn Desk Lamp off"},
		{"en", "", "turn on the desk lamp at 7 every day and turn it off at 8", ""}, // once, or every day
		{"en", "", "turn on the desk lamp at 7 every day and turn it off at 8 every day", "turn on the desk lamp | turn Desk Lamp off"},
		{"en", "", "turn on the kitchen lights at 7 pm and turn them off at 8 pm", "turn on the kitchen lights | turn Kitchen Ceiling and Counter Lights off"},
		{"en", "", "turn on the desk lamp at 7 and off at 8", "turn on the desk lamp | turn off Desk Lamp"},
		{"en", "", "turn on the kitchen lights at 7 and off at 8", "turn on the kitchen lights | turn off Kitchen Ceiling and Counter Lights"},
		{"en", "", "turn on the desk lamp at sunset and turn it off at sunrise", "turn on the desk lamp | turn Desk Lamp off"},
		{"en", "", "turn on the desk lamp at sunset and off at sunrise", "turn on the desk lamp | turn off Desk Lamp"},
		{"en", "", "turn on the desk lamp and turn it off at sunset", "turn Desk Lamp off"},
		{"en", "", "turn on the desk lamp and off in ten minutes", "turn off Desk Lamp"},
		{"en", "", "lock the front door at 7 and off at 8", ""},
		{"de", "", "schalte die Desk Lamp um 19 Uhr ein und um 20 Uhr aus", "schalte die Desk Lamp ein | schalte die Desk Lamp aus"},
		{"de", "schalte die Desk Lamp ein", "schalte sie in zehn Minuten aus", "schalte Desk Lamp aus"},
		{"de", "", "schalte die Desk Lamp um 19 Uhr ein und schalte sie um 20 Uhr aus", "schalte die Desk Lamp ein | schalte Desk Lamp aus"},
		{"fr", "allume la Desk Lamp", "éteins-la dans dix minutes", "éteins Desk Lamp"},
		{"es", "enciende la Desk Lamp", "apágala en diez minutos", ""}, // a word that holds both
		{"nl", "doe de Desk Lamp aan", "doe hem over tien minuten uit", "doe Desk Lamp uit"},
	} {
		d := quietDaemon(t, c.language, demo.New(demo.WithPace(0), demo.WithSnapshot(sunny)))
		say := d.Conversation.Through("test")
		if c.before != "" {
			if _, err := say.Say(t.Context(), "kitchen", c.before); err != nil {
				t.Fatal(err)
			}
		}
		turn, err := say.Say(t.Context(), "kitchen", c.said)
		if err != nil {
			t.Fatal(err)
		}
		var put []string
		for _, s := range turn.Steps {
			if command, ok := s.Call.Data["command"].(string); ok {
				put = append(put, command)
			}
		}
		if got := strings.Join(put, " | "); got != c.want {
			t.Errorf("%q: %q is put off, want %q", c.said, got, c.want)
		}
	}
}

// The same words mean something else each time.
func TestWhatIsPutOffWithANameIsNotLearned(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	for _, said := range []string{"turn on the desk lamp", "turn it off in ten minutes", "turn on the bed light"} {
		if _, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", said); err != nil {
			t.Fatal(err)
		}
	}
	turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", "turn it off in ten minutes")
	if err != nil || len(turn.Steps) != 1 || turn.Steps[0].Call.Data["command"] != "turn Bed Light off" {
		t.Errorf("%+v, %v", turn.Steps, err)
	}
}
