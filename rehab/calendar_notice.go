package rehab

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// YearDays is what is known of one year beside the days that the regulation sets: the State
// Council's notice, or days that somebody adds to it. It may rule days of the December
// before, which the holiday of the New Year reaches into.
type YearDays struct {
	Year     int    `json:"year" yaml:"year"`
	Source   string `json:"source" yaml:"source"`
	Issued   Date   `json:"issued,omitzero" yaml:"issued,omitempty"`      // the day of the notice
	Off      []Date `json:"off" yaml:"off"`                               // holidays, weekends among them or not
	Working  []Date `json:"working" yaml:"working"`                       // weekends made working days (调休)
	Adds     bool   `json:"adds,omitempty" yaml:"adds,omitempty"`         // it is no notice of its own: a year that has none stays without
	Replaces bool   `json:"replaces,omitempty" yaml:"replaces,omitempty"` // what was known of the year falls
}

// With is the year after somebody said more about it. The later word rules the days that
// it names; the others stay as they are, unless it replaces all of them.
func (y YearDays) With(later YearDays) YearDays {
	if later.Replaces {
		return later
	}
	return YearDays{
		Year: y.Year, Source: y.Source + "; " + later.Source, Issued: max(y.Issued, later.Issued), Adds: y.Adds && later.Adds, Replaces: y.Replaces,
		Off:     union(without(y.Off, later.Working), later.Off),
		Working: union(without(y.Working, later.Off), later.Working),
	}
}

func without(days, taken []Date) []Date {
	return slices.DeleteFunc(slices.Clone(days), func(d Date) bool { return slices.Contains(taken, d) })
}

func union(days, more []Date) []Date { return append(without(days, more), more...) }

// says whether the day is worked; ok is false where the year has no word on it. Off and
// Working are sorted.
func (y YearDays) says(d Date) (works, ok bool) {
	if _, works = slices.BinarySearch(y.Working, d); works {
		return true, true
	}
	_, ok = slices.BinarySearch(y.Off, d)
	return false, ok
}

// Check names everything that no notice can say, each with its field and the rule.
func (y YearDays) Check() error {
	var errs []error
	add := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	if y.Year < 2008 || y.Source == "" {
		add("year, source", "a calendar needs a year and its source")
	}
	if y.Adds && y.Replaces {
		add("adds, replaces", "a calendar does one or the other")
	}
	for _, list := range []struct {
		field string
		days  []Date
	}{{"off", y.Off}, {"working", y.Working}} {
		seen := make(map[Date]bool)
		for _, d := range list.days {
			if year, month, _ := d.Civil(); year != y.Year && (year != y.Year-1 || month != time.December) {
				add(list.field, "%s is not a day of %d, nor of the December before", d, y.Year)
			}
			if seen[d] {
				add(list.field, "%s stands there twice", d)
			}
			seen[d] = true
		}
	}
	for _, d := range y.Working {
		switch {
		case statutory(d.Civil()):
			add("working", "%s is a holiday that the regulation sets: no notice takes it away (%s)", d, HolidayRule)
		case slices.Contains(y.Off, d):
			add("working", "%s is a day off, too: a day is one or the other", d)
		case !d.isWeekend():
			add("working", "%s is a %s: only a day of the weekend is made a working day (调休)", d, d.Weekday())
		}
	}
	return errors.Join(errs...)
}

// Forgotten lists the days that the regulation sets and the notice does not name. Where the
// engine does not know all of them, in years before 2024 and after 2050, it asks for none.
func (y YearDays) Forgotten() []Date {
	if _, ok := festivalsOf(y.Year); !ok {
		return nil
	}
	return without(StatutoryDays(y.Year), y.Off)
}

func (d Date) isWeekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
