package evaluation

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"guitu/rehab"
)

// Span is how long a period is.
type Span string

// The spans.
const (
	Month   Span = "month"
	Quarter Span = "quarter"
	Year    Span = "year"
)

// Period is a month "2026-05", a quarter "2026-Q2" or a year "2026". From and To are its
// first and last day.
type Period struct {
	Name string     `json:"name"`
	Span Span       `json:"span" enum:"month,quarter,year"`
	From rehab.Date `json:"from"`
	To   rehab.Date `json:"to"`
}

var periodForm = regexp.MustCompile(`^(20[0-9]{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$`)

// ParsePeriod reads a period. The error is Invalid.
func ParsePeriod(s string) (Period, error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return Period{}, rehab.InvalidField("period", "is a month such as 2026-05, a quarter such as 2026-Q2 or a year such as 2026")
	}
	p := Period{Name: s, Span: Year}
	first, months := 1, 12
	switch {
	case m[2] != "":
		q, _ := strconv.Atoi(m[2])
		p.Span, first, months = Quarter, 3*q-2, 3
	case m[3] != "":
		p.Span, months = Month, 1
		first, _ = strconv.Atoi(m[3])
	}
	year, _ := strconv.Atoi(m[1])
	p.From = rehab.NewDate(year, time.Month(first), 1)
	p.To = p.From.AddMonths(months).AddDays(-1)
	return p, nil
}

// Previous is the period of the same length before this one.
func (p Period) Previous() Period {
	to := p.From.AddDays(-1)
	year, month, _ := to.Civil()
	name := fmt.Sprintf("%04d", year)
	switch p.Span {
	case Month:
		name += fmt.Sprintf("-%02d", month)
	case Quarter:
		name += fmt.Sprintf("-Q%d", (int(month)+2)/3)
	}
	out, _ := ParsePeriod(name) // made of its own parts
	return out
}
