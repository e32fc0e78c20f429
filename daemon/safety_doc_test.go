package daemon

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
	"hearth/daemon/intent"
)

// TestSafetyPage runs docs/safety.md: its example is an owner's configuration, and the rows below it are said.
func TestSafetyPage(t *testing.T) {
	page, err := os.ReadFile("../docs/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(people:\n.*?)```").FindSubmatch(page)
	_, table, found := strings.Cut(string(page), "| who | from | at | says | then |\n|---|---|---|---|---|\n")
	if example == nil || !found {
		t.Fatal("the page has no example")
	}
	owners := loadConfig(t, string(example[1]))
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 {
			break
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows++
		t.Run(strings.Join(cells, ", "), func(t *testing.T) { sayRow(t, owners, cells) })
	}
	if rows < 10 {
		t.Errorf("the page has %d rows", rows)
	}
}

func loadConfig(t *testing.T, text string) *config.Config {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("CREDENTIALS_DIRECTORY", ".")
	for name, text := range map[string]string{"pin": "1234\n", "hearthd.yaml": text} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Load("hearthd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sayRow says what a row has said, by who and where it says, and wants what it promises.
func sayRow(t *testing.T, owners *config.Config, cells []string) {
	d := quietDaemon(t, "en", demo.New())
	d.cfg.Gate.PIN, d.cfg.Gate.Rules = owners.Gate.PIN, owners.Gate.Rules
	at, err := time.ParseInLocation("15:04", cells[2], time.Local)
	if err != nil {
		t.Fatal(err)
	}
	options := d.gateOptions()
	options.Now = func() time.Time { return at }
	if d.Conversation.Gate, err = gate.New(options, prometheus.NewRegistry()); err != nil {
		t.Fatal(err)
	}
	through, room := d.Conversation.Through("test"), ""
	if cells[0] != "somebody" {
		through = through.As(cells[0])
	}
	if stands, ok := strings.CutPrefix(cells[1], "in the "); ok {
		through = through.In(stands)
	} else if stated, ok := strings.CutPrefix(cells[1], "says "); ok {
		room = stated
	}
	turn, err := through.Say(t.Context(), room, cells[3])
	if err != nil {
		t.Fatal(err)
	}
	done := turn.Asks == "" && turn.Failure == "" && len(turn.Steps) == 1 && turn.Steps[0].Outcome == conversation.Confirmed
	var kept bool
	switch cells[4] {
	case "done":
		kept = done
	case "asks for a yes":
		kept = turn.Asks == conversation.AsksConfirmation
	case "asks for the PIN":
		kept = turn.Asks == conversation.AsksPIN
	default:
		kept = !done && `"`+turn.Reply+`"` == cells[4]
	}
	if !kept {
		t.Errorf("%q, asks %q, steps %+v", turn.Reply, turn.Asks, turn.Steps)
	}
}

// The owner's PIN and wrong tries outlive the daemon; those that cannot be read count as too many.
func TestWrongPINsOutliveTheDaemon(t *testing.T) {
	d := quietDaemon(t, "en", demo.New())
	d.cfg.Gate.PIN = config.NewSecret("1234")
	turn := &conversation.Turn{ID: "a", At: time.Now(), Session: "test/", Steps: []conversation.Step{{
		Entity: "lock.front_door", Outcome: conversation.Refused,
		Decision: conversation.Decision{Verdict: conversation.Refuse, Reason: conversation.WrongPIN, Critical: true},
	}}}
	for _, id := range []string{"a", "b", "c"} {
		turn.ID = id
		if err := d.store.Record(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	again, err := gate.New(d.gateOptions(), prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	if got := again.TryPIN("test/", "1234"); got != conversation.LockedOut {
		t.Errorf("after three wrong PINs and a restart: %q", got)
	}
	if got := again.TryPIN("other/", "1234"); got != "" {
		t.Errorf("another session: %q", got)
	}
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	blind, err := gate.New(d.gateOptions(), prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	if got := blind.TryPIN("other/", "1234"); got != conversation.LockedOut {
		t.Errorf("with a history that cannot be read: %q", got)
	}
}

// Every language takes its own number words as a PIN, and each question and refusal is in the language.
func TestThePINInEveryLanguage(t *testing.T) {
	for language, said := range map[string]struct{ unlock, question, wrong, refusal, right string }{
		"en": {"unlock the front door", "Shall I unlock Front Door? Say the PIN, please.", "1 2 3 5", "That is not the PIN. Please try again.", "One, two, three, four!"},
		"de": {"schließe die Front Door auf", "Front Door wirklich aufschließen? Bitte sag die PIN.", "zwölf dreizehn", "Das ist nicht die PIN. Bitte versuch es noch einmal.", "zwölf vierunddreißig"},
		"fr": {"déverrouille front door", "Dois-je déverrouiller Front Door ? Dites le code PIN, s'il vous plaît.", "un deux", "Ce n'est pas le code PIN. Veuillez réessayer.", "un deux trois quatre"},
		"es": {"abre la front door", "¿Desbloqueo Front Door? Di el PIN, por favor.", "doce", "Ese no es el PIN. Inténtalo de nuevo, por favor.", "doce treinta y cuatro"},
		"nl": {"ontgrendel front door", "Front Door ontgrendelen? Zeg de pincode, alsjeblieft.", "een twee drie", "Dat is niet de pincode. Probeer het nog eens.", "een twee drie vier"},
	} {
		t.Run(language, func(t *testing.T) {
			d := quietDaemon(t, language, demo.New())
			d.cfg.Gate.PIN = config.NewSecret("1234")
			g, err := gate.New(d.gateOptions(), prometheus.NewRegistry())
			if err != nil {
				t.Fatal(err)
			}
			d.Conversation.Gate, d.Conversation.HasPIN = g, true
			for _, exchange := range [][2]string{{said.unlock, said.question}, {said.wrong, said.refusal}, {said.right, ""}} {
				turn, err := d.Conversation.Through("test").Say(t.Context(), "", exchange[0])
				if err != nil {
					t.Fatal(err)
				}
				if exchange[1] != "" && turn.Reply != exchange[1] {
					t.Errorf("%q: %q, want %q", exchange[0], turn.Reply, exchange[1])
				}
			}
			if e, _ := d.home.Snapshot().Entity("lock.front_door"); e.State != "unlocked" {
				t.Errorf("the door is %s", e.State)
			}
		})
	}
}

func TestASpokenPINIsHeard(t *testing.T) {
	b, err := (&ears{pin: 4}).grammar(english(t), namesOf(demo.New().Snapshot()))
	if err != nil {
		t.Fatal(err)
	}
	heard, err := intent.UnmarshalGrammar(b)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"one two three four": true, "zero zero seven nine": true, "twelve thirty four": true, "one two three four five": false} {
		if got := heard.Accepts(text); got != want {
			t.Errorf("%q is heard: %v", text, got)
		}
	}
}

func TestPeopleAreKnownByTheirAccounts(t *testing.T) {
	c := config.Default()
	c.People = []config.Person{{Name: "Anna", User: "0"}, {Name: "Nobody", User: "no-such-account"}}
	people := peopleOf(c, quietDaemon(t, "en", demo.New()).log)
	if len(people) != 1 || people[0] != "Anna" {
		t.Errorf("%v", people)
	}
}
