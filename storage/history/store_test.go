package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/timer"
)

var (
	_ conversation.History = (*Store)(nil)
	_ conversation.History = (*Writer)(nil)
	_ timer.Store          = (*Store)(nil)
)

func TestMain(m *testing.M) {
	if path := os.Getenv("HEARTH_TEST_WRITE_TO"); path != "" {
		writeUntilKilled(path)
	}
	if path := os.Getenv("HEARTH_TEST_SET_TIMERS_IN"); path != "" {
		setTimersUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

func openTemp(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "history.db"))
}

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fullTurn has a value in every field that is kept.
func fullTurn(id string) *conversation.Turn {
	return &conversation.Turn{
		ID: id, Room: "hall", Session: "satellite-3/hall/anna", Channel: "satellite-3", Person: "anna",
		At:        time.Date(2026, 11, 22, 18, 30, 0, 123456789, time.UTC),
		Heard:     conversation.Heard{Text: "open the gate and lock the door", Confidence: -0.03, Recogniser: "transducer", Free: "open a gate"},
		DecidedBy: conversation.ByGrammar,
		Rule:      "open <the> {name}",
		Intent:    "HassOpenCover",
		Slots:     map[string]any{"name": "gate", "position": 40.0},
		Steps: []conversation.Step{
			{Entity: "cover.gate", Service: "cover.open_cover", Data: map[string]any{"position": 40.0}, Outcome: conversation.Refused, Evidence: "it needs a yes", Millis: 0.1,
				Decision: conversation.Decision{Verdict: conversation.Confirm, Evidence: "it is a gate", Rule: "gate.critical", Critical: true}},
			{Entity: "lock.door", Service: "lock.lock", Data: map[string]any{}, Outcome: conversation.Confirmed, Evidence: "locked", Millis: 812.5,
				Decision: conversation.Decision{Critical: true, Evidence: "it is a lock", Rule: "gate.harmless"}},
			{Entity: "light.hall", Service: "light.turn_on", Data: map[string]any{}, Outcome: conversation.Sent, Evidence: "it reports nothing", Millis: 3},
		},
		Lookups: []conversation.Lookup{{Tool: "history", Outcome: conversation.LookedUp, Bytes: 120, Millis: 8.5}, {Tool: "web", Outcome: conversation.LookupFailed}},
		Reply:   "Shall I open the gate?",
		Asks:    conversation.AsksConfirmation,
		Failure: conversation.NotAllowed,
		Timings: map[string]float64{"transcribe": 81.5, "act": 812.5},
		Total:   901.25,
	}
}

func plainTurn(n int) *conversation.Turn {
	return &conversation.Turn{
		ID: fmt.Sprintf("turn-%06d", n), At: time.Unix(int64(n), 0).UTC(),
		Steps: []conversation.Step{{Entity: "light.a", Service: "light.turn_on", Outcome: conversation.Sent}},
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestATurnComesBackAsItWas(t *testing.T) {
	s := openTemp(t)
	want := fullTurn("a")
	if err := s.Record(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Turn(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if g, w := asJSON(t, got), asJSON(t, want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
	if got.Session != want.Session || got.Heard.Free != want.Heard.Free {
		t.Errorf("session %q, free %q", got.Session, got.Heard.Free)
	}
}

func TestAnEmptyTurnComesBack(t *testing.T) {
	s := openTemp(t)
	if err := s.Record(t.Context(), &conversation.Turn{ID: "a", At: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Turn(t.Context(), "a")
	if err != nil || got.Steps == nil || len(got.Steps) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEveryFieldOfATurnIsFilledInTheTest(t *testing.T) {
	var fields map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, fullTurn("a"))), &fields); err != nil {
		t.Fatal(err)
	}
	for name, value := range fields {
		if name != "reply_audio" && (value == nil || value == "" || value == 0.0) {
			t.Errorf("%s is %v: fullTurn should fill it, and the history should keep it", name, value)
		}
	}
}

func TestATurnThatIsNotThere(t *testing.T) {
	if _, err := openTemp(t).Turn(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("err = %v", err)
	}
}

func TestRecordingTwiceChangesNothing(t *testing.T) {
	s := openTemp(t)
	for range 2 {
		if err := s.Record(t.Context(), fullTurn("a")); err != nil {
			t.Fatal(err)
		}
	}
	for table, want := range map[string]int{"turns": 1, "steps": 3, "audit": 2, "outbox": 1} {
		if got := countRows(t, s, table); got != want {
			t.Errorf("%d rows in %s, want %d", got, table, want)
		}
	}
}

func countRows(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.db.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestATurnIsRecordedWholeOrNotAtAll(t *testing.T) {
	s := openTemp(t)
	if _, err := s.db.Exec(`CREATE TRIGGER no_outbox BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no'); END`); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(t.Context(), fullTurn("a")); err == nil {
		t.Fatal("no error")
	}
	for _, table := range []string{"turns", "steps", "audit", "outbox"} {
		if n := countRows(t, s, table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

func TestTheAuditSaysWhoAndWhy(t *testing.T) {
	s := openTemp(t)
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Fatal(err)
	}
	got, err := s.Audit(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	locked := conversation.AuditEntry{
		At: fullTurn("a").At, Turn: "a", Session: "satellite-3/hall/anna", Channel: "satellite-3", Room: "hall", Person: "anna",
		DecidedBy: conversation.ByGrammar, Entity: "lock.door", Service: "lock.lock", Verdict: "confirmed", Reason: "it is a lock", Rule: "gate.harmless",
	}
	asked := locked
	asked.Entity, asked.Service, asked.Verdict, asked.Reason, asked.Rule = "cover.gate", "cover.open_cover", "asked", "it is a gate", "gate.critical"
	if !slices.Equal(got, []conversation.AuditEntry{locked, asked}) {
		t.Errorf("got %+v", got)
	}
}

func TestWrongPINsAreCountedByTurn(t *testing.T) {
	s := openTemp(t)
	for i, id := range []string{"old", "one", "two", "other"} {
		turn := fullTurn(id)
		turn.At = turn.At.Add(time.Duration(i) * time.Hour)
		for n := range turn.Steps {
			turn.Steps[n].Decision.Reason, turn.Steps[n].Decision.Critical = conversation.WrongPIN, true
		}
		if id == "other" {
			turn.Steps = fullTurn(id).Steps
		}
		if err := s.Record(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.WrongPINs(t.Context(), fullTurn("").At.Add(time.Minute))
	if err != nil || len(got) != 2 || got[0].Turn != "one" || got[1].Turn != "two" || got[1].Session != "satellite-3/hall/anna" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTheAuditIsAppendOnly(t *testing.T) {
	s := openTemp(t)
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`UPDATE audit SET reason = ''`, `DELETE FROM audit`} {
		if _, err := s.db.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if _, err := s.db.Exec(`DELETE FROM turns`); err != nil {
		t.Errorf("a turn cannot be deleted: %v", err)
	}
	for table, want := range map[string]int{"turns": 0, "steps": 0, "outbox": 0, "audit": 2} {
		if got := countRows(t, s, table); got != want {
			t.Errorf("after deleting the turn: %d rows in %s, want %d", got, table, want)
		}
	}
}

func TestStrangeTextIsKept(t *testing.T) {
	s := openTemp(t)
	turn := fullTurn("a")
	turn.Heard.Text = "caf\xff \x00 '; DROP TABLE turns; --" + strings.Repeat("x", 100_000)
	if err := s.Record(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	got, err := s.Turn(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(turn.Heard.Text, "\xff", "\uFFFD", 1); got.Heard.Text != want {
		t.Errorf("got %.60q", got.Heard.Text)
	}
}

func TestWhatCannotBeStoredIsRefused(t *testing.T) {
	s := openTemp(t)
	for name, spoil := range map[string]func(*conversation.Turn){
		"confidence": func(t *conversation.Turn) { t.Heard.Confidence = math.Inf(-1) },
		"total":      func(t *conversation.Turn) { t.Total = math.NaN() },
		"timing":     func(t *conversation.Turn) { t.Timings["act"] = math.NaN() },
		"slot":       func(t *conversation.Turn) { t.Slots["name"] = func() {} },
		"data":       func(t *conversation.Turn) { t.Steps[0].Data["x"] = make(chan int) },
		"step":       func(t *conversation.Turn) { t.Steps[1].Millis = math.Inf(1) },
	} {
		turn := fullTurn(name)
		spoil(turn)
		if err := s.Record(t.Context(), turn); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	if n := countRows(t, s, "turns"); n != 0 {
		t.Errorf("%d turns", n)
	}
}

// TestEveryConnectionHasThePragmas asks four connections at once, so that the pool must open each.
func TestEveryConnectionHasThePragmas(t *testing.T) {
	s := openTemp(t)
	for n := range 4 {
		conn, err := s.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		} {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("connection %d: %s = %s, %v; want %s", n, pragma, got, err, want)
			}
		}
	}
}

func TestATransactionBeginsWithTheWriteLock(t *testing.T) {
	s := openTemp(t)
	first, err := s.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Rollback()
	impatient, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer impatient.Close()
	if _, err := impatient.ExecContext(t.Context(), `PRAGMA busy_timeout = 0`); err != nil {
		t.Fatal(err)
	}
	if second, err := impatient.BeginTx(t.Context(), nil); err == nil {
		second.Rollback()
		t.Error("a second transaction began beside the first")
	}
}

func TestTheFilesAreForTheirOwnerAlone(t *testing.T) {
	s := openTemp(t)
	if err := s.Record(t.Context(), plainTurn(1)); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(s.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", info.Name(), info.Mode())
		}
	}
}

func TestAPathWithSpecialCharacters(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "what? #1 100%20")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "history.db")
	s := openAt(t, path)
	if err := s.Record(t.Context(), plainTurn(1)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestReadersDoNotWaitForWriters(t *testing.T) {
	s := openTemp(t)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for seen := 0; ; {
				turns, err := s.Find(context.Background(), conversation.TurnQuery{Limit: 1000})
				if err != nil || len(turns) < seen {
					t.Errorf("%d turns after %d, %v", len(turns), seen, err)
					return
				}
				for _, turn := range turns {
					if len(turn.Steps) != 1 {
						t.Errorf("turn %s has %d steps", turn.ID, len(turn.Steps))
					}
				}
				seen = len(turns)
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	var writers sync.WaitGroup
	for half := range 2 {
		writers.Go(func() {
			for n := range 30 {
				if err := s.Record(context.Background(), plainTurn(half*1000+n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	if n := countRows(t, s, "turns"); n != 60 {
		t.Errorf("%d turns, want 60", n)
	}
}

func TestTimers(t *testing.T) {
	s := openTemp(t)
	now := time.Date(2026, 11, 22, 18, 0, 0, 1, time.UTC)
	running := timer.Timer{ID: "b", Name: "pasta", Room: "kitchen", Length: 9 * time.Minute, Due: now.Add(time.Minute), Created: now}
	paused := timer.Timer{ID: "a", Command: "turn off the oven", Length: time.Hour, Left: 90 * time.Second, Created: now}
	for _, save := range []timer.Timer{paused, running} {
		if err := s.SaveTimer(t.Context(), save); err != nil {
			t.Fatal(err)
		}
	}
	running.Due = now.Add(2 * time.Minute)
	if err := s.SaveTimer(t.Context(), running); err != nil {
		t.Fatal(err)
	}
	got, err := s.Timers(t.Context())
	if err != nil || len(got) != 2 || got[0] != running || got[1] != paused {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, id := range []string{"b", "b", "never was"} {
		if err := s.DeleteTimer(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if got, err := s.Timers(t.Context()); err != nil || len(got) != 1 || got[0] != paused {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTheFirstSchemaUpgrades(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	execFile(t, path, "testdata/schema1.sql")
	s := openAt(t, path)
	turn, err := s.Turn(t.Context(), "01K-OLD")
	if err != nil {
		t.Fatal(err)
	}
	if turn.Slots["name"] != "water valve" || len(turn.Steps) != 1 || turn.Steps[0].Entity != home.EntityID("valve.water") {
		t.Errorf("got %s", asJSON(t, turn))
	}
	if err := s.SaveTimer(t.Context(), timer.Timer{ID: "a"}); err != nil {
		t.Error(err)
	}
	if err := s.Record(t.Context(), fullTurn("new")); err != nil {
		t.Error(err)
	}
}

func execFile(t *testing.T, database, script string) {
	t.Helper()
	statements, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	execIn(t, database, string(statements))
}

func execIn(t *testing.T, database, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	execIn(t, path, `PRAGMA user_version = 99`)
	_, err := Open(path)
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "version 99") || !strings.Contains(err.Error(), path) {
		t.Errorf("err = %v", err)
	}
}

func TestAFailedMigrationLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	execIn(t, path, `CREATE TABLE steps (in_the_way)`)
	if _, err := Open(path); err == nil {
		t.Fatal("no error")
	}
	execIn(t, path, `DROP TABLE steps`) // and no table turns is in the way now
	openAt(t, path)
}

func TestTwoProgramsMayOpenANewDatabaseAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	var opening sync.WaitGroup
	for range 4 {
		opening.Go(func() {
			s, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	opening.Wait()
}

func TestWhatIsNoDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, dir, filepath.Join(dir, "no", "such", "folder", "history.db")} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	s := openTemp(b)
	n := 0
	for b.Loop() {
		turn := fullTurn(fmt.Sprint(n))
		n++
		if err := s.Record(b.Context(), turn); err != nil {
			b.Fatal(err)
		}
	}
}
