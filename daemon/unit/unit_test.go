package unit

import (
	"errors"
	"math"
	"testing"
)

func TestConvert(t *testing.T) {
	for _, c := range []struct {
		amount   float64
		from, to string
		language string
		want     string
	}{
		{2, "ounces", "grams", "en", "2 oz = 56.699 g"},
		{1, "cup", "ml", "en", "1 US cup = 236.59 ml"},
		{1, "cup", "ml", "de", "1 metric cup = 250 ml"},
		{3, "tablespoons", "teaspoons", "en", "3 US tbsp = 9 US tsp"},
		{2, "tbsp", "ml", "nl", "2 tbsp = 30 ml"},
		{100, "°F", "°C", "en", "100 °F = 37.778 °C"},
		{-40, "celsius", "fahrenheit", "en", "-40 °C = -40 °F"},
		{0, "degrees Celsius", "K", "en", "0 °C = 273.15 K"},
		{60, "mph", "km/h", "en", "60 mph = 96.561 km/h"},
		{100, "kilometers per hour", "miles per hour", "en", "100 km/h = 62.137 mph"},
		{1, "kWh", "MJ", "en", "1 kWh = 3.6 MJ"},
		{1, "acre", "square metres", "en", "1 acre = 4046.9 m2"},
		{5, "ft", "m", "en", "5 ft = 1.524 m"},
		{6, "feet", "inches", "en", "6 ft = 72 in"},
		{1, "UK pint", "l", "en", "1 UK pint = 0.56826 l"},
		{1, "gallon", "litres", "en", "1 US gal = 3.7854 l"},
		{90, "minutes", "hours", "en", "90 min = 1.5 h"},
		{1, "mile", "km", "en", "1 mi = 1.6093 km"},
		{1, "stone", "kg", "en", "1 stone = 6.3503 kg"},
		{1, "Pfund", "g", "de", "1 metric lb = 500 g"},
		{0, "m", "ft", "en", "0 m = 0 ft"},
	} {
		if got, err := Convert(c.amount, c.from, c.to, c.language); err != nil || got.String() != c.want {
			t.Errorf("%v %s in %s (%s): %q, %v, want %q", c.amount, c.from, c.to, c.language, got, err, c.want)
		}
	}
	for _, c := range [][2]string{{"cup", "g"}, {"parsnip", "g"}, {"g", ""}, {"m", "s"}} {
		if got, err := Convert(1, c[0], c[1], "en"); !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrDifferent) {
			t.Errorf("%v: %q, %v", c, got, err)
		}
	}
}

// Every name leads to a unit, and there and back gives the same.
func TestEveryUnitCanBeConverted(t *testing.T) {
	for name := range names {
		if _, _, ok := find(name, "en"); !ok {
			t.Errorf("%q leads to no unit", name)
		}
	}
	for name, a := range units {
		u, found, ok := find(name, "en")
		if !ok || u.quantity != a.quantity {
			t.Errorf("%q leads to %q", name, found)
		}
		for other, b := range units {
			if a.quantity != b.quantity {
				continue
			}
			there := (7*a.factor + a.offset - b.offset) / b.factor
			back := (there*b.factor + b.offset - a.offset) / a.factor
			if math.Abs(back-7) > 1e-6 {
				t.Errorf("7 %s in %s and back is %v", name, other, back)
			}
		}
	}
}

func TestTooMuch(t *testing.T) {
	if got, err := Convert(math.MaxFloat64, "km", "mm", "en"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v, %v", got, err)
	}
}
