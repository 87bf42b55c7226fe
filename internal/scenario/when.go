package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

// When is an instant in Shanghai, as "2026-03-12 09:30", and the line on which it stands.
// A day alone is its noon; alone says so.
type When struct {
	At    time.Time
	alone bool
	line  int
}

// minutes is how an instant is written.
const minutes = "2006-01-02 15:04"

// UnmarshalYAML reads the instant.
func (w *When) UnmarshalYAML(n *yaml.Node) error {
	at, err := parseWhen(n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	_, err = rehab.ParseDate(n.Value)
	*w = When{at, err == nil, n.Line}
	return nil
}

func parseWhen(s string) (time.Time, error) {
	if at, err := time.ParseInLocation(minutes, s, rehab.Shanghai); err == nil {
		return at, nil
	}
	day, err := rehab.ParseDate(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a day nor an instant of the form 2026-03-12 09:30", s)
	}
	return day.Start().Add(12 * time.Hour).In(rehab.Shanghai), nil
}

// rhythm is how often a step is repeated: exactly one of days and months is set.
type rhythm struct{ days, months int }

// parseRhythm reads "14 days", "2 weeks", "1 month".
func parseRhythm(s string) (rhythm, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return rhythm{}, fmt.Errorf("every: %q does not begin with a number", s)
	}
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return rhythm{days: n}, nil
	case "week":
		return rhythm{days: 7 * n}, nil
	case "month":
		return rhythm{months: n}, nil
	}
	return rhythm{}, fmt.Errorf("every: %q is not in days, weeks or months", s)
}

// times lists the repetitions, always counted from the first one, up to the end of the day until.
func (r rhythm) times(first, until time.Time) []time.Time {
	day, last := rehab.DateOf(first), rehab.DateOf(until)
	hour := first.Sub(day.Start())
	var out []time.Time
	for k := 0; ; k++ {
		next := day.AddDays(k * r.days).AddMonths(k * r.months)
		if next > last {
			return out
		}
		out = append(out, next.Start().Add(hour).In(rehab.Shanghai))
	}
}
