package main

import (
	"math"
	"slices"
)

// A spread sums up measurements in milliseconds.
type spread struct {
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	P50    float64 `json:"p50"`
	P90    float64 `json:"p90"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
}

// spreadOf sums up the values; of none it is zero.
func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	return spread{
		Mean: sum / float64(len(sorted)), Median: median(sorted),
		Min: sorted[0], Max: sorted[len(sorted)-1],
		P50: percentile(sorted, 50), P90: percentile(sorted, 90), P95: percentile(sorted, 95), P99: percentile(sorted, 99),
	}
}

// percentile is the smallest value that at least p percent of the sorted values do not exceed
// (nearest rank).
func percentile(sorted []float64, p float64) float64 {
	return sorted[max(0, int(math.Ceil(p/100*float64(len(sorted))))-1)]
}

func median(sorted []float64) float64 {
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
