package daemon

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// remembering is what Anna says in the kitchen, in each language, and what comes of it. A reply that begins with a
// service is the calls.
var remembering = map[string][]exchange{
	"en": {
		{"what do you know about me", "I remember nothing of that."},
		{"Remember that the bins go out on Thursday.", "I will remember for Anna: “the bins go out on Thursday”."},
		{"remember that the bins go out on thursday", "I remember that already."},
		{"I like it at 21 degrees", "Shall I remember this: “I like it at 21 degrees”? Say yes or no."},
		{"yes", "I will remember for Anna: “I like it at 21 degrees”."},
		{"what do you know about me", "I was told: “I like it at 21 degrees”; “the bins go out on Thursday”."},
		{"what do you remember about the bin", "I was told: “the bins go out on Thursday”."},
		{"make it comfortable", "climate.set_temperature climate.kitchen temperature=21"},
		{"set the bedroom to my temperature", "climate.set_temperature climate.bedroom temperature=21"},
		{"remember that I like the bedroom at 18", "I will remember for Anna: “I like it at 18 degrees” (Bedroom)."},
		{"set the heating in the bedroom the way I like it", "climate.set_temperature climate.bedroom temperature=18"},
		{"remember that I like the lights at 40 percent", "I will remember for Anna: “I like the light at 40 percent”."},
		{"set the light how I like it", "light.turn_on light.kitchen brightness_pct=40"},
		{"make it comfortable", "climate.set_temperature climate.kitchen temperature=21, light.turn_on light.kitchen brightness_pct=40"},
		{"turn off the ceiling light", "light.turn_off light.kitchen"},
		{"make it comfortable", "climate.set_temperature climate.kitchen temperature=21"},
		{"don't forget that the plumber is called Bob", "I will remember for Anna: “the plumber is called Bob”."},
		{"no, remember that the plumber is called Rob", "I will remember for Anna: “the plumber is called Rob”."},
		{"correct that to the bins go out on Friday", "I will remember for Anna: “the bins go out on Friday”."},
		{"what do you remember about the bins", "I was told: “the bins go out on Friday”."},
		{"forget that the bins go out on Friday", "I have forgotten: “the bins go out on Friday”."},
		{"what do you remember about the bins", "I remember nothing of that."},
		{"remember that the cat eats at six", "I will remember for Anna: “the cat eats at six”."},
		{"forget that", "I have forgotten: “the cat eats at six”."},
		{"forget that", "All right, that is forgotten here."},
		{"remember that the door code is 4 7 1 1", "I remember no long numbers, since one might be a PIN."},
		{"remember that it is four seven one one", "I remember no long numbers, since one might be a PIN."},
		{"forget what I said about the plumber", "I have forgotten: “the plumber is called Rob”."},
		{"forget everything about me", "Shall I forget everything I know of Anna, and what Anna has said to me? Say yes or no."},
		{"yes", "All of that is forgotten."},
		{"what do you know about me", "I remember nothing of that."},
		{"make it comfortable", "I do not know yet how you like it. Say, for instance: I like it at 21 degrees."},
	},
	"de": {
		{"Merk dir, dass die Tonne am Donnerstag rausmuss", "Das merke ich mir für Anna: „die Tonne am Donnerstag rausmuss“."},
		{"Ich mag es bei 21 Grad", "Soll ich mir das merken: „ich mag es bei 21 Grad“? Sag ja oder nein."},
		{"ja", "Das merke ich mir für Anna: „ich mag es bei 21 Grad“."},
		{"Was weißt du über mich?", "Man hat mir gesagt: „ich mag es bei 21 Grad“; „die Tonne am Donnerstag rausmuss“."},
		{"Was habe ich dir über die Tonne gesagt?", "Man hat mir gesagt: „die Tonne am Donnerstag rausmuss“."},
		{"mach es gemütlich", "climate.set_temperature climate.kitchen temperature=21"},
		{"stell die Heizung im Schlafzimmer so ein wie ich es mag", "climate.set_temperature climate.bedroom temperature=21"},
		{"merk dir dass ich das Licht gern bei 40 Prozent mag", "Das merke ich mir für Anna: „ich mag das Licht bei 40 Prozent“."},
		{"stell das Licht so ein wie ich es mag", "light.turn_on light.kitchen brightness_pct=40"},
		{"vergiss was ich dir über die Tonne gesagt habe", "Vergessen: „die Tonne am Donnerstag rausmuss“."},
		{"merk dir dass der Code vier sieben eins eins ist", "Lange Zahlen merke ich mir nicht"},
		{"vergiss alles über mich", "Soll ich alles vergessen, was ich von Anna weiß, und was Anna mir gesagt hat? Sag ja oder nein."},
		{"ja", "Das ist alles vergessen."},
		{"vergiss das", "Gut, das ist hier vergessen."},
	},
	"fr": {
		{"Retiens que les poubelles sortent le jeudi", "Je retiens pour Anna : « les poubelles sortent le jeudi »."},
		{"j'aime qu'il fasse 21 degrés", "Dois-je retenir ceci : « j'aime qu'il fasse 21 degrés » ? Dites oui ou non."},
		{"oui", "Je retiens pour Anna : « j'aime qu'il fasse 21 degrés »."},
		{"Que sais-tu de moi ?", "On m'a dit : « j'aime qu'il fasse 21 degrés »; « les poubelles sortent le jeudi »."},
		{"que t'ai-je dit à propos des poubelles", "On m'a dit : « les poubelles sortent le jeudi »."},
		{"mets ma température", "climate.set_temperature climate.kitchen temperature=21"},
		{"règle le chauffage dans le salon à mon goût", "climate.set_temperature climate.bedroom temperature=21"},
		{"oublie que les poubelles sortent le jeudi", "J'ai oublié : « les poubelles sortent le jeudi »."},
		{"oublie tout sur moi", "Dois-je oublier tout ce que je sais de Anna, et ce que Anna m'a dit ? Dites oui ou non."},
		{"oui", "Tout cela est oublié."},
		{"oublie ça", "D'accord, c'est oublié ici."},
	},
	"es": {
		{"Recuerda que la basura sale el jueves", "Lo recordaré para Anna: «la basura sale el jueves»."},
		{"me gusta a 21 grados", "¿Quieres que lo recuerde: «me gusta a 21 grados»? Di sí o no."},
		{"sí", "Lo recordaré para Anna: «me gusta a 21 grados»."},
		{"¿Qué sabes de mí?", "Me han dicho: «me gusta a 21 grados»; «la basura sale el jueves»."},
		{"qué te dije de la basura", "Me han dicho: «la basura sale el jueves»."},
		{"pon la calefacción como me gusta", "climate.set_temperature climate.kitchen temperature=21"},
		{"pon mi temperatura en el dormitorio", "climate.set_temperature climate.bedroom temperature=21"},
		{"olvida que la basura sale el jueves", "He olvidado: «la basura sale el jueves»."},
		{"olvida todo sobre mí", "¿Quieres que olvide todo lo que sé de Anna y lo que Anna me ha dicho? Di sí o no."},
		{"sí", "Todo eso está olvidado."},
		{"olvida eso", "De acuerdo, aquí queda olvidado."},
	},
	"nl": {
		{"Onthoud dat het vuilnis op donderdag weg moet", "Dat onthoud ik voor Anna: “het vuilnis op donderdag weg moet”."},
		{"ik heb het graag op 21 graden", "Zal ik dit onthouden: “ik heb het graag op 21 graden”? Zeg ja of nee."},
		{"ja", "Dat onthoud ik voor Anna: “ik heb het graag op 21 graden”."},
		{"Wat weet je over mij?", "Mij is verteld: “ik heb het graag op 21 graden”; “het vuilnis op donderdag weg moet”."},
		{"wat heb ik je over het vuilnis verteld", "Mij is verteld: “het vuilnis op donderdag weg moet”."},
		{"maak het gezellig", "climate.set_temperature climate.kitchen temperature=21"},
		{"zet de verwarming in de slaapkamer zoals ik het graag heb", "climate.set_temperature climate.bedroom temperature=21"},
		{"vergeet wat ik je over het vuilnis heb verteld", "Ik ben vergeten: “het vuilnis op donderdag weg moet”."},
		{"vergeet alles over mij", "Zal ik alles vergeten wat ik van Anna weet, en wat Anna tegen me heeft gezegd? Zeg ja of nee."},
		{"ja", "Dat is allemaal vergeten."},
		{"vergeet dat", "Goed, dat is hier vergeten."},
	},
}

// remembering Daemon is a quiet one in the home of followings, which has a PIN.
func rememberingDaemon(t *testing.T, language string) *Daemon {
	t.Helper()
	for _, f := range followings {
		if f.language == language {
			d := quietDaemon(t, language, demo.New(demo.WithPace(0), demo.WithSnapshot(f.home())))
			d.Conversation.HasPIN = true
			return d
		}
	}
	t.Fatalf("no home for %s", language)
	return nil
}

func TestFactsAreRememberedToldUsedAndForgotten(t *testing.T) {
	for language, exchanges := range remembering {
		t.Run(language, func(t *testing.T) {
			d := rememberingDaemon(t, language)
			for _, x := range exchanges {
				turn, err := d.Conversation.Through("test").As("Anna").Say(t.Context(), "kitchen", x.said)
				if err != nil {
					t.Fatal(err)
				}
				got := turn.Reply
				if len(turn.Steps) > 0 {
					got = callsOf(turn)
				}
				if !strings.HasPrefix(got, x.reply) || len(turn.Steps) > 0 && got != x.reply {
					t.Errorf("%q: %q (%s, %s), want %q", x.said, got, turn.Intent, turn.Rule, x.reply)
				}
			}
		})
	}
}

// Where no room is known, it is asked for.
func TestHowSomebodyLikesItTakesARoom(t *testing.T) {
	d := rememberingDaemon(t, "en")
	say := func(text string) string {
		t.Helper()
		turn, err := d.Conversation.Through("test").As("Anna").Say(t.Context(), "", text)
		if err != nil {
			t.Fatal(err)
		}
		if len(turn.Steps) > 0 {
			return callsOf(turn)
		}
		return turn.Reply
	}
	say("remember that I like it at 19")
	if got := say("make it comfortable"); got != "In which room?" {
		t.Errorf("got %q", got)
	}
	if got := say("in the bedroom"); got != "climate.set_temperature climate.bedroom temperature=19" {
		t.Errorf("got %q", got)
	}
}

// What one person said is heard by no other, what nobody in particular said by all, and what was deleted by nobody.
func TestFactsAreTheirSpeakersOwn(t *testing.T) {
	d := rememberingDaemon(t, "en")
	say := func(person, room, text, want string) {
		t.Helper()
		turn, err := d.Conversation.Through("test").As(person).Say(t.Context(), room, text)
		if err != nil {
			t.Fatal(err)
		}
		got := turn.Reply
		if len(turn.Steps) > 0 {
			got = callsOf(turn)
		}
		if got != want {
			t.Errorf("%s in the %s, %q: %q, want %q", person, room, text, got, want)
		}
	}
	const stranger = " I cannot tell who is speaking, so this is what is remembered for this home."
	say("Anna", "kitchen", "remember that the present is in the attic", "I will remember for Anna: “the present is in the attic”.")
	say("Anna", "kitchen", "remember that I like it at 22", "I will remember for Anna: “I like it at 22 degrees”.")
	say("", "kitchen", "remember that the key is with Bob", "I will remember for this home: “the key is with Bob”.")
	say("", "bedroom", "remember that I like it at 17", "I will remember for this home: “I like it at 17 degrees” (Bedroom).")
	say("Ben", "kitchen", "what do you remember about the present", "I remember nothing of that.")
	say("", "kitchen", "what do you remember about the present", "I remember nothing of that.")
	say("Ben", "kitchen", "what do you know about me", "I remember nothing of that.")
	say("", "kitchen", "what do you know about me", "I was told: “I like it at 17 degrees” (Bedroom); “the key is with Bob”."+stranger)
	say("Ben", "kitchen", "what did I ask you to remember", "I was told: “I like it at 17 degrees” (Bedroom); “the key is with Bob”.")
	say("Ben", "kitchen", "forget that the present is in the attic", "I remember nothing of that.")
	say("Ben", "kitchen", "make it comfortable", "I do not know yet how you like it. Say, for instance: I like it at 21 degrees.")
	say("Ben", "bedroom", "make it comfortable", "climate.set_temperature climate.bedroom temperature=17")
	say("Anna", "bedroom", "make it comfortable", "climate.set_temperature climate.bedroom temperature=22")
	say("Ben", "kitchen", "forget everything about me", "Shall I forget everything I know of Ben, and what Ben has said to me? Say yes or no.")
	say("Anna", "kitchen", "yes", "I do not know that sentence. I need a language model for it, and none is running.")
	say("Ben", "kitchen", "yes", "All of that is forgotten.")
	say("Anna", "kitchen", "what do you remember about the present", "I was told: “the present is in the attic”.")
	say("", "kitchen", "forget everything about me",
		"I cannot tell who is speaking, so this is what is remembered for this home. Shall I forget all that I remember for this home: "+
			"“I like it at 17 degrees” (Bedroom); “the key is with Bob”? Say yes or no.")
	say("", "kitchen", "yes", "All of that is forgotten.")
	say("Anna", "kitchen", "what did I ask you to remember", "I was told: “I like it at 22 degrees”; “the present is in the attic”.")
}

// Neither the history of turns nor the cache has what was remembered, and neither has anything of a person who wanted to be forgotten.
func TestWhatIsRememberedIsInOnePlace(t *testing.T) {
	d := rememberingDaemon(t, "en")
	for _, said := range []string{"turn on the ceiling light", "remember that the zebra sleeps", "what do you remember about the zebra", "i like it at 21",
		"yes", "forget that the zebra sleeps", "remember that the code is 4711"} {
		annaSays(t, d, said)
		kept, _ := d.Conversation.Contexts.Get("test/kitchen/Anna")
		if text, err := json.Marshal(kept); err != nil || strings.Contains(string(text), "zebra") || strings.Contains(string(text), "like it") {
			t.Errorf("after %q the cache has %s, %v", said, text, err)
		}
	}
	look := past{d.history, d.store}
	turns, err := look.Find(t.Context(), conversation.TurnQuery{Limit: 100})
	if err != nil || len(turns) != 7 {
		t.Fatal(len(turns), err)
	}
	for _, turn := range turns[1:6] {
		text := fmt.Sprint(turn.Heard, turn.Reply, turn.Slots)
		if turn.Heard.Text != "[memory]" || turn.Reply != "[memory]" || strings.Contains(text, "zebra") || strings.Contains(text, "21") {
			t.Errorf("the history has %s", text)
		}
	}
	if turns[0].Heard.Text != "[PIN]" || turns[6].Heard.Text != "turn on the ceiling light" {
		t.Errorf("the history has %q and %q", turns[0].Heard.Text, turns[6].Heard.Text)
	}
	d.Conversation.Through("test").As("Anna").Say(t.Context(), "kitchen", "forget everything about me")
	d.Conversation.Through("test").As("Anna").Say(t.Context(), "kitchen", "yes")
	if turns, err = look.Find(t.Context(), conversation.TurnQuery{Limit: 100}); err != nil || len(turns) != 1 {
		t.Errorf("after she is forgotten there are %d turns, want the one that says so: %v", len(turns), err)
	}
}
