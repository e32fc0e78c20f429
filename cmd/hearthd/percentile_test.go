package main

import "testing"

func TestSpread(t *testing.T) {
	var values []float64
	for i := 100; i >= 1; i-- {
		values = append(values, float64(i))
	}
	want := spread{Mean: 50.5, Median: 50.5, Min: 1, Max: 100, P50: 50, P90: 90, P95: 95, P99: 99}
	if got := spreadOf(values); got != want {
		t.Errorf("1 to 100: %+v, want %+v", got, want)
	}
	if got := spreadOf([]float64{7}); got != (spread{7, 7, 7, 7, 7, 7, 7, 7}) {
		t.Errorf("one value: %+v", got)
	}
	if got := spreadOf(nil); got != (spread{}) {
		t.Errorf("no values: %+v", got)
	}
}
