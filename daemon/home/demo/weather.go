package demo

import (
	"time"

	"hearth/daemon/home"
)

// A forecast of one day or hour, without its time.
type forecast struct {
	condition     string
	high, low     float64 // °C
	precipitation float64 // mm
	probability   int     // of precipitation, in percent
}

// week is the weather of the coming days. It never comes true: every day starts it anew.
var week = []forecast{
	{"partlycloudy", 14, 7, 0, 10},
	{"rainy", 12, 8, 5.2, 80},
	{"rainy", 11, 6, 2.4, 60},
	{"cloudy", 12, 5, 0, 20},
	{"sunny", 15, 4, 0, 0},
	{"sunny", 17, 6, 0, 0},
	{"partlycloudy", 16, 8, 0.2, 20},
}

// weatherForecasts answers weather.get_forecasts.
func weatherForecasts(h *Home, _ home.Entity, d *data) any {
	kind, ok := d.choice("type", "daily", "hourly")
	d.need("type", ok, "daily or hourly")
	start := h.now().UTC().Truncate(time.Hour)
	days := make([]any, 0, len(week))
	for i, f := range week {
		at := start.AddDate(0, 0, i)
		if kind == "hourly" {
			at = start.Add(time.Duration(i) * time.Hour)
		}
		days = append(days, f.entry(at, kind == "daily"))
	}
	return map[string]any{"forecast": days}
}

func (f forecast) entry(at time.Time, daily bool) map[string]any {
	entry := map[string]any{
		"datetime": at.Format(time.RFC3339), "condition": f.condition, "temperature": f.high,
		"precipitation": f.precipitation, "precipitation_probability": f.probability,
	}
	if daily {
		entry["templow"] = f.low
	}
	return entry
}
