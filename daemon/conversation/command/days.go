package command

import "hearth/daemon/intent"

// date answers with today, or with the day that is so many days ahead.
func date(q request) (Command, error) {
	ahead, _ := q.Slots["ahead"].Int()
	return Command{Answer: intent.ResponseData{Now: q.Now.AddDate(0, 0, ahead)}}, nil
}
