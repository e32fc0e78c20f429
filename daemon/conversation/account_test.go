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
	now := time.Date(2026, 3, 1, 9, 30, 0, 0, time.Local)
	for _, test := range []struct {
		language string
		ago      time.Duration
		want     string
	}{
		{"de", time.Hour, "um 08:30 Uhr"},
		{"de", 24 * time.Hour, "gestern um 09:30 Uhr"},
		{"de", 48 * time.Hour, "am 27.2. um 09:30 Uhr"},
		{"es", time.Hour, "a las 08:30"},
		{"es", 8 * time.Hour, "a la 01:30"},
		{"es", 32 * time.Hour, "ayer a la 01:30"},
		{"es", 56 * time.Hour, "el 27/2 a la 01:30"},
	} {
		c := &Conversation{Options: Options{Phrases: phrasesOf(t, test.language)}}
		if got := c.when(now, now.Add(-test.ago).UTC()); got != test.want {
			t.Errorf("%s, %v ago: %q, want %q", test.language, test.ago, got, test.want)
		}
	}
}
