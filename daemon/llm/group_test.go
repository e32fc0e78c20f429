package llm

import (
	"fmt"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

func TestAllOfAKindAreCalledAtOnce(t *testing.T) {
	at := func(id home.EntityID, area string, features int) home.Entity {
		return home.Entity{ID: id, Name: string(id), Area: area, Exposed: true, Attributes: map[string]any{"supported_features": features}}
	}
	snapshot := home.NewSnapshot([]home.Entity{
		at("light.a", "kitchen", 0), at("light.b", "kitchen", 0), at("light.c", "bed", 0), at("light.d", "", 0), {ID: "light.hidden", Area: "kitchen"},
		at("cover.a", "kitchen", 3), at("cover.b", "kitchen", 1), at("lock.a", "kitchen", 0), at("lock.b", "kitchen", 0), at("fan.a", "bed", 1),
	}, []home.Area{{ID: "kitchen", Name: "Kitchen", Floor: "ground"}, {ID: "bed", Name: "Bedroom", Floor: "upper"}, {ID: "empty", Name: "Empty"}},
		[]home.Floor{{ID: "ground", Name: "Ground"}, {ID: "upper", Name: "Upstairs"}})
	q := put(conversation.ModelQuestion{Text: "x", Home: snapshot, Language: "en"})
	for written, want := range map[string]string{
		`{"area": "kitchen", "domain": "light", "service": "turn_off"}`:                          "light.turn_off light.a, light.turn_off light.b",
		`{"area": "upper", "domain": "light", "service": "turn_on"}`:                             "light.turn_on light.c",
		`{"area": "everywhere", "domain": "light", "service": "turn_off"}`:                       "light.turn_off light.a, light.turn_off light.b, light.turn_off light.c, light.turn_off light.d",
		`{"area": "kitchen", "domain": "cover", "service": "close_cover"}`:                       "cover.close_cover cover.a",
		`{"area": "kitchen", "domain": "lock", "service": "unlock"}`:                             "! \"unlock\" cannot be called for all \"lock\"",
		`{"area": "bed", "domain": "fan", "service": "turn_on"}`:                                 "! \"turn_on\" cannot be called for all \"fan\"",
		`{"area": "bed", "domain": "cover", "service": "open_cover"}`:                            "! there is no cover in bed",
		`{"area": "cellar", "domain": "light", "service": "turn_on"}`:                            `! there is no area "cellar"`,
		`{"area": "empty", "domain": "light", "service": "turn_on"}`:                             `! there is no area "empty"`,
		`{"area": "kitchen", "domain": "light", "service": "turn_on", "data": {"code": "1234"}}`: "! \"turn_on\" cannot be called",
		`{"area": "kitchen", "domain": "light", "service": "explode"}`:                           "! \"explode\" cannot be called",
	} {
		read, err := q.read(`{"calls": [`+written+`], "tell": [], "reply": ""}`, false)
		got := strings.Join(called(read.calls), ", ")
		if err != nil {
			got = "! " + err.Error()
		}
		if got != want && (err == nil || !strings.HasPrefix(got, want)) {
			t.Errorf("%s: %s, want %s", written, got, want)
		}
	}
}

func TestTooManyCallsAreRefused(t *testing.T) {
	one := `{"entity": "light.kitchen", "service": "turn_off"}`
	for n, want := range map[int]bool{maxCalls: true, maxCalls + 1: false} {
		_, err := put(asking("kitchen off")).read(`{"calls": [`+strings.Repeat(one+",", n-1)+one+`]}`, false)
		if (err == nil) != want {
			t.Errorf("%d calls: %v", n, err)
		}
	}
}

func TestTooManyAreNotCalledAtOnce(t *testing.T) {
	var entities []home.Entity
	for i := range maxTogether + 1 {
		entities = append(entities, home.Entity{ID: home.EntityID(fmt.Sprintf("light.l%d", i)), Exposed: true})
	}
	q := put(conversation.ModelQuestion{Text: "x", Home: home.NewSnapshot(entities, nil, nil), Language: "en"})
	read, err := q.read(`{"calls": [{"area": "everywhere", "domain": "light", "service": "turn_off"}]}`, false)
	if err == nil || !strings.Contains(err.Error(), "61 entities") {
		t.Errorf("got %d calls, %v", len(read.calls), err)
	}
}
