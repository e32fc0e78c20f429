package conversation_test

import (
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A model that goes to another room than the sentence names is asked about, and only such a model.
func TestAModelThatGoesAstrayIsAskedAbout(t *testing.T) {
	lamp := func(data map[string]any) home.Call {
		return home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp", Data: data}
	}
	for said, asked := range map[string]string{
		"it is too dark in the kitchen":                        "Shall I turn on Desk Lamp (Office)? Say yes or no.",
		"make it bright upstairs":                              "Shall I turn on Desk Lamp (Office)? Say yes or no.",
		"it is too dark for the living room":                   "Shall I turn on Desk Lamp (Office)? Say yes or no.",
		"it is too dark in the office":                         "",
		"it is too dark in the study":                          "", // which is another name of it
		"it is too dark downstairs":                            "",
		"it is too dark here":                                  "",
		"it is dark in the kitchen, I need the desk lamp":      "",
		"let the office look like the kitchen":                 "",
		"the kitchen is too bright, the offices are too dark":  "Shall I turn on Desk Lamp (Office)? Say yes or no.",
		"the kitchen is too bright, and it is dark at office ": "",
	} {
		inHome(t, func(r *rig) {
			r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lamp(nil)}}
			turn := r.say(said)
			if asked == "" && (turn.Asks != "" || turn.Steps[0].Outcome != conversation.Confirmed) || asked != "" && turn.Reply != asked {
				r.t.Errorf("%s: %q", said, turn.Reply)
			}
			if asked == "" {
				return
			}
			if turn := r.say("yes"); turn.Steps[0].Outcome != conversation.Confirmed {
				r.t.Errorf("%s: after a yes: %q", said, turn.Reply)
			}
		})
	}
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lamp(map[string]any{"brightness_pct": 40})}}
		if turn := r.say("brighten up the bedroom"); turn.Reply != "Shall I turn on Desk Lamp (Office, 40)? Say yes or no." {
			r.t.Errorf("%q", turn.Reply)
		}
		vacuum := home.Call{Domain: "vacuum", Service: "clean_area", Entity: "vacuum.robot_vacuum", Data: map[string]any{"cleaning_area_id": "kitchen"}}
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{vacuum}}
		if turn := r.say("the kitchen is a mess"); turn.Asks != "" {
			r.t.Errorf("what is kept elsewhere: %q", turn.Reply)
		}
	})
}
