package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/rehab"
)

// maxCalendar is the longest span of a calendar, in days.
const maxCalendar = 62

// weekends are the days on which the offices rest unless the calendar says otherwise.
var weekends = []time.Weekday{time.Saturday, time.Sunday}

// DueCalendar is what is due by day and worker, with the days off.
type DueCalendar struct {
	Place   string        `json:"place"`
	From    rehab.Date    `json:"from"`
	To      rehab.Date    `json:"to"`
	Days    []CalendarDay `json:"days" nullable:"false"`
	Workers []WorkerDays  `json:"workers" nullable:"false" doc:"In the order of their ids; the cases that nobody has stand under no id, first."`
}

// CalendarDay is a day of the offices.
type CalendarDay struct {
	On       rehab.Date `json:"on"`
	Working  bool       `json:"working" doc:"Whether the offices work, by the State Council's calendar."`
	Exchange bool       `json:"exchange,omitempty" doc:"A day off within the week, or a working weekend."`
	Due      int        `json:"due" doc:"Of all workers shown."`
}

// WorkerDays is what is due of a worker's cases.
type WorkerDays struct {
	Worker string     `json:"worker,omitempty"`
	Missed int        `json:"missed" doc:"Provisional misses, whatever their day."`
	Due    []DayCount `json:"due" nullable:"false"`
}

// DayCount is how many duties of a kind have a day as their last.
type DayCount struct {
	On   rehab.Date `json:"on"`
	Kind rehab.Kind `json:"kind"`
	N    int        `json:"n"`
}

func (s *server) calendarRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-calendar", Method: http.MethodGet, Path: "/v1/calendar", Tags: []string{"inbox"},
		Summary:     "Count what is due by day, worker and kind, with the days off",
		Description: "Of open duties, by their last day, at most 62 days. A worker sees the own cases and those of workers whom it stands in for.",
	}, s.calendar)
}

type calendarInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	From  string `query:"from" format:"date" doc:"The first day; today by default."`
	To    string `query:"to" format:"date" doc:"The last day; two weeks by default."`
}

type calendarOutput struct{ Body DueCalendar }

func (s *server) calendar(ctx context.Context, a rehab.Actor, in *calendarInput) (*calendarOutput, error) {
	scope, err := s.taskFilter(a, in.Place, 0)
	if err != nil {
		return nil, err
	}
	from, to, err := s.calendarSpan(in)
	if err != nil {
		return nil, err
	}
	f := board.CalendarFilter{Place: scope.Place, From: from, To: to}
	if scope.Worker != "" {
		also, err := s.work.StandsInFor(ctx, a)
		if err != nil {
			return nil, err
		}
		f.Workers = append([]string{scope.Worker}, also...)
	}
	counts, err := s.Board.DueByDay(ctx, f)
	if err != nil {
		return nil, err
	}
	out := DueCalendar{Place: scope.Place, From: from, To: to, Days: []CalendarDay{}, Workers: []WorkerDays{}}
	for d := from; d <= to; d++ {
		working, weekend := s.Policies.Calendar().IsWorkday(d), slices.Contains(weekends, d.Weekday())
		out.Days = append(out.Days, CalendarDay{On: d, Working: working, Exchange: working == weekend})
	}
	for _, n := range counts { // in the order of the workers
		if last := len(out.Workers) - 1; last < 0 || out.Workers[last].Worker != n.Worker {
			out.Workers = append(out.Workers, WorkerDays{Worker: n.Worker, Due: []DayCount{}})
		}
		w := &out.Workers[len(out.Workers)-1]
		if n.Status == rehab.Missed {
			w.Missed += n.N
			continue
		}
		w.Due = append(w.Due, DayCount{n.On, n.Kind, n.N})
		out.Days[n.On-from].Due += n.N
	}
	return &calendarOutput{out}, nil
}

// calendarSpan reads the days of a calendar.
func (s *server) calendarSpan(in *calendarInput) (from, to rehab.Date, err error) {
	from = rehab.DateOf(s.Now())
	if in.From != "" {
		if from, err = rehab.ParseDate(in.From); err != nil {
			return 0, 0, rehab.InvalidField("from", "is a day such as 2026-10-08")
		}
	}
	to = from.AddDays(13)
	if in.To != "" {
		if to, err = rehab.ParseDate(in.To); err != nil {
			return 0, 0, rehab.InvalidField("to", "is a day such as 2026-10-08")
		}
	}
	if to < from || to >= from.AddDays(maxCalendar) {
		return 0, 0, rehab.InvalidField("to", "lies within %d days from the first", maxCalendar)
	}
	return from, to, nil
}
