package tool

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

func TestCalculate(t *testing.T) {
	for sum, want := range map[string]string{
		"12 * 7": "84", "7/2": "3.5", "0.1 + 0.2": "0.3", "15% of 80": "12", "12.5 % of 200 + 1": "26", "2^10": "1024", "2 ** 0.5 * 2 ** 0.5": "2",
		"(1 + 2) × 3 ÷ 4 − 1": "1.25", "-5 + +3": "-2", "17 % 5": "2", "sqrt(2) ^ 4": "4", "√(9)": "3", "round(2.5)": "3", "max(1, 7, 3) - min(2, 1)": "6",
		"abs(-3)": "3", "1/3": "0.333333333333", "9007199254740993 * 1000": "9.0072e+18", "1e3": "1000", "0": "0", "2 * pi": "6.28318530718", "1 - 1": "0",
	} {
		got, err := Calculate(sum)
		if err != nil || number(got) != want {
			t.Errorf("%s: %s, %v, want %s", sum, number(got), err, want)
		}
	}
}

func TestCalculateRefuses(t *testing.T) {
	for _, sum := range []string{
		"", "12 *", "1/0", "0/0", "sqrt(-1)", "9^9^9^9", "twelve", "door", "\"a\" + \"b\"", "[1, 2]", "map(1..1000000000, # * #)", "1..5", "{a: 1}",
		"1 == 1", "true", "1 ? 2 : 3", "now()", "env(\"HOME\")", "len(\"x\")", "let x = 1; x", "sqrt(1, 2)", "max()", "1 | 2", strings.Repeat("1+", 150) + "1",
		strings.Repeat("(", 100) + "1", "nil", "sum([1,2])",
	} {
		if got, err := Calculate(sum); err == nil {
			t.Errorf("%q is %v", sum, got)
		}
	}
}

func FuzzCalculate(f *testing.F) {
	for _, sum := range []string{"12 * 7", "15% of 80", "sqrt(2)^4", "max(1,2)", "map(1..9, #)", "((((", "1e308*10", "\x00", "-"} {
		f.Add(sum)
	}
	f.Fuzz(func(t *testing.T, sum string) {
		result, err := Calculate(sum)
		if err == nil && (math.IsNaN(result) || math.IsInf(result, 0)) {
			t.Errorf("%q is %v", sum, result)
		}
		if err == nil && number(result) == "" {
			t.Errorf("%q cannot be told", sum)
		}
	})
}

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
		if got, err := convert(c.amount, c.from, c.to, c.language); err != nil || got != c.want {
			t.Errorf("%v %s in %s (%s): %q, %v, want %q", c.amount, c.from, c.to, c.language, got, err, c.want)
		}
	}
	for _, c := range [][2]string{{"cup", "g"}, {"parsnip", "g"}, {"g", ""}, {"m", "s"}} {
		if got, err := convert(1, c[0], c[1], "en"); !errors.Is(err, conversation.ErrAskedWrongly) {
			t.Errorf("%v: %q, %v", c, got, err)
		}
	}
}

// Every name leads to a unit, and there and back gives the same.
func TestEveryUnitCanBeConverted(t *testing.T) {
	for name := range unitNames {
		if _, _, err := unitOf("from", name, "en"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, a := range units {
		u, found, err := unitOf("from", name, "en")
		if err != nil || u.quantity != a.quantity {
			t.Errorf("%q leads to %q, %v", name, found, err)
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

func TestSumsAndUnitsAsTools(t *testing.T) {
	for _, c := range []struct {
		tool       *Tool
		with, want string
	}{
		{Calculator(), `{"sum": "12 * 7"}`, "12 * 7 = 84"},
		{Units(), `{"amount": 2, "from": "oz", "to": "g"}`, "2 oz = 56.699 g"},
	} {
		got, err := c.tool.Look(t.Context(), conversation.ModelQuestion{Language: "en"}, json.RawMessage(c.with))
		if err != nil || got != c.want || !c.tool.Inside() {
			t.Errorf("%s: %q, %v", c.with, got, err)
		}
		for _, bad := range []string{`{"sum": 5, "from": 5}`, `{"else": 1}`, `[]`, `"x"`, `{"sum": "1/0", "amount": 1, "from": "g", "to": "s"}`} {
			if _, err := c.tool.Look(t.Context(), conversation.ModelQuestion{}, json.RawMessage(bad)); !errors.Is(err, conversation.ErrAskedWrongly) {
				t.Errorf("%s: %v", bad, err)
			}
		}
	}
}
