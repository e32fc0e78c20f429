package daemon

import "hearth/daemon/intent"

// supplements are sentences that people say and the published templates lack, by language. They use
// the published rules and lists, and do what the published intents do.
var supplements = map[string][]intent.Custom{
	"en": {
		{
			Sentence: "[<set>] [<the>] {area} <light> [color] [to] {color}", Intent: "HassLightSet",
			Response: "Color set", Slots: map[string]any{"domain": "light"},
		},
		{
			Sentence: "[<numeric_value_set>] [<the>] {area} <light> [brightness] [to] {brightness}[([ ]%)| percent]", Intent: "HassLightSet",
			Response: "Brightness set", Slots: map[string]any{"domain": "light"},
		},
		{
			Sentence: "<open> <all> [<the>] {cover_classes:device_class} [<everywhere>]", Intent: "HassTurnOn",
			Response: "Opening", Slots: map[string]any{"domain": "cover"},
		},
		{
			Sentence: "<close> <all> [<the>] {cover_classes:device_class} [<everywhere>]", Intent: "HassTurnOff",
			Response: "Closing", Slots: map[string]any{"domain": "cover"},
		},
	},
}
