// Package unit converts amounts between the units of a household: lengths, areas, volumes, masses, temperatures, speeds,
// energies and times.
package unit

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Errors of Convert.
var (
	ErrUnknown   = errors.New("no unit that is known")
	ErrDifferent = errors.New("that cannot be converted")
	ErrTooLarge  = errors.New("the amount is too large")
)

// A unit is a multiple of its quantity's own, after an offset: Celsius is kelvin less 273.15.
type unit struct {
	quantity string
	factor   float64
	offset   float64
}

// A Conversion is an amount in two units, each with the symbol that it is known by here: "US cup" for "cups".
type Conversion struct {
	Amount, Result float64
	From, To       string
}

// Convert tells what an amount is in another unit. Units are named in English or by their symbols, in any case. Spoons,
// cups and pints are American ones for English, and metric or British ones for other languages; the conversion says which.
func Convert(amount float64, from, to, language string) (Conversion, error) {
	a, fromName, ok := find(from, language)
	if !ok {
		return Conversion{}, fmt.Errorf("%q: %w", from, ErrUnknown)
	}
	b, toName, ok := find(to, language)
	if !ok {
		return Conversion{}, fmt.Errorf("%q: %w", to, ErrUnknown)
	}
	if a.quantity != b.quantity {
		return Conversion{}, fmt.Errorf("%s is %s and %s is %s: %w", fromName, a.quantity, toName, b.quantity, ErrDifferent)
	}
	result := (amount*a.factor + a.offset - b.offset) / b.factor
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return Conversion{}, ErrTooLarge
	}
	return Conversion{amount, short(result), fromName, toName}, nil
}

// String is "2 oz = 56.699 g".
func (c Conversion) String() string {
	return Format(c.Amount) + " " + c.From + " = " + Format(c.Result) + " " + c.To
}

// short is a converted amount to five places, which nobody measures more finely than.
func short(x float64) float64 {
	if size := math.Abs(x); size >= 1e5 || x == math.Trunc(x) {
		return math.Round(x*1e3) / 1e3
	}
	digits := 4 - int(math.Floor(math.Log10(math.Abs(x))))
	scale := math.Pow(10, float64(min(digits, 12)))
	return math.Round(x*scale) / scale
}

// Format is a number as it is told: without the dust of binary fractions, and in full while it is of a size that
// people speak of.
func Format(x float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		rounded = x
	}
	if rounded == 0 {
		return "0" // also when it was -0
	}
	if size := math.Abs(rounded); size >= 1e15 || size < 1e-6 {
		return strconv.FormatFloat(rounded, 'g', 6, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// find finds a unit by its name or symbol.
func find(called, language string) (u unit, name string, ok bool) {
	name = strings.Join(strings.Fields(plain.Replace(strings.ToLower(called))), " ")
	for _, name := range []string{name, strings.TrimSuffix(name, "s"), strings.TrimSuffix(name, "es")} {
		if canonical, ok := names[name]; ok {
			name = canonical
		}
		if kitchen, ok := ambiguous[name]; ok {
			name = kitchen.elsewhere
			if strings.HasPrefix(language, "en") {
				name = kitchen.english
			}
		}
		if u, ok := units[name]; ok {
			return u, name, true
		}
	}
	return u, name, false
}

var plain = strings.NewReplacer("_", " ", ".", "", "°", "", "degrees ", "", "degree ", "", "²", "2", "³", "3", "^", "", "s per ", " per ")
