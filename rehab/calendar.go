package rehab

import (
	"maps"
	"slices"
	"time"
)

// Calendar knows the days off: those that the regulation sets, in every year; the weekend;
// and what the State Council's notices shift, in the years that have one. Every answer that
// touched a year without its notice says so through Missing.
type Calendar struct {
	notices map[int]YearDays
}

// NewCalendar builds a calendar from the notices. Of two for one year the later one is
// laid over the earlier. Off and Working need not be sorted.
func NewCalendar(notices ...YearDays) *Calendar {
	c := &Calendar{make(map[int]YearDays, len(notices))}
	for _, y := range notices {
		c.lay(y)
	}
	return c
}

// With is the calendar with one more notice, laid over what it has for the year.
func (c *Calendar) With(y YearDays) *Calendar {
	out := &Calendar{maps.Clone(c.notices)}
	out.lay(y)
	return out
}

func (c *Calendar) lay(y YearDays) {
	if known, ok := c.notices[y.Year]; ok {
		y = known.With(y)
	}
	y.Off, y.Working = slices.Clone(y.Off), slices.Clone(y.Working)
	slices.Sort(y.Off)
	slices.Sort(y.Working)
	c.notices[y.Year] = y
}

// Years that have their notice, in order.
func (c *Calendar) Years() []int {
	var out []int
	for y := range c.notices {
		if c.hasYear(y) {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return out
}

// Has reports whether the year of the day has its notice.
func (c *Calendar) Has(d Date) bool { return c.hasYear(d.Year()) }

func (c *Calendar) hasYear(year int) bool {
	y, ok := c.notices[year]
	return ok && !y.Adds
}

// IsWorkday reports whether the day is a working day (APR art.35). No notice takes a day
// away that the regulation sets. The last days of December belong to the holiday of the
// New Year: the notice of the next year, which comes later, rules over that of their own.
func (c *Calendar) IsWorkday(d Date) bool {
	year, month, day := d.Civil()
	if statutory(year, month, day) {
		return false
	}
	if month == time.December {
		if works, ok := c.notices[year+1].says(d); ok {
			return works
		}
	}
	if works, ok := c.notices[year].says(d); ok {
		return works
	}
	return !d.isWeekend()
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

// Missing lists the years between the two days, both included, that have no notice.
func (c *Calendar) Missing(from, to Date) []int {
	var out []int
	for y := from.Year(); y <= to.Year(); y++ {
		if !c.hasYear(y) {
			out = append(out, y)
		}
	}
	return out
}
