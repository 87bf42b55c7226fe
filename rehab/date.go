package rehab

import (
	"fmt"
	"time"
)

// Shanghai is the zone in which every legal date is read. China has kept one
// offset since 1991, so no zone database is needed and the host's zone never matters.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

const daySeconds = 24 * 60 * 60

// Date is a calendar day in Asia/Shanghai, counted in days since 1970-01-01.
// The zero Date means "no date"; no case is that old.
type Date int32

// NewDate builds a Date. Days and months out of range carry over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// ParseDate reads "2026-03-10". It refuses anything else, including impossible days and
// 1970-01-01, which is what an empty cell turns into on its way through other programs.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if d := NewDate(t.Date()); err == nil && d != 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q is not a date of the form 2026-03-10", s)
}

// DateOf is the day in Shanghai on which the instant falls.
func DateOf(t time.Time) Date {
	sec := t.Unix() + 8*60*60
	if sec < 0 {
		sec -= daySeconds - 1
	}
	return Date(sec / daySeconds)
}

// Start is the instant at which the day begins (00:00 in Shanghai), in UTC.
func (d Date) Start() time.Time {
	return time.Unix(int64(d)*daySeconds-8*60*60, 0).UTC()
}

// start is Start in milliseconds since 1970.
func (d Date) start() int64 { return (int64(d)*daySeconds - 8*60*60) * 1000 }

// End is the instant at which the day is over (24:00 in Shanghai), in UTC.
func (d Date) End() time.Time { return (d + 1).Start() }

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

// Civil gives year, month and day.
func (d Date) Civil() (int, time.Month, int) {
	return time.Unix(int64(d)*daySeconds, 0).UTC().Date()
}

// Year of the day.
func (d Date) Year() int { y, _, _ := d.Civil(); return y }

// Weekday of the day.
func (d Date) Weekday() time.Weekday {
	return time.Weekday(((int(d)+4)%7 + 7) % 7)
}

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths moves by whole months, always counted from d itself: where the
// target month has no such day, its last day is taken (31 Jan + 1 = 28 Feb, + 2 = 31 Mar).
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	total := y*12 + int(m) - 1 + n
	y, m = total/12, time.Month(total%12+1)
	return NewDate(y, m, min(day, daysIn(y, m)))
}

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// String gives "2026-03-10", or "" where there is no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), day)
}

// MarshalText writes the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String; empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}
