package home

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Number reads a number of a state, an attribute or a service's data, in any form in which JSON, Go or text gives
// it. False for anything else, and for what no device counts to: infinity, and what is no number.
func Number(value any) (float64, bool) {
	switch n := value.(type) {
	case float64:
		return n, isFinite(n)
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
		return f, err == nil && isFinite(f)
	}
	return 0, false
}

func isFinite(n float64) bool { return !math.IsNaN(n) && !math.IsInf(n, 0) }
