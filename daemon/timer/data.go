package timer

import (
	"fmt"
	"math"
	"strings"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/home"
)

// text reads a field of a call, "" when it has none.
func text(call home.Call, key string) string {
	s, _ := call.Data[key].(string)
	return strings.TrimSpace(s)
}

// seconds reads a length, which is a float64 once it has been through JSON.
func seconds(call home.Call, key string) (time.Duration, error) {
	var n float64
	switch v := call.Data[key].(type) {
	case int:
		n = float64(v)
	case int64:
		n = float64(v)
	case float64:
		n = v
	default:
		return 0, fmt.Errorf("%w: %s of %s: want seconds, have %v", ErrLength, key, call.Name(), v)
	}
	if !(n >= 1 && n <= Longest.Seconds()) {
		return 0, fmt.Errorf("%w: %s of %s: want 1 to %.0f, have %v", ErrLength, key, call.Name(), Longest.Seconds(), n)
	}
	return time.Duration(math.Round(n)) * time.Second, nil
}

// timeOfDay reads at and days.
func timeOfDay(call home.Call) (at clock.Moment, days clock.Days, err error) {
	if at, err = clock.Parse(text(call, "at")); err != nil {
		return at, days, fmt.Errorf("%w: at of %s: %w", ErrTime, call.Name(), err)
	}
	if days, err = clock.ParseDays(text(call, "days")); err != nil {
		return at, days, fmt.Errorf("%w: days of %s: %w", ErrTime, call.Name(), err)
	}
	return at, days, nil
}
