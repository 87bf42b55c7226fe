package evaluation

import (
	"slices"
	"time"

	"guitu/rehab"
)

// TrendQuery asks how many duties fell due in a place, month by month.
type TrendQuery struct {
	Place    string     // a place and all below it
	From, To rehab.Date // whole months
	Now      time.Time  // a window that is not over then is not due
}

// DueMonth is how many duties of a kind had their last day in a month, and how many of them were
// done by it. Month is its first day.
type DueMonth struct {
	Month       rehab.Date
	Kind        rehab.Kind
	Due, InTime int64
}

// Trend is how indicators of deadlines went from month to month. A month that is not over holds
// what was due until yesterday.
type Trend struct {
	Place   string       `json:"place"`
	TakenAt time.Time    `json:"taken_at"`
	Months  []TrendMonth `json:"months" nullable:"false"`
	Lines   []TrendLine  `json:"lines" nullable:"false"`
}

// TrendMonth is one period of a trend.
type TrendMonth struct {
	Name     string `json:"name" example:"2026-05"`
	Complete bool   `json:"complete" doc:"Whether the month was over when it was taken."`
}

// TrendLine is an indicator, a value for each month.
type TrendLine struct {
	Indicator string       `json:"indicator"`
	Target    *float64     `json:"target,omitempty"`
	Values    []TrendValue `json:"values" nullable:"false"`
}

// TrendValue is one point of a line.
type TrendValue struct {
	Value   *float64  `json:"value" doc:"Null where nothing was due."`
	Metrics []Counted `json:"measures" nullable:"false"`
}

// LastMonths are the n months that end with the one of the day.
func LastMonths(day rehab.Date, n int) []Period {
	year, month, _ := day.Civil()
	first := rehab.NewDate(year, month, 1)
	out := make([]Period, n)
	for i := range out {
		out[i], _ = ParsePeriod(first.AddMonths(i - n + 1).String()[:7]) // made of its own parts
	}
	return out
}

// Trend computes the indicators that are made of deadlines alone for each of the months, or the
// one that is named. Invalid where there is no such.
func (s *Set) Trend(q TrendQuery, months []Period, only string, counted []DueMonth) (Trend, error) {
	kinds, names := Duties()
	sums := make(map[rehab.Date]map[string]int64)
	for _, c := range counted {
		at := slices.Index(kinds, string(c.Kind))
		if at < 0 {
			continue
		}
		if sums[c.Month] == nil {
			sums[c.Month] = make(map[string]int64)
		}
		sums[c.Month][names[at]+"_due"] += c.Due
		sums[c.Month][names[at]+"_in_time"] += c.InTime
	}
	out := Trend{Place: q.Place, TakenAt: q.Now.UTC(), Months: []TrendMonth{}, Lines: []TrendLine{}}
	for _, m := range months {
		out.Months = append(out.Months, TrendMonth{m.Name, rehab.DateOf(q.Now) > m.To})
	}
	for _, i := range s.list {
		if !i.ofDeadlines() || only != "" && i.ID != only {
			continue
		}
		line := TrendLine{Indicator: i.ID, Target: i.Target}
		for _, m := range months {
			r := i.row(Unit{}, sums[m.From])
			line.Values = append(line.Values, TrendValue{r.Value, r.Metrics})
		}
		out.Lines = append(out.Lines, line)
	}
	if only != "" && len(out.Lines) == 0 {
		return Trend{}, rehab.InvalidField("indicator", "there is no indicator of deadlines of this id")
	}
	return out, nil
}

// ofDeadlines reports whether the indicator is counted from duties and their last days alone.
func (i *Indicator) ofDeadlines() bool {
	_, names := Duties()
	return slices.Contains(i.Periods, Month) && !slices.ContainsFunc(i.Metrics(), func(m string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return m == n+"_due" || m == n+"_in_time" })
	})
}
