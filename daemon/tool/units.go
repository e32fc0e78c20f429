package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"hearth/daemon/conversation"
)

// Units makes the tool "units".
func Units() *Tool {
	return &Tool{
		name:   "units",
		hint:   `{"amount": 2, "from": "oz", "to": "g"}: length, area, volume (kitchen too), mass, temperature, speed, energy, time`,
		form:   json.RawMessage(`{"type":"object","properties":{"amount":{"type":"number"},"from":{"type":"string"},"to":{"type":"string"}},"required":["amount","from","to"]}`),
		inside: true,
		look: func(_ context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
			var asked struct {
				Amount   float64
				From, To string
			}
			if err := read(with, &asked); err != nil {
				return "", err
			}
			return convert(asked.Amount, asked.From, asked.To, q.Language)
		},
	}
}

// A unit is a multiple of its quantity's own, after an offset: Celsius is kelvin less 273.15.
type unit struct {
	quantity string
	factor   float64
	offset   float64
}

// convert tells what an amount is in another unit: "2 oz = 56.699 g". Spoons and cups are metric ones in languages
// other than English, and American ones there; the answer says which.
func convert(amount float64, from, to, language string) (string, error) {
	a, fromName, err := unitOf("from", from, language)
	if err != nil {
		return "", err
	}
	b, toName, err := unitOf("to", to, language)
	if err != nil {
		return "", err
	}
	if a.quantity != b.quantity {
		return "", wrongly("%s is %s and %s is %s: that cannot be converted", fromName, a.quantity, toName, b.quantity)
	}
	result := (amount*a.factor+a.offset-b.offset)/b.factor + 0
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return "", wrongly("amount: it is too large")
	}
	return fmt.Sprintf("%s %s = %s %s", number(amount), fromName, short(result), toName), nil
}

// short is a converted amount to five places, which nobody measures more finely than.
func short(x float64) string {
	if size := math.Abs(x); size >= 1e5 || x == math.Trunc(x) {
		return number(math.Round(x*1e3) / 1e3)
	}
	digits := 4 - int(math.Floor(math.Log10(math.Abs(x))))
	scale := math.Pow(10, float64(min(digits, 12)))
	return number(math.Round(x*scale) / scale)
}

// unitOf finds a unit by its name or symbol.
func unitOf(field, called, language string) (unit, string, error) {
	name := strings.Join(strings.Fields(plainUnit.Replace(strings.ToLower(called))), " ")
	for _, name := range []string{name, strings.TrimSuffix(name, "s"), strings.TrimSuffix(name, "es")} {
		if canonical, ok := unitNames[name]; ok {
			name = canonical
		}
		if kitchen, ok := ambiguous[name]; ok {
			name = kitchen.elsewhere
			if strings.HasPrefix(language, "en") {
				name = kitchen.english
			}
		}
		if u, ok := units[name]; ok {
			return u, name, nil
		}
	}
	return unit{}, "", wrongly("%s: %q is no unit that is known", field, called)
}

var plainUnit = strings.NewReplacer("_", " ", ".", "", "°", "", "degrees ", "", "degree ", "", "²", "2", "³", "3", "^", "", "s per ", " per ")
