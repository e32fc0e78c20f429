package daemon

import (
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// TestSpokenSums has each language work something out, without a language model.
func TestSpokenSums(t *testing.T) {
	for language, cases := range map[string][][2]string{
		"en": {
			{"what is 12 times 7", "84"}, {"what's two plus two", "4"}, {"how much is 15 percent of 80", "12"}, {"what is 7 divided by 2", "3.5"},
			{"calculate 100 minus 0.5", "99.5"}, {"what is 1250 times 3", "3750"}, {"what is 5 divided by 0", "That cannot be worked out"},
			{"how many grams are two ounces", "two ounces is 56.699 grams"}, {"how many milliliters are in a cup", "1 cup is 236.59 milliliters"},
			{"convert 100 degrees fahrenheit to celsius", "100 degrees fahrenheit is 37.778 celsius"}, {"what is 60 miles per hour in kilometers per hour", "60 miles per hour is 96.561 kilometers per hour"},
			{"how many teaspoons are in a tablespoon", "1 tablespoon is 3 teaspoons"}, {"how many grams are in a cup", "That cannot be worked out"}, {"how many minutes are in two hours", "two hours is 120 minutes"},
		},
		"de": {
			{"was ist 12 mal 7", "84"}, {"wie viel ist sieben geteilt durch zwei", "3,5"}, {"wie viel ist 15 Prozent von 80", "12"},
			{"wie viel Gramm sind zwei Unzen", "zwei Unzen sind 56,699 Gramm"}, {"was sind 100 Grad Fahrenheit in Celsius", "100 Grad Fahrenheit sind 37,778 Celsius"},
			{"wie viele Milliliter hat eine Tasse", "eine Tasse sind 250 Milliliter"},
		},
		"fr": {
			{"combien font 12 fois 7", "84"}, {"combien font sept divisé par deux", "3,5"}, {"combien font 15 pour cent de 80", "12"},
			{"combien de grammes font deux onces", "deux onces font 56,699 grammes"}, {"convertis 10 miles en kilomètres", "10 miles font 16,093 kilomètres"},
		},
		"es": {
			{"cuánto es 12 por 7", "84"}, {"cuánto es siete entre dos", "3,5"}, {"cuánto es el 15 por ciento de 80", "12"},
			{"cuántos gramos son dos onzas", "dos onzas son 56,699 gramos"}, {"convierte 10 millas a kilómetros", "10 millas son 16,093 kilómetros"},
		},
		"nl": {
			{"hoeveel is 12 keer 7", "84"}, {"hoeveel is zeven gedeeld door twee", "3,5"}, {"hoeveel is 15 procent van 80", "12"},
			{"hoeveel gram is een pond", "een pond is 500 gram"}, {"hoeveel milliliter zit er in drie eetlepels", "drie eetlepels is 45 milliliter"},
		},
	} {
		l := supplementedLanguage(t, language)
		h := l.Home(deviceNames())
		for _, c := range cases {
			results := h.Recognize(c[0], intent.Where{})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, c[0])
				continue
			}
			cmd, err := command.Build(results[0], command.Input{Now: time.Now()})
			if err != nil || len(cmd.Calls) != 0 {
				t.Errorf("%s: %q: %v, %v", language, c[0], cmd.Calls, err)
			}
			if reply, err := l.Respond(results[0], cmd.Answer); err != nil || reply != c[1] {
				t.Errorf("%s: %q: %q, %v, want %q", language, c[0], reply, err, c[1])
			}
		}
	}
}
