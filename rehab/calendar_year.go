package rehab

import (
	"slices"
	"time"
)

// CalendarYear is what is known of one year's days: by the State Council's notice where Official,
// else by the regulation, and by what somebody added to it.
type CalendarYear struct {
	Year     int    `json:"year"`
	Official bool   `json:"official"`
	Issued   Date   `json:"issued,omitzero"`
	Source   string `json:"source"`
	Off      []Date `json:"off" nullable:"false"`     // days that somebody set off, weekends among them or not
	Working  []Date `json:"working" nullable:"false"` // weekends made working days (调休)
}

// Span are the years from the first to the last of which anything is known, and those that are asked
// for.
func (c *Calendar) Span(asked ...int) (first, last int) {
	years := slices.Clone(asked)
	for y := range c.notices {
		years = append(years, y)
	}
	if len(years) == 0 {
		return 0, -1
	}
	return slices.Min(years), slices.Max(years)
}

// Year is what the calendar says of the year.
func (c *Calendar) Year(year int) CalendarYear {
	known := c.notices[year]
	out := CalendarYear{Year: year, Official: c.hasYear(year), Issued: known.Issued, Source: known.Source, Off: []Date{}, Working: []Date{}}
	if !out.Official {
		out.Issued = 0
	}
	if out.Source == "" {
		out.Source = HolidayRule
	}
	for d := NewDate(year, time.January, 1); d.Year() == year; d++ {
		switch works := c.IsWorkday(d); {
		case works && d.isWeekend():
			out.Working = append(out.Working, d)
		case !works && (!d.isWeekend() || c.named(d)):
			out.Off = append(out.Off, d)
		}
	}
	return out
}

// named reports whether the regulation or a notice says something of the day.
func (c *Calendar) named(d Date) bool {
	year, month, day := d.Civil()
	_, next := c.notices[year+1].says(d)
	_, own := c.notices[year].says(d)
	return statutory(year, month, day) || own || next && month == time.December
}
