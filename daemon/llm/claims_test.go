package llm

import (
	"strings"
	"testing"

	"hearth/daemon/home"
)

func TestClaimsAreNoticed(t *testing.T) {
	for language, sentences := range map[string][]string{
		"en": {
			"I have turned on the kitchen light.", "I've opened the garage.", "I turned it off!", "Done.", "Okay, done!", "Turning on the lamp.",
			"The lamp has been switched off.", "The front door is locked.", "I will set the thermostat to 21 degrees.", "The lights are now on.",
			"I have unlocked the front door for you, is there anything else?", "You don't need to worry, I have locked the front door.",
			"No problem, I turned off the oven.", "The front door has now been successfully locked for the night.", "Consider it done!",
			"The lamp's been turned on.", "Front door locked.", "Lights off.", "I've sent the message to Anna.", "I have successfully turned on the lamp.",
			"I went ahead and turned on the desk lamp.", "Timer set for five minutes.", "I will remind you at six.", "I'll remember that.",
			"I don't know why, but, well, the front door is locked.", "If you like, I have turned on the lamp.",
		},
		"de": {
			"Ich habe das Licht im Wohnzimmer eingeschaltet.", "Erledigt.", "Das Licht ist jetzt eingeschaltet.", "Ich schalte die Lampe ein.",
			"Die Tür wurde abgeschlossen.", "Die Haustür ist abgeschlossen.", "Okay, fertig!", "Ich habe die Rollläden heruntergefahren.",
			"Das Licht habe ich eingeschaltet.", "Keine Sorge, ich habe die Tür abgeschlossen.", "Haustür abgeschlossen.", "Ich werde das Licht ausschalten.",
		},
		"fr": {"J'ai allumé la lumière.", "C'est fait.", "J'éteins la lampe.", "La porte est verrouillée.", "La lumière a été éteinte.", "Je ferme les volets.", "Pas de problème, j'ai éteint la lampe.", "Je vais allumer la lampe.", "Lumière éteinte."},
		"es": {"He encendido la luz.", "Hecho.", "La puerta está cerrada.", "Enciendo la lámpara.", "Se han apagado las luces.", "No te preocupes, he cerrado la puerta.", "Voy a encender la luz.", "Luz encendida."},
		"nl": {"Ik heb het licht aangezet.", "Klaar!", "De deur is vergrendeld.", "Het licht staat aan.", "Ik zet de lamp uit.", "Geen zorgen, ik heb de deur vergrendeld.", "Ik ga de lamp uitzetten.", "Lamp uitgezet."},
		"xx": {"Done."}, "de-CH": {"Erledigt."},
	} {
		for _, sentence := range sentences {
			if !newWitness(language, "", false).claimed(sentence) {
				t.Errorf("%s: %q goes for no claim", language, sentence)
			}
		}
	}
}

func TestOtherSentencesAreNoClaims(t *testing.T) {
	for language, sentences := range map[string][]string{
		"en": {
			"I cannot open the window.", "Which light shall I turn on?", "There is no lamp in the attic.", "Why did the lamp cross the road?",
			"The sun sets at five.", "Water boils at 100 degrees.", "I am Hearth.", "You could open a window.", "I don't know whether the door is locked.",
			"Opera is a form of theatre.", "It was last opened at seven.",
			"If the window is open, heating is wasted.", "Is the door locked?", "Shall I turn on the lamp, or the fan?", "Sorry, I cannot say.", "I was told: the bins go out on Thursday.",
			"When it is dark, the stars are on display.", "Time flies.",
		},
		"de": {"Das kann ich leider nicht öffnen.", "Soll ich das Licht einschalten?", "Ich habe keine Lampe im Keller gefunden.", "Ich kenne einen Witz.", "Berlin ist die Hauptstadt."},
		"fr": {"Je ne peux pas ouvrir la fenêtre.", "Quelle lampe ?", "Il fait beau.", "Paris est la capitale."},
		"es": {"No puedo abrir la ventana.", "¿Qué luz?", "Madrid es la capital.", "El sol sale a las siete."},
		"nl": {"Ik kan het raam niet openen.", "Welke lamp?", "Amsterdam is de hoofdstad."},
	} {
		for _, sentence := range sentences {
			if newWitness(language, "", false).claimed(sentence) {
				t.Errorf("%s: %q goes for a claim", language, sentence)
			}
		}
	}
}

// What a tool has told of the home may be said, and what only calls do may not.
func TestWhatWasWitnessedIsNoClaim(t *testing.T) {
	for language, sentences := range map[string][2]string{
		"en": {"The door is locked, and has been opened at seven.", "I have locked the door."},
		"de": {"Die Tür wurde um sieben geöffnet.", "Ich habe die Tür abgeschlossen."},
		"fr": {"La porte a été ouverte à sept heures.", "J'ai verrouillé la porte."},
		"es": {"La puerta está cerrada.", "He cerrado la puerta."},
		"nl": {"De deur is gesloten.", "Ik heb de deur vergrendeld."},
	} {
		if !newWitness(language, "", false).claimed(sentences[0]) || newWitness(language, "", true).claimed(sentences[0]) {
			t.Errorf("%s: %q is a claim unless it was witnessed", language, sentences[0])
		}
		if !newWitness(language, "", true).claimed(sentences[1]) {
			t.Errorf("%s: %q is a claim in any case", language, sentences[1])
		}
	}
}

// A reply may be in the language of the sentence, and claims something in that one too.
func TestClaimsAreNoticedInTheLanguageOfTheSentence(t *testing.T) {
	said := "kannst du bitte das Licht für mich und die Katze anmachen"
	if !newWitness("en", said, false).claimed("Ich habe das Licht eingeschaltet.") {
		t.Error("a German claim was not noticed in an English home")
	}
	if !newWitness("en", said, false).claimed("I have turned it on.") {
		t.Error("an English claim was not noticed")
	}
}

// How warm it is, only the home knows. What the model was told of may be said, and what is no part of the home.
func TestReadingsOfTheHomeAreClaims(t *testing.T) {
	for _, c := range []struct {
		language, said, reply string
		claim                 bool
	}{
		{"en", "how is the kitchen", "The kitchen has 21 degrees.", true},
		{"en", "how warm is the kitchen", "About 21.5 °C, I think.", true},
		{"en", "how warm is it", "It is currently 21°.", true},
		{"en", "and the humidity", "In the kitchen, 60%.", true},
		{"en", "what about the bedside lamp", "It shines at 50 percent.", true},
		{"en", "how is the kitchen", "No problem, the kitchen has 21 degrees.", true},
		{"en", "wie warm ist die Kitchen", "Die Kitchen hat 21,5 Grad.", true},
		{"de", "wie geht es", "Die Kitchen hat 21,5 Grad.", true},
		{"de", "wie warm ist es", "Es sind gerade 21 °C.", true},
		{"fr", "quelle température", "Il fait 21 degrés.", true},
		{"fr", "quelle humidité dans la kitchen", "Environ 60 %.", true},
		{"es", "qué temperatura", "Hace 21 grados.", true},
		{"nl", "hoe warm", "Het is nu 21 graden.", true},
		{"en", "do I need a coat", "It is 7.5 °C outside, so take one.", false},
		{"en", "do I need a coat", "It is 17.5 °C outside, so take none.", true},
		{"en", "do I need a coat", "In the kitchen it is 7.5 °C.", true}, // which is how it is outside
		{"en", "how warm is it in Berlin", "It is 25 degrees.", false},
		{"en", "how warm is it in the kitchen", "It is 25 degrees.", true}, // which is how it is in Berlin
		{"en", "when does water boil", "Water boils at 100 °C.", false},
		{"en", "what is good for the kitchen", "If the kitchen has 21 degrees, heating is not needed.", false},
		{"en", "how warm do I like the bedroom", "You like the bedroom at 18 degrees.", false},
		{"en", "where are you", "I am in the kitchen, since 2026.", false},
		{"en", "how warm is the secret light", "About 60 degrees.", false}, // which is not exposed
		{"de", "wann kocht wasser", "Wasser kocht bei 100 Grad.", false},
	} {
		q := asking(c.said)
		q.Language, q.Facts = c.language, []string{"Anna: I like the bedroom at 18"}
		outside, _ := q.Home.Entity("sensor.outside")
		asked := &question{ModelQuestion: q, offered: []home.Entity{outside}, results: "Berlin: 25 °C", outside: true}
		if got := asked.witness(false).claimed(c.reply); got != c.claim {
			t.Errorf("%s: %q goes for a claim: %t", c.said, c.reply, got)
		}
		if asked.witness(true).claimed(c.reply) {
			t.Errorf("%s: %q is a claim although it was witnessed", c.said, c.reply)
		}
	}
	forecast := &question{ModelQuestion: asking("how warm will the kitchen get"), results: "Tomorrow: 25 °C"}
	if forecast.witness(false).claimed("The kitchen may get 25 degrees.") || !forecast.witness(false).claimed("The kitchen may get 26 degrees.") {
		t.Error("what a tool of the house has told goes for a claim, or what it has not told for none")
	}
}

// A short sentence does not show its language: what is claimed in any of them is noticed.
func TestClaimsAreNoticedInALanguageThatNobodySpeaks(t *testing.T) {
	sentences := map[string]string{
		"en": "I have unlocked it.", "de": "Ich habe die Haustür aufgeschlossen.", "fr": "J'ai déverrouillé la porte d'entrée.",
		"es": "He abierto la puerta.", "nl": "Ik heb de voordeur ontgrendeld.",
	}
	for home := range sentences {
		for language, sentence := range sentences {
			if !newWitness(home, "", false).claimed(sentence) {
				t.Errorf("a home in %s: %q in %s goes for no claim", home, sentence, language)
			}
		}
	}
}

func TestARepliesClaimIsFoundInItsSentence(t *testing.T) {
	err := newWitness("en", "", false).honest("That is easy. I have turned on the lamp! Good night.")
	if err == nil || !strings.Contains(err.Error(), `"I have turned on the lamp!"`) {
		t.Errorf("got %v", err)
	}
	if err := newWitness("en", "", false).honest("Take 7.5 g, e.g. of salt. Sleep well"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestSentenceEnd(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "It is": 0, "It is 7.5 °C": 0, "It is. ": 7, "It is.": 0, `He said "no." Yes`: 14, "好。是": 6, "a\nb": 2, "\n": 0, "\n\n": 0, "\n\na\nb": 4, " \nIt is. ": 9,
	} {
		if got := sentenceEnd(text, false); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
