package llm

import (
	"strings"
	"testing"
)

func TestClaimsAreNoticed(t *testing.T) {
	for language, sentences := range map[string][]string{
		"en": {
			"I have turned on the kitchen light.", "I've opened the garage.", "I turned it off!", "Done.", "Okay, done!", "Turning on the lamp.",
			"The lamp has been switched off.", "The front door is locked.", "I will set the thermostat to 21 degrees.", "The lights are now on.",
		},
		"de": {
			"Ich habe das Licht im Wohnzimmer eingeschaltet.", "Erledigt.", "Das Licht ist jetzt eingeschaltet.", "Ich schalte die Lampe ein.",
			"Die Tür wurde abgeschlossen.", "Die Haustür ist abgeschlossen.", "Okay, fertig!", "Ich habe die Rollläden heruntergefahren.",
		},
		"fr": {"J'ai allumé la lumière.", "C'est fait.", "J'éteins la lampe.", "La porte est verrouillée.", "La lumière a été éteinte.", "Je ferme les volets."},
		"es": {"He encendido la luz.", "Hecho.", "La puerta está cerrada.", "Enciendo la lámpara.", "Se han apagado las luces."},
		"nl": {"Ik heb het licht aangezet.", "Klaar!", "De deur is vergrendeld.", "Het licht staat aan.", "Ik zet de lamp uit."},
		"xx": {"Done."},
	} {
		for _, sentence := range sentences {
			if !claimed(sentence, language, false) {
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
		},
		"de": {"Das kann ich leider nicht öffnen.", "Soll ich das Licht einschalten?", "Ich habe keine Lampe im Keller gefunden.", "Ich kenne einen Witz.", "Berlin ist die Hauptstadt."},
		"fr": {"Je ne peux pas ouvrir la fenêtre.", "Quelle lampe ?", "Il fait beau.", "Paris est la capitale."},
		"es": {"No puedo abrir la ventana.", "¿Qué luz?", "Madrid es la capital.", "El sol sale a las siete."},
		"nl": {"Ik kan het raam niet openen.", "Welke lamp?", "Amsterdam is de hoofdstad."},
	} {
		for _, sentence := range sentences {
			if claimed(sentence, language, false) {
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
		if !claimed(sentences[0], language, false) || claimed(sentences[0], language, true) {
			t.Errorf("%s: %q is a claim unless it was witnessed", language, sentences[0])
		}
		if !claimed(sentences[1], language, true) {
			t.Errorf("%s: %q is a claim in any case", language, sentences[1])
		}
	}
}

func TestARepliesClaimIsFoundInItsSentence(t *testing.T) {
	err := honest("That is easy. I have turned on the lamp! Good night.", "en", false)
	if err == nil || !strings.Contains(err.Error(), `"I have turned on the lamp!"`) {
		t.Errorf("got %v", err)
	}
	if err := honest("It is 7.5 °C, e.g. for a coat. Sleep well", "en", false); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestSentenceEnd(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "It is": 0, "It is 7.5 °C": 0, "It is. ": 7, "It is.": 0, `He said "no." Yes`: 14, "好。是": 6, "a\nb": 2,
	} {
		if got := sentenceEnd(text, false); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
