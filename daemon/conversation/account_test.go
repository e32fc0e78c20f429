package conversation

import (
	"testing"
	"time"
)

func TestPeriods(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 30, 0, 0, time.Local) // a Sunday
	for name, want := range map[string][2]string{
		"hour":              {"03-01 08:30", "03-01 09:30"},
		"today":             {"03-01 00:00", "03-01 09:30"},
		"yesterday":         {"02-28 00:00", "03-01 00:00"},
		"night":             {"02-28 20:00", "03-01 08:00"},
		"morning":           {"03-01 05:00", "03-01 12:00"},
		"afternoon":         {"03-01 12:00", "03-01 18:00"},
		"evening":           {"03-01 17:00", "03-02 00:00"},
		"yesterday_evening": {"02-28 17:00", "03-01 00:00"},
		"":                  {"01-01 00:00", "01-01 00:00"},
	} {
		since, until := periodOf(name, now)
		if got := [2]string{since.Format("01-02 15:04"), until.Format("01-02 15:04")}; got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

// What somebody said is put into a phrase as it is, whatever it looks like.
func TestPhrasesAreFilledOnce(t *testing.T) {
	c := &Conversation{}
	if got := c.fill("“{sentence}” {when}", "{sentence}", "say {when}", "{when}", "now"); got != "“say {when}” now" {
		t.Error(got)
	}
}

func TestTimesAreToldWithTheirDay(t *testing.T) {
	p, err := LoadPhrases("de")
	if err != nil {
		t.Fatal(err)
	}
	c := &Conversation{Options: Options{Phrases: p}}
	now := time.Date(2026, 3, 1, 9, 30, 0, 0, time.Local)
	for at, want := range map[time.Time]string{
		now.Add(-time.Hour):      "um 08:30 Uhr",
		now.Add(-24 * time.Hour): "gestern um 09:30 Uhr",
		now.Add(-48 * time.Hour): "am 27.2. um 09:30 Uhr",
	} {
		if got := c.when(now, at.UTC()); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}
