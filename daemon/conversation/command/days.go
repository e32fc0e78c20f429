package command

import (
	"time"

	"hearth/daemon/intent"
)

// date answers with today, or with the day that is so many days ahead.
func date(q request) (Command, error) {
	ahead, _ := q.Slots["ahead"].Int()
	return Command{Answer: intent.ResponseData{Now: q.Now.AddDate(0, 0, ahead)}}, nil
}

// sun is the entity of Home Assistant's that tells when the sun rises and sets next.
const sun = "sun.sun"

// getSun answers with the time at which the sun next rises, or sets, and whether that is tomorrow.
func getSun(q request) (Command, error) {
	s, _ := q.entity(sun)
	text, _ := s.Attributes[q.text("event")].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return Command{}, &TargetError{"no_entity", map[string]any{"entity": "sun"}}
	}
	at = at.In(q.Now.Location())
	facts := map[string]any{"time": at.Format("15:04"), "tomorrow": at.YearDay() != q.Now.YearDay()}
	return Command{Answer: intent.ResponseData{Facts: facts}}, nil
}
