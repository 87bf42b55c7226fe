package office

import (
	"guitu/rehab"
)

// WorkerChange is what can happen to a worker.
type WorkerChange string

// The changes of a worker.
const (
	Registered WorkerChange = "registered"
	Moved      WorkerChange = "moved"   // to Place; whoever had left is back
	Adjusted   WorkerChange = "changed" // post, qualification or limit
	Left       WorkerChange = "left"    // From is the first day without the worker
)

// Post of a worker.
type Post string

// The posts: full-time social worker (禁毒专职社工), part-time, head of a station, supervisor (督导).
const (
	FullTime   Post = "full_time"
	PartTime   Post = "part_time"
	HeadPost   Post = "station_head"
	Supervisor Post = "supervisor"
)

// TakesCases reports whether who holds the post is given cases: heads and supervisors see to
// those who have them.
func (p Post) TakesCases() bool { return p != Supervisor && p != HeadPost }

// Posts lists every post.
func Posts() []Post { return []Post{FullTime, PartTime, HeadPost, Supervisor} }

// Qualification of a worker as a social worker (社会工作者职业资格).
type Qualification string

// The qualifications: none yet, assistant, social worker, senior social worker.
const (
	Unqualified Qualification = "none"
	Assistant   Qualification = "assistant"
	Certified   Qualification = "social_worker"
	Senior      Qualification = "senior"
)

// Qualifications lists every qualification.
func Qualifications() []Qualification {
	return []Qualification{Unqualified, Assistant, Certified, Senior}
}

// Duty is how somebody works: at which place, in which post, with which own limit of
// open cases (0: the policy's).
type Duty struct {
	Place         string        `json:"place,omitempty"`
	Post          Post          `json:"post,omitempty"`
	Qualification Qualification `json:"qualification,omitempty"`
	Limit         int           `json:"limit,omitempty"`
}

// RegisterCommand is the id of the command that registers a worker: there is one in the
// life of an id. It is Reserved: no caller can choose it.
const RegisterCommand = "worker registered"

// WorkerFact is one change of a worker. Empty fields of the duty stay as they were.
type WorkerFact struct {
	Record
	Change WorkerChange `json:"change"`
	Duty
}

// Day is the day on which the fact meets the worker: the last one on duty for who leaves.
func (f *WorkerFact) Day() rehab.Date {
	if f.Change == Left {
		return f.From - 1
	}
	return f.From
}

// Period is a stretch of days on which nothing about the worker changed. To is its last
// day; zero: no end is known.
type Period struct {
	From rehab.Date `json:"from"`
	To   rehab.Date `json:"to,omitzero"`
	Duty
}

// Worker of the registry. The name is personal data of staff: it stays out of logs,
// ledger and workflows.
type Worker struct {
	ID      string       `json:"id"`
	Name    string       `json:"name,omitempty"`
	Periods []Period     `json:"periods" nullable:"false"` // active ones, oldest first
	History []WorkerFact `json:"history,omitempty"`
}

// Periods of a worker with these facts.
func Periods(facts []WorkerFact) []Period {
	var out []Period
	var duty Duty
	active := false
	list := inOrder(facts, func(f WorkerFact) Record { return f.Record })
	for i, f := range list {
		duty.take(f.Duty)
		active = f.Change == Registered || f.Change == Moved || active && f.Change != Left
		if i+1 < len(list) && list[i+1].From == f.From {
			continue // the last fact of a day counts
		}
		if n := len(out); n > 0 && out[n-1].To == 0 {
			out[n-1].To = f.From.AddDays(-1)
		}
		if active {
			out = append(out, Period{From: f.From, Duty: duty})
		}
	}
	return out
}

func (d *Duty) take(c Duty) {
	if c.Place != "" {
		d.Place = c.Place
	}
	if c.Post != "" {
		d.Post = c.Post
	}
	if c.Qualification != "" {
		d.Qualification = c.Qualification
	}
	if c.Limit != 0 {
		d.Limit = c.Limit
	}
}

// On is the period of the day; false when the worker was not active then.
func (w *Worker) On(day rehab.Date) (Period, bool) {
	for _, p := range w.Periods {
		if p.From <= day && (p.To == 0 || day <= p.To) {
			return p, true
		}
	}
	return Period{}, false
}

// Stays is the last day of the stay at the place where the worker is on the day, however
// post and limit change in between; zero: no end is known.
func (w *Worker) Stays(day rehab.Date) rehab.Date {
	p, _ := w.On(day)
	for p.To != 0 {
		next, active := w.On(p.To + 1)
		if !active || next.Place != p.Place {
			return p.To
		}
		p = next
	}
	return 0
}

// Within is the worker as an office sees it that sees the places with the prefix: the
// periods and the facts that belong there. False when there are none.
func (w *Worker) Within(prefix string) (Worker, bool) {
	out := Worker{ID: w.ID, Name: w.Name, Periods: []Period{}}
	for _, p := range w.Periods {
		if rehab.PlaceCode(prefix).Contains(rehab.PlaceCode(p.Place)) {
			out.Periods = append(out.Periods, p)
		}
	}
	for _, f := range w.History {
		if p, ok := w.On(f.Day()); ok && rehab.PlaceCode(prefix).Contains(rehab.PlaceCode(p.Place)) {
			out.History = append(out.History, f)
		}
	}
	return out, len(out.Periods) > 0
}

// CheckWorkerFact says what is wrong with a change of the worker, who has the history
// given; whether the place is in force is the caller's to find out.
func CheckWorkerFact(w Worker, f WorkerFact, today rehab.Date) *rehab.Error {
	if err := checkFrom(f.From, today); err != nil {
		return err
	}
	if len(w.Periods) == 0 {
		return nil // the registration itself
	}
	if first := w.Periods[0].From; f.From < first || f.Change == Left && f.From == first {
		return refuse("from", "the worker is registered from %s on", first)
	}
	day := f.Day()
	p, active := w.On(day)
	switch {
	case f.Change == Moved && active && p.Place == f.Place:
		return refuse("place", "is where the worker is on %s", f.From)
	case f.Change != Moved && !active:
		return refuse("from", "the worker is not active on %s", day)
	}
	return nil
}

// MayTake says why the worker may not be given a case of the street on the day; nil
// where nothing speaks against it. A worker of a district may take any of its streets.
func (w *Worker) MayTake(street string, day rehab.Date) *rehab.Error {
	p, active := w.On(day)
	switch {
	case !active:
		return refuse("worker", "the worker %s is not active on %s", w.ID, day)
	case !rehab.PlaceCode(p.Place).Contains(rehab.PlaceCode(street)):
		return refuse("worker", "the worker %s belongs to the place %s, the case to %s", w.ID, p.Place, street)
	}
	return nil
}

// WorkerFilter selects the workers active on a day at a place or below it. After and
// Limit page by key: the id last seen.
type WorkerFilter struct {
	Place string
	On    rehab.Date
	After string
	Limit int
}
