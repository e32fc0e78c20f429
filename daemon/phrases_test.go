package daemon

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A household is asked and answered in its own language: what it calls things, what it says, and what
// Hearth says to that.
type household struct {
	language                   string
	kitchen, lamp, porch, door string
	exchanges                  []exchange
}

type exchange struct{ said, reply string }

var households = []household{
	{"en", "Kitchen", "Ceiling Light", "Porch Light", "Front Door", []exchange{
		{"unlock the front door", "Shall I unlock Front Door? Say yes or no."},
		{"No, thanks.", "All right, I leave it."},
		{"unlock the front door", "Shall I unlock Front Door? Say yes or no."},
		{"Yes, please!", "Unlocking"},
		{"turn on the lights", "In which room?"},
		{"in the kitchen", "Turned on the lights"},
		{"turn on the ceiling light", "Turned on the light"},
		{"that's wrong", "Sorry. Next time I will look at that sentence anew."},
		{"turn on the porch light", "Porch Light cannot be reached."},
		{"why is the sky blue", "I do not know that sentence. I need a language model for it, and none is running."},
	}},
	{"de", "Küche", "Deckenlampe", "Außenlampe", "Haustür", []exchange{
		{"schließe die Haustür auf", "Haustür wirklich aufschließen? Sag ja oder nein."},
		{"Nein, lieber nicht.", "Gut, dann lasse ich das."},
		{"schließe die Haustür auf", "Haustür wirklich aufschließen? Sag ja oder nein."},
		{"Ja, bitte!", "entsperrt"},
		{"mach das Licht an", "In welchem Raum?"},
		{"in der Küche", "Licht eingeschaltet"},
		{"schalte die Deckenlampe ein", "Licht eingeschaltet"},
		{"Das war falsch!", "Entschuldigung. Nächstes Mal prüfe ich diesen Satz neu."},
		{"schalte die Außenlampe ein", "Außenlampe ist nicht erreichbar."},
		{"warum ist der Himmel blau", "Diesen Satz kenne ich nicht. Dafür brauche ich ein Sprachmodell, und es läuft keines."},
	}},
	{"fr", "Entrée", "Plafonnier", "Lampe extérieure", "Porte d'entrée", []exchange{
		{"déverrouille la porte d'entrée", "Dois-je déverrouiller Porte d'entrée ? Dites oui ou non."},
		{"Non, merci.", "D'accord, je ne fais rien."},
		{"déverrouille la porte d'entrée", "Dois-je déverrouiller Porte d'entrée ? Dites oui ou non."},
		{"Oui, d'accord !", "Déverrouillé"},
		{"allume les lumières", "Dans quelle pièce ?"},
		{"dans l'entrée", "Allumé"},
		{"allume le plafonnier", "Allumé"},
		{"Ce n’est pas ça.", "Désolé. La prochaine fois, je réexaminerai cette phrase."},
		{"allume la lampe extérieure", "Lampe extérieure est injoignable."},
		{"pourquoi le ciel est bleu", "Je ne connais pas cette phrase. Il me faudrait un modèle de langage, et aucun n'est disponible."},
	}},
	{"es", "Cocina", "Lámpara del techo", "Luz exterior", "Puerta principal", []exchange{
		{"abre la puerta principal", "¿Desbloqueo Puerta principal? Di sí o no."},
		{"No, déjalo.", "De acuerdo, lo dejo."},
		{"abre la puerta principal", "¿Desbloqueo Puerta principal? Di sí o no."},
		{"¡Sí, por favor!", "Puerta principal se ha abierto"},
		{"enciende las luces", "¿En qué habitación?"},
		{"en la cocina", "Luces encendidas"},
		{"enciende la lámpara del techo", "Se ha activado la luz"},
		{"Eso está mal.", "Lo siento. La próxima vez volveré a analizar esa frase."},
		{"enciende la luz exterior", "No consigo conectar con Luz exterior."},
		{"por qué el cielo es azul", "No conozco esa frase. Necesitaría un modelo de lenguaje y no hay ninguno en marcha."},
	}},
	{"nl", "Keuken", "Plafondlamp", "Buitenlamp", "Voordeur", []exchange{
		{"ontgrendel de voordeur", "Voordeur ontgrendelen? Zeg ja of nee."},
		{"Nee, laat maar.", "Goed, ik laat het zo."},
		{"ontgrendel de voordeur", "Voordeur ontgrendelen? Zeg ja of nee."},
		{"Ja, doe maar!", "Ontgrendeld"},
		{"doe de lampen aan", "In welke kamer?"},
		{"in de keuken", "Verlichting aangezet"},
		{"zet de plafondlamp aan", "Aangezet"},
		{"Dat was fout.", "Sorry. De volgende keer bekijk ik die zin opnieuw."},
		{"zet de buitenlamp aan", "Buitenlamp is niet bereikbaar."},
		{"waarom is de lucht blauw", "Die zin ken ik niet. Daarvoor heb ik een taalmodel nodig, en er draait er geen."},
	}},
	{"it", "Cucina", "Lampadario", "Luce esterna", "Portone", []exchange{ // without phrases, but with its yes and no
		{"sblocca il portone", "Shall I unlock Portone? Say yes or no."},
		{"no", "All right, I leave it."},
		{"sblocca il portone", "Shall I unlock Portone? Say yes or no."},
		{"Sì!", "Sto aprendo"},
	}},
}

func TestAHouseholdIsAnsweredInItsOwnLanguage(t *testing.T) {
	for _, h := range households {
		t.Run(h.language, func(t *testing.T) {
			d := quietDaemon(t, h.language, demo.New(demo.WithPace(0), demo.WithSnapshot(h.home())))
			for _, x := range h.exchanges {
				turn, err := d.Conversation.Through("test").Say(t.Context(), "", x.said)
				if err != nil {
					t.Fatal(err)
				}
				if turn.Reply != x.reply {
					t.Errorf("%q: %q, want %q", x.said, turn.Reply, x.reply)
				}
			}
			if e, _ := d.home.Snapshot().Entity("lock.front_door"); e.State != "unlocked" {
				t.Errorf("the door is %s", e.State)
			}
			if e, _ := d.home.Snapshot().Entity("light.kitchen_counter"); len(h.exchanges) > 4 && e.State != "on" {
				t.Errorf("the kitchen's other light is %s", e.State)
			}
		})
	}
}

// home is the simulated home as this household calls it.
func (h household) home() *home.Snapshot {
	s := demo.New().Snapshot()
	entities, areas := slices.Clone(s.Entities), slices.Clone(s.Areas)
	called := map[home.EntityID]string{"light.kitchen_ceiling": h.lamp, "light.porch_light": h.porch, "lock.front_door": h.door}
	for i, e := range entities {
		if name, ok := called[e.ID]; ok {
			entities[i].Name, entities[i].Aliases = name, nil
		}
	}
	for i, a := range areas {
		if a.ID == "kitchen" {
			areas[i].Name, areas[i].Aliases = h.kitchen, nil
		}
	}
	return home.NewSnapshot(entities, areas, s.Floors)
}

// What is heard where only English is understood is not guessed at, and said so in the home's language.
func TestOnlyEnglishIsHeard(t *testing.T) {
	c := config.Default()
	c.Language = "de"
	ears := newEars(c, "hearthd", slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	err := ears.run(t.Context(), func() { t.Error("it works") })
	if err == nil || !strings.Contains(err.Error(), "hears English only, and language is de") {
		t.Errorf("the recogniser: %v", err)
	}
	d := quietDaemon(t, "de", demo.New(demo.WithPace(0)))
	turn, err := d.Conversation.Through("test").Hear(t.Context(), "", audio.Clip{Format: audio.Speech})
	if err != nil || turn.Failure != conversation.NotHeard || turn.Reply != "Gesprochenes verstehe ich hier nicht. Bitte schreib es mir." {
		t.Errorf("failure %q, reply %q, %v", turn.Failure, turn.Reply, err)
	}
}

// Every language that has sentences has words for yes and no, and none that is both.
func TestYesAndNoInEveryLanguage(t *testing.T) {
	assets := config.Default().AssetsDir()
	if _, err := os.Stat(filepath.Join(assets, "yesno")); err != nil {
		t.Skip("no assets: run make assets")
	}
	files, err := filepath.Glob(filepath.Join(assets, "sentences", "??*.json"))
	if err != nil || len(files) < 65 {
		t.Fatalf("%d languages, %v", len(files), err)
	}
	for _, file := range files {
		code := strings.TrimSuffix(filepath.Base(file), ".json")
		if code == "intents" {
			continue
		}
		if _, err := loadPhrases(assets, code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		yes, no, err := readYesNo(filepath.Join(assets, "yesno"), code)
		if err != nil || len(yes) == 0 || len(no) == 0 || yes[0] == "" || no[0] == "" {
			t.Errorf("%s: %q %q, %v", code, yes, no, err)
		}
	}
}
