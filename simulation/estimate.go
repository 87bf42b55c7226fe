package simulation

import "math"

// student holds the 97.5 % quantiles of Student's t distribution for 1, 2, … degrees of
// freedom; beyond the table the normal distribution is close enough.
var student = [...]float64{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093}

// estimate gives the mean of each count and half of the width of its 95 % confidence
// interval.
func estimate(sample []Counts) (mean, half Counts) {
	for i := range len(fields(&mean)) {
		sum, squares := 0.0, 0.0
		for j := range sample {
			v := *fields(&sample[j])[i]
			sum += v
			squares += v * v
		}
		n := float64(len(sample))
		m := sum / n
		*fields(&mean)[i] = m
		if len(sample) > 1 {
			t := 1.96
			if d := len(sample) - 2; d < len(student) {
				t = student[d]
			}
			*fields(&half)[i] = t * math.Sqrt(max(squares-n*m*m, 0)/(n-1)/n)
		}
	}
	return mean, half
}

func fields(c *Counts) []*float64 {
	return []*float64{
		&c.Open, &c.Visits, &c.Tests, &c.Misses, &c.Escalations, &c.District, &c.City, &c.Breaches, &c.Reports, &c.Load, &c.Turned,
	}
}
