package tool

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/unit"
)

func TestCalculate(t *testing.T) {
	for sum, want := range map[string]string{
		"12 * 7": "84", "7/2": "3.5", "0.1 + 0.2": "0.3", "15% of 80": "12", "12.5 % of 200 + 1": "26", "2^10": "1024", "2 ** 0.5 * 2 ** 0.5": "2",
		"(1 + 2) × 3 ÷ 4 − 1": "1.25", "-5 + +3": "-2", "17 % 5": "2", "sqrt(2) ^ 4": "4", "√(9)": "3", "round(2.5)": "3", "max(1, 7, 3) - min(2, 1)": "6",
		"abs(-3)": "3", "1/3": "0.333333333333", "9007199254740993 * 1000": "9.0072e+18", "1e3": "1000", "0": "0", "2 * pi": "6.28318530718", "1 - 1": "0",
	} {
		got, err := Calculate(sum)
		if err != nil || unit.Format(got) != want {
			t.Errorf("%s: %s, %v, want %s", sum, unit.Format(got), err, want)
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
		if err == nil && unit.Format(result) == "" {
			t.Errorf("%q cannot be told", sum)
		}
	})
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
