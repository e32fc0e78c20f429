package home

import (
	"encoding/json"
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, value := range []any{21.5, "21.5", " 21.5 ", json.Number("21.5")} {
		if n, ok := Number(value); !ok || n != 21.5 {
			t.Errorf("%#v: %v, %v", value, n, ok)
		}
	}
	for _, value := range []any{-3, int64(-3), -3.0, "-3", json.Number("-3")} {
		if n, ok := Number(value); !ok || n != -3 {
			t.Errorf("%#v: %v, %v", value, n, ok)
		}
	}
	for _, value := range []any{nil, true, "", "on", "NaN", "inf", math.NaN(), math.Inf(1), []any{1.0}} {
		if n, ok := Number(value); ok {
			t.Errorf("%#v is the number %v", value, n)
		}
	}
}
