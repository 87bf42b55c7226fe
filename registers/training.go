package registers

import (
	"fmt"
	"slices"

	"guitu/rehab"
)

// Programme is a training programme (培新计划): phases, in which sessions are held.
type Programme struct {
	Title  string     `json:"title" minLength:"1" maxLength:"120"`
	From   rehab.Date `json:"from"`
	To     rehab.Date `json:"to"`
	Phases []Phase    `json:"phases" minItems:"1" maxItems:"20" nullable:"false"`
}

// Phase of a programme; phases follow one another.
type Phase struct {
	Title string     `json:"title" minLength:"1" maxLength:"120"`
	From  rehab.Date `json:"from"`
	To    rehab.Date `json:"to"`
}

// Session of a programme on one subject. Phase counts from 1.
type Session struct {
	Phase      int          `json:"phase" minimum:"1" maximum:"20"`
	Subject    string       `json:"subject" minLength:"1" maxLength:"120"`
	Trainers   []string     `json:"trainers" minItems:"1" maxItems:"20" nullable:"false" doc:"Ids of the trainers."`
	Form       Form         `json:"form" enum:"online,in_person"`
	On         rehab.Date   `json:"on"`
	Minutes    int          `json:"minutes" minimum:"1" maximum:"1440"`
	Attendance []Attendance `json:"attendance" maxItems:"500" nullable:"false"`
}

// Presence is what is known of a worker's attendance.
type Presence string

// The presences.
const (
	Expected Presence = "expected" // invited, nothing is recorded yet
	Attended Presence = "attended"
	Absent   Presence = "absent"
	Excused  Presence = "excused"
)

// Attendance of one worker. Place is the worker's street; the session's own where it is
// left out. Minutes 0 of one who attended are the whole session.
type Attendance struct {
	Worker   string   `json:"worker" minLength:"1" maxLength:"64" doc:"Id of the worker; never a name."`
	Place    string   `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Code of the worker's street."`
	Invited  bool     `json:"invited,omitempty"`
	Presence Presence `json:"presence" enum:"expected,attended,absent,excused"`
	Minutes  int      `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"The whole session where it is left out."`
}

// Kind of the record.
func (Programme) Kind() Kind { return ProgrammeKind }

// Day is the first one.
func (p Programme) Day() rehab.Date { return p.From }

// Workers are named by the sessions.
func (Programme) Workers() []string { return nil }

// Check refuses phases that overlap or lie outside the programme.
func (p Programme) Check(rehab.Date) *rehab.Error {
	if err := first(checkTitle("title", p.Title), checkDay("from", p.From), checkDay("to", p.To), checkRange("phases", len(p.Phases), 1, 20)); err != nil {
		return err
	}
	if p.To < p.From {
		return rehab.InvalidField("to", "lies before %s", p.From)
	}
	free := p.From
	for i, ph := range p.Phases {
		at := fmt.Sprintf("phases[%d]", i)
		if err := checkTitle(at+".title", ph.Title); err != nil {
			return err
		}
		switch {
		case ph.From < free:
			return rehab.InvalidField(at+".from", "lies before %s", free)
		case ph.To < ph.From || ph.To > p.To:
			return rehab.InvalidField(at+".to", "is a day from %s to %s", ph.From, p.To)
		}
		free = ph.To.AddDays(1)
	}
	return nil
}

// Kind of the record.
func (Session) Kind() Kind { return SessionKind }

// Day is the one of the session.
func (s Session) Day() rehab.Date { return s.On }

// Workers are those invited and those who came.
func (s Session) Workers() []string {
	out := make([]string, len(s.Attendance))
	for i, a := range s.Attendance {
		out[i] = a.Worker
	}
	return out
}

// Check refuses a session that cannot be right by itself.
func (s Session) Check(today rehab.Date) *rehab.Error {
	err := first(
		checkRange("phase", s.Phase, 1, 20), checkTitle("subject", s.Subject), checkRange("trainers", len(s.Trainers), 1, 20),
		checkPeople("trainers", s.Trainers), checkWord("form", s.Form, Online, InPerson), checkDay("on", s.On),
		checkRange("minutes", s.Minutes, 1, maxMinutes), checkPeople("attendance", s.Workers()),
	)
	if err != nil {
		return err
	}
	for i, a := range s.Attendance {
		at := fmt.Sprintf("attendance[%d].", i)
		if err := first(checkWord(at+"presence", a.Presence, Expected, Attended, Absent, Excused), checkRange(at+"minutes", a.Minutes, 0, s.Minutes)); err != nil {
			return err
		}
		switch {
		case a.Presence != Expected && s.On > today:
			return rehab.InvalidField(at+"presence", "the session of %s has not been held", s.On)
		case a.Presence != Attended && a.Minutes != 0:
			return rehab.InvalidField(at+"minutes", "nobody who was not there has minutes")
		case a.Presence == Expected && !a.Invited:
			return rehab.InvalidField(at+"presence", "who is expected was invited")
		}
	}
	return nil
}

// Fits refuses a session outside the phase of its programme.
func (s Session) Fits(p Programme) *rehab.Error {
	if s.Phase > len(p.Phases) {
		return rehab.InvalidField("phase", "the programme has %d phases", len(p.Phases))
	}
	if ph := p.Phases[s.Phase-1]; s.On < ph.From || s.On > ph.To {
		return rehab.InvalidField("on", "phase %d goes from %s to %s", s.Phase, ph.From, ph.To)
	}
	return nil
}

// Attend records who was there. A worker who is not on the list came without an invitation. What
// was recorded before changes with a reason alone.
func (s Session) Attend(entries []Attendance, reason string, today rehab.Date) (Session, error) {
	s.Attendance = slices.Clone(s.Attendance)
	for i, e := range entries {
		at := slices.IndexFunc(s.Attendance, func(a Attendance) bool { return a.Worker == e.Worker })
		if at < 0 {
			s.Attendance = append(s.Attendance, e)
			continue
		}
		old := &s.Attendance[at]
		e.Invited = old.Invited || e.Invited
		if e.Place == "" {
			e.Place = old.Place
		}
		if old.Presence != Expected && *old != e && reason == "" {
			return s, rehab.InvalidField("reason", "is missing: entries[%d] changes what was recorded", i)
		}
		*old = e
	}
	return s, asError(s.Check(today))
}
