package intent

import (
	"strings"
	"testing"
)

// TestWritingsOfNumbers reads numbers of the ranges in testLanguage, in every way that they are written.
func TestWritingsOfNumbers(t *testing.T) {
	h := testHome(t)
	for _, c := range []struct {
		said string
		want any // nil when it is no number of the range
	}{
		{"steer 45", 45}, {"steer 045", 45}, {"steer 0", 0}, {"steer 00", nil}, {"steer 359", 359}, {"steer 360", nil},
		{"steer 45°", 45}, {"steer forty-five degrees", 45}, {"steer forty five degrees", 45}, {"STEER FORTY FIVE", 45},
		{"steer ٤٥", 45}, {"steer ４５ degrees", 45}, {"steer a hundred and five", 105},
		{"steer -45", nil}, {"steer −45", nil}, {"steer 45.0", nil}, {"steer 4e1", nil}, {"steer forty-fifty", nil},

		{"fall off 2.5", -2.5}, {"fall off 2,5", -2.5}, {"fall off 2.50", -2.5}, {"fall off ٢٫٥", -2.5}, {"fall off 02.5", -2.5},
		{"fall off 2.0", -2}, {"fall off 2,00", -2}, {"fall off 2.25", nil}, {"fall off 2.", -2},
		{"fall off two and a half degrees", -2.5}, {"fall off 2 and a half degrees", -2.5}, {"fall off two point five", -2.5},
		{"fall off one hundred", -100}, {"fall off 101", nil},

		{"sink to 2000000 feet", 2000000}, {"sink to -10 feet", -10}, {"sink to ٢٠٠٠ feet", 2000}, {"sink to -11 feet", nil},
		{"steer at 15 knots north", 15}, {"steer at fifteen knots north", 15}, {"steer at 16 knots north", nil},
	} {
		var got any
		for _, r := range h.Recognize(c.said, Where{}) {
			for name, s := range r.Slots {
				if name != "course" && r.Intent == "Steer" {
					got = s.Value
				}
			}
		}
		if got != c.want {
			t.Errorf("%q: %v, want %v", c.said, got, c.want)
		}
	}
}

// TestWildcardsTakeNoSign has a number behind a wildcard, which could take the dash of a negative one.
func TestWildcardsTakeNoSign(t *testing.T) {
	source, err := decodeLanguage([]byte(`{"language":"en","lists":{"w":{"wildcard":true},"n":{"range":{"from":1,"to":50}}},
		"intents":{"A":{"data":[{"sentences":["row {w:who} {n} [now]"]}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := compileLanguage(source)
	if err != nil {
		t.Fatal(err)
	}
	h := l.Home(Names{})
	for said, want := range map[string]int{
		"row Anna and Max 5": 1, "row Anna-Max 5 now": 1, "row Max-5": 1, "row - 5": 1,
		"row Max -5 now": 0, "row Max −5": 0, "row Max -50": 0, "row -5": 0,
	} {
		if got := h.Recognize(said, Where{}); len(got) != want {
			t.Errorf("%q: %v, want %d readings", said, got, want)
		}
	}
}

func TestUnknownRangeType(t *testing.T) {
	source, err := decodeLanguage([]byte(`{"language":"en",
		"lists":{"l":{"range":{"from":1,"to":5,"type":"weight"}}},"intents":{"A":{"data":[{"sentences":["go {l}"]}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compileLanguage(source); err == nil || !strings.Contains(err.Error(), "weight") {
		t.Errorf("error %v", err)
	}
}

// TestEqualRangesAreLaidOutOnce bounds what the many lists of percentages cost.
func TestEqualRangesAreLaidOutOnce(t *testing.T) {
	nodes := func(sentences string) int {
		source, err := decodeLanguage([]byte(`{"language":"en",
			"lists":{"a":{"range":{"from":0,"to":100,"type":"percentage"}},"b":{"range":{"from":0,"to":100}}},
			"intents":{"A":{"data":[{"sentences":` + sentences + `}]}}}`))
		if err != nil {
			t.Fatal(err)
		}
		source.numbers = english(t)
		l, err := compileLanguage(source)
		if err != nil {
			t.Fatal(err)
		}
		return len(l.graph.nodes)
	}
	one, two := nodes(`["go {a}"]`), nodes(`["go {a}", "run {b}"]`)
	if two > one+20 {
		t.Errorf("%d nodes for one range, %d for two that are alike", one, two)
	}
}
