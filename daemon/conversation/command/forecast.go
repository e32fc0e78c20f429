package command

import (
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// getForecast answers with the weather of a day to come: the slot day counts from today, or weekday names one.
// The source is the named one, else the home's first that can tell.
func getForecast(q request) (Command, error) {
	targets, err := q.targets(want{domains: []string{"weather"}, can: feature(weatherDaily | weatherTwiceDaily | weatherHourly)})
	if err != nil {
		return Command{}, err
	}
	e, day := targets[0], q.day()
	c := Command{Answer: about(targets[:1])}
	c.Fetch = &Fetch{
		Calls: []home.Call{call(e, "get_forecasts", map[string]any{"type": forecastType(e)})},
		apply: func(answer *intent.ResponseData, response map[string]any) {
			answer.Facts = summary(Objects(response, "forecast"), day)
		},
	}
	return c, nil
}

// forecastType is the coarsest kind of forecast that the source has.
func forecastType(e home.Entity) string {
	switch {
	case feature(weatherDaily)(e):
		return "daily"
	case feature(weatherTwiceDaily)(e):
		return "twice_daily"
	}
	return "hourly"
}

// summary is what a forecast, of whichever kind, says of one day: condition, high, low and rain, the probability
// of it in percent. It is empty when the forecast does not reach so far.
func summary(forecast []map[string]any, day time.Time) map[string]any {
	facts, often := map[string]any{}, map[string]int{}
	for _, entry := range forecast {
		text, _ := entry["datetime"].(string)
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || !sameDay(at.In(day.Location()), day) {
			continue
		}
		extreme(facts, "high", entry["temperature"], +1)
		extreme(facts, "low", entry["temperature"], -1)
		extreme(facts, "low", entry["templow"], -1)
		extreme(facts, "rain", entry["precipitation_probability"], +1)
		if condition, ok := entry["condition"].(string); ok {
			if often[condition]++; facts["condition"] == nil || often[condition] > often[facts["condition"].(string)] {
				facts["condition"] = condition
			}
		}
	}
	return facts
}

// extreme keeps the greater number, or the smaller one when sign is negative.
func extreme(facts map[string]any, key string, value any, sign float64) {
	n, ok := home.Number(value)
	kept, known := facts[key].(float64)
	if ok && (!known || (n-kept)*sign > 0) {
		facts[key] = n
	}
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// day is the beginning of the day that the sentence means: today when it names none. A weekday is the next one,
// which may be today.
func (q request) day() time.Time {
	year, month, date := q.Now.Date()
	ahead, _ := q.Slots["day"].Int()
	if weekday, ok := q.Slots["weekday"].Int(); ok {
		ahead = (weekday - int(q.Now.Weekday()) + 7) % 7
	}
	return time.Date(year, month, date+ahead, 0, 0, 0, 0, q.Now.Location())
}
