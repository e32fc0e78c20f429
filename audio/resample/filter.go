package resample

import "math"

// filterBank computes one row of 2*half coefficients for each position of an output sample between two
// input samples. scale is the output rate by the input rate, at most 1: the filter widens with it when
// the rate goes down. Each row sums to 1, so that a constant stays exactly what it is.
func filterBank(phases, half int, scale float64) []float32 {
	taps := 2 * half
	bank := make([]float32, phases*taps)
	row := make([]float64, taps)
	for phase := range phases {
		var sum float64
		for i := range row {
			offset := float64(i-half+1) - float64(phase)/float64(phases)
			row[i] = sinc(cutoff*scale*offset) * kaiser(offset/float64(half))
			sum += row[i]
		}
		for i, v := range row {
			bank[phase*taps+i] = float32(v / sum)
		}
	}
	return bank
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the Kaiser window at x of -1 to 1, not normalised (Oppenheim and Schafer, Discrete-Time
// Signal Processing, 7.5).
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return besselI0(kaiserBeta * math.Sqrt(1-x*x))
}

// besselI0 is the modified Bessel function of the first kind and order zero, by its power series.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
