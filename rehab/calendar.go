package rehab

import (
	"slices"
	"time"
)

// Calendar knows the days off of the years that were loaded: the weekend, plus the
// State Council's holidays, minus its working weekends. A year that is not loaded
// counts plain weekends, and every answer that touched it says so through Missing.
type Calendar struct {
	years map[int]YearDays
}

// YearDays is the State Council's notice for one year.
type YearDays struct {
	Year    int    `json:"year" yaml:"year"`
	Source  string `json:"source" yaml:"source"`
	Off     []Date `json:"off" yaml:"off"`         // holidays, weekends among them or not
	Working []Date `json:"working" yaml:"working"` // weekends made working days (调休)
}

// NewCalendar builds a calendar from the notices. Off and Working need not be sorted.
func NewCalendar(years ...YearDays) *Calendar {
	c := &Calendar{years: make(map[int]YearDays, len(years))}
	for _, y := range years {
		y.Off, y.Working = slices.Clone(y.Off), slices.Clone(y.Working)
		slices.Sort(y.Off)
		slices.Sort(y.Working)
		c.years[y.Year] = y
	}
	return c
}

// With is the calendar with the notice of one more year, or another one for a year it has.
func (c *Calendar) With(y YearDays) *Calendar {
	years := []YearDays{y}
	for _, known := range c.years {
		if known.Year != y.Year {
			years = append(years, known)
		}
	}
	return NewCalendar(years...)
}

// Years that are loaded, in order.
func (c *Calendar) Years() []int {
	var out []int
	for y := range c.years {
		out = append(out, y)
	}
	slices.Sort(out)
	return out
}

// Has reports whether the year of the day is loaded.
func (c *Calendar) Has(d Date) bool { _, ok := c.years[d.Year()]; return ok }

// IsWorkday reports whether the day is a working day (APR art.35 with the yearly notice).
func (c *Calendar) IsWorkday(d Date) bool {
	y := c.years[d.Year()]
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	if weekend {
		_, working := slices.BinarySearch(y.Working, d)
		return working
	}
	_, off := slices.BinarySearch(y.Off, d)
	return !off
}

// Roll is the day itself, or the next working day when it is a day off (CC art.203).
func (c *Calendar) Roll(d Date) Date {
	for !c.IsWorkday(d) {
		d++
	}
	return d
}

// AddWorkdays is the n-th working day after d; with n negative the n-th before.
func (c *Calendar) AddWorkdays(d Date, n int) Date {
	step := Date(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d += step
		if c.IsWorkday(d) {
			n--
		}
	}
	return d
}

// Missing lists the years between the two days, both included, that are not loaded.
func (c *Calendar) Missing(from, to Date) []int {
	var out []int
	for y := from.Year(); y <= to.Year(); y++ {
		if _, ok := c.years[y]; !ok {
			out = append(out, y)
		}
	}
	return out
}
