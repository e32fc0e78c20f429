package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// forecastBits are the kinds of forecast a source may have, by its feature (homeassistant/components/weather/const.py).
var forecastBits = []struct {
	bit  int
	kind string
}{{1, "daily"}, {4, "twice_daily"}, {2, "hourly"}}

// maxForecast is how many entries of a forecast are told.
const maxForecast = 8

// Weather makes the tool "weather": the weather now and the forecast.
func Weather() *Tool {
	return &Tool{
		name: "weather", hint: `{"hourly"?: true, "of"?: "name"}: the weather now and the forecast, by day or by hour`,
		form: json.RawMessage(`{"type":"object","properties":{"hourly":{"type":"boolean"},"of":{"type":"string","maxLength":100}}}`),
		fits: hasDomain("weather"), inside: true, look: lookAtWeather,
	}
}

func lookAtWeather(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	var asked struct {
		Hourly bool
		Of     string
	}
	if err := read(with, &asked); err != nil {
		return "", err
	}
	sources, err := chosen(q.Home, "weather", asked.Of)
	if err != nil {
		return "", err
	}
	if len(sources) == 0 {
		return "", fmt.Errorf("weather: %w", home.ErrUnavailable)
	}
	e := sources[0]
	var b strings.Builder
	fmt.Fprintf(&b, "%s now: %s", e.Name, e.State)
	for _, fact := range []struct{ key, label string }{{"temperature", "temperature"}, {"humidity", "humidity"}, {"wind_speed", "wind"}} {
		if n, ok := home.Number(e.Attributes[fact.key]); ok {
			unit, told := e.Attributes[fact.key+"_unit"].(string)
			if !told && fact.key == "humidity" {
				unit = "%"
			}
			fmt.Fprintf(&b, ", %s %v %s", fact.label, n, unit)
		}
	}
	b.WriteByte('\n')
	kind, ok := forecastKind(e, asked.Hourly)
	if !ok {
		b.WriteString("There is no forecast.\n")
		return b.String(), nil
	}
	answers, err := ask(ctx, q, sources[:1], "get_forecasts", map[string]any{"type": kind})
	if err != nil {
		return "", err
	}
	for i, entry := range command.Objects(answers[0], "forecast") {
		if i == maxForecast {
			break
		}
		b.WriteString(forecastLine(entry, kind) + "\n")
	}
	return b.String(), nil
}

// forecastKind is the kind that was asked for, or the next best that the source has.
func forecastKind(e home.Entity, hourly bool) (string, bool) {
	features, _ := home.Number(e.Attributes["supported_features"])
	best := ""
	for _, f := range forecastBits {
		if int(features)&f.bit != 0 && (best == "" || hourly && f.kind == "hourly") {
			best = f.kind
		}
	}
	return best, best != ""
}

func forecastLine(entry map[string]any, kind string) string {
	line := text(entry, "datetime")
	if at, err := time.Parse(time.RFC3339, line); err == nil {
		layout := "Monday 2 January"
		if kind != "daily" {
			layout += " 15:04"
		}
		line = at.Local().Format(layout)
	}
	line += ": " + text(entry, "condition")
	for _, fact := range []struct{ key, label string }{{"temperature", ", %v°"}, {"templow", ", low %v°"}, {"precipitation_probability", ", rain %v %%"}, {"precipitation", ", %v mm"}} {
		if n, ok := home.Number(entry[fact.key]); ok {
			line += fmt.Sprintf(fact.label, n)
		}
	}
	return line
}
