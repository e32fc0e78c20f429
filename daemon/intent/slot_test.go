package intent

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestSlotSurvivesJSON(t *testing.T) {
	for _, value := range []any{50, -3, 21.5, "kitchen", nil} {
		want := Slot{Value: value, Text: "as said", IDs: []string{"light.a"}}
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
