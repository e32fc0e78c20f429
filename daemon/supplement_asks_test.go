package daemon

import (
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// TestWhatIsLackingIsAskedFor says sentences that lack one thing, one after the other, and answers what is asked then.
func TestWhatIsLackingIsAskedFor(t *testing.T) {
	for language, said := range map[string][][2]string{
		"en": {
			{"set a timer", "For how long?"},
			{"ten minutes", "Timer set for ten minutes"},
			{"start a pizza timer", "For how long?"},
			{"for 12 minutes", "Timer set for 12 minutes named pizza"},
			{"set a timer for", "For how long?"}, // its end was not heard
			{"half an hour", "Timer set for 30 minutes"},
			{"wake me up", "When?"},
			{"tomorrow at seven thirty", "Alarm set: tomorrow at 7:30 AM"},
			{"set an alarm", "When?"},
			{"tomorrow", "When?"},
			{"half past six", "Alarm set: tomorrow at 6:30 AM"},
			{"remind me", "Of what?"},
			{"to call grandma", "When?"},
			{"tomorrow at 9", "I will remind you tomorrow at 9:00 AM"},
			{"remind me tomorrow at 9", "Of what?"},
			{"turn off the TV", "I will remind you tomorrow at 9:00 AM"}, // it is what was asked for
		},
		"de": {
			{"stell einen Timer", "Wie lange?"},
			{"zehn Minuten", "Timer für zehn Minuten gestartet"},
			{"stell den Timer auf 3 Minuten", "Timer für 3 Minuten gestartet"},
			{"stell einen Pizzatimer", "Wie lange?"},
			{"12 Minuten", "Timer namens Pizza für 12 Minuten gestartet"},
			{"weck mich morgen", "Wann?"},
			{"um sieben", "Wecker gestellt: morgen um 7:00 Uhr"},
			{"erinnere mich", "Woran?"},
			{"an den Müll", "Wann?"},
			{"morgen um 9", "Ich erinnere dich morgen um 9:00 Uhr"},
		},
		"fr": {
			{"mets un minuteur", "Pour combien de temps ?"},
			{"d'une heure et demie", "Minuteur lancé"},
			{"lance un minuteur pour la pizza", "Pour combien de temps ?"},
			{"12 minutes", "Minuteur lancé"},
			{"réveille-moi demain", "Quand ?"},
			{"7 heures et demie", "Réveil réglé : demain à 7 h 30"},
			{"rappelle-moi", "De quoi ?"},
			{"d'acheter du pain", "Quand ?"},
			{"demain à 9 heures", "Je vous le rappellerai demain à 9 h 00"},
		},
		"es": {
			{"pon un temporizador", "¿De cuánto tiempo?"},
			{"diez minutos", "Temporizador iniciado"},
			{"pon un temporizador para la pizza", "¿De cuánto tiempo?"},
			{"12 minutos", "Temporizador iniciado"},
			{"despiértame mañana", "¿Cuándo?"},
			{"a las siete", "Alarma puesta: mañana a las 7:00"},
			{"recuérdame", "¿De qué?"},
			{"comprar pan", "¿Cuándo?"},
			{"mañana a las 9", "Te lo recordaré mañana a las 9:00"},
		},
		"nl": {
			{"zet een timer", "Hoe lang?"},
			{"tien minuten", "Timer gezet voor tien minuten"},
			{"zet een pizzatimer", "Hoe lang?"},
			{"12 minuten", "Timer gezet voor 12 minuten met de naam pizza"},
			{"wek me morgen", "Wanneer?"},
			{"om zeven uur", "Wekker gezet: morgen om 7:00 uur"},
			{"herinner me", "Waaraan?"},
			{"aan de hond", "Wanneer?"},
			{"morgen om 9 uur", "Ik herinner je eraan, morgen om 9:00 uur"},
		},
	} {
		talk := sayingTo(t, language)
		for _, s := range said {
			if turn := talk(s[0]); turn.Reply != s[1] {
				t.Errorf("%s: %q: %q, want %q", language, s[0], turn.Reply, s[1])
			}
		}
	}
}

// What is no answer is no part of the sentence: it means what it would mean otherwise.
func TestWhatIsNoAnswerCompletesNothing(t *testing.T) {
	talk := sayingTo(t, "en")
	for _, s := range []struct {
		asked, said, reply string
		failure            conversation.Failure
	}{
		{"set a timer", "never mind", "All right, I leave it.", ""},
		{"set a timer", "turn on the kitchen ceiling", "Turned on the light", ""},
		{"set a timer", "yes", "", conversation.NoModel},
		{"remind me", "yes", "", conversation.NoModel},
		{"remind me to call mum", "i do not know", "", conversation.NoModel},
		{"set a timer", "wake me up", "When?", ""},
		{"remind me tomorrow", "remind me to call mum", "When?", ""},
		{"turn off the kitchen ceiling", "ten minutes", "", conversation.NoModel},
		{"turn off the kitchen ceiling", "remind me to lock up when i leave", "", conversation.NoModel},
		{"turn off the kitchen ceiling", "remind me to call mum at 6 and turn off the lights", "", conversation.NoModel},
	} {
		talk(s.asked)
		if turn := talk(s.said); s.reply != "" && turn.Reply != s.reply || turn.Failure != s.failure {
			t.Errorf("%q, then %q: %q, failure %q", s.asked, s.said, turn.Reply, turn.Failure)
		}
	}
	if timers := talk("what timers do i have").Reply; timers != "No timers." {
		t.Errorf("afterwards: %q", timers)
	}
}

// sayingTo says sentences in the kitchen of a simulated home.
func sayingTo(t *testing.T, language string) func(sentence string) *conversation.Turn {
	d := quietDaemon(t, language, demo.New(demo.WithPace(0)))
	c := d.Conversation.Through("test")
	return func(sentence string) *conversation.Turn {
		t.Helper()
		turn, err := c.Say(t.Context(), "kitchen", sentence)
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
}
