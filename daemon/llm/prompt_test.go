package llm

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

func TestPromptBeginsTheSameWhateverIsAsked(t *testing.T) {
	snapshot := testHome()
	light, _ := snapshot.Entity("light.kitchen")
	light.State = "on"
	at := time.Date(2026, 11, 22, 18, 5, 0, 0, time.UTC)
	one := messages(conversation.ModelQuestion{Text: "is it cold outside", Room: "kitchen", Home: snapshot}, at)
	other := messages(conversation.ModelQuestion{
		Text: "good night", Home: snapshot.With(light),
		Earlier: []conversation.Exchange{{Said: "hi", Reply: `He said "hi".`}},
	}, at.Add(time.Hour))
	if one[0].Content != other[0].Content {
		t.Error("the beginning of the prompt changed with states, room, time or earlier turns")
	}
	if other[2].Content != `{"calls": [], "reply": "He said \"hi\"."}` {
		t.Errorf("an earlier reply is told as %s", other[2].Content)
	}
	want := "The home:\n# Bedroom\nlight.bedroom Bedside lamp\n# Kitchen, Ground floor\nlight.kitchen Ceiling light / big light\n" +
		"# Elsewhere\ncover.garage Garage door (garage)\nsensor.outside Outside temperature (temperature)\n"
	if got := index(snapshot); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "It is Sunday 22 November 2026, 18:05.\nThe speaker is in: Kitchen\nStates now:\n" +
		"sensor.outside 7.5 °C\nlight.kitchen off\n\nis it cold outside"
	if got := one[len(one)-1].Content; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSchemaKnowsOnlyThisHome(t *testing.T) {
	got, err := json.Marshal(answerSchema(testHome()))
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	if strings.Contains(text, "secret") || strings.Contains(text, "sensor.outside") {
		t.Errorf("it has what cannot be acted on: %s", text)
	}
	for _, part := range []string{
		`{"type":"object","properties":{"calls":{"type":"array","items":{"anyOf":[`,
		`{"type":"object","properties":{"entity":{"type":"string","enum":["light.bedroom","light.kitchen"]},"service":{"type":"string","enum":["turn_off"]}},"required":["entity","service"]}`,
		`"position":{"type":"integer","minimum":0,"maximum":100}},"required":["position"]}`,
		`"reply":{"type":"string"}},"required":["calls","reply"]}`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s\nin %s", part, text)
		}
	}
	empty, err := json.Marshal(answerSchema(home.NewSnapshot(nil, nil, nil)))
	if want := `{"type":"object","properties":{"reply":{"type":"string"}},"required":["reply"]}`; err != nil || string(empty) != want {
		t.Errorf("a home without devices: got %s, %v", empty, err)
	}
}

// What the schema lets a model write must pass the check of the answer.
func TestEveryCallOfTheSchemaIsAccepted(t *testing.T) {
	for domain, all := range services {
		id := home.EntityID(domain + ".one")
		snapshot := home.NewSnapshot([]home.Entity{{ID: id, Exposed: true}}, nil, nil)
		for _, s := range all {
			data := map[string]any{}
			for _, f := range s.fields {
				data[f.name] = map[string]any{"integer": f.max, "number": f.min, "boolean": true, "string": append(f.choices, "milk")[0]}[f.kind]
			}
			written, err := json.Marshal(writtenAnswer{Calls: []writtenCall{{id, s.name, data}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, calls, err := parse(string(written), snapshot); err != nil || len(calls) != 1 || calls[0].Name() != domain+"."+s.name {
				t.Errorf("%s: got %+v, %v", written, calls, err)
			}
		}
	}
}
