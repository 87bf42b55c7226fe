package documents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"guitu/board"
	"guitu/rehab"
)

// file are the papers of a case while its history is read.
type file struct {
	caseID  string
	history []rehab.Event
	entries []Entry
	at      map[int64][]int // of the event whose papers they are: their places in entries
	refers  map[int64]int64 // what an event that took the place of another is referred to by
	drafts  map[duty]int64  // the first event that opened a duty with a draft
}

// duty is what a draft is about: the same number may stand for another ground after a revision.
type duty struct {
	id     rehab.ObligationID
	ground rehab.Ground
}

func newFile(caseID string, history []rehab.Event) *file {
	return &file{caseID: caseID, history: history, at: make(map[int64][]int), refers: make(map[int64]int64), drafts: make(map[duty]int64)}
}

// referredTo is the sequence by which others refer to the event.
func (f *file) referredTo(seq int64) int64 {
	if id, ok := f.refers[seq]; ok {
		return id
	}
	return seq
}

func (f *file) take(e rehab.Event) {
	switch d := e.Data.(type) {
	case rehab.LifeRevised:
		for _, s := range d.As {
			f.refers[s.At] = s.For
		}
		for _, x := range d.Taken {
			f.withdraw(e, x)
		}
	case rehab.ViolationReached:
		if d.Withdrawn && len(f.caseAt(e.Seq).Counters.Violations) == 0 {
			f.withdrawCertificate(e)
		}
	case rehab.CaseVoided: // the file says so once, for all its papers
		for i := range f.entries {
			if x := &f.entries[i]; !x.Draft && x.WithdrawnOn == 0 && x.Kind != Withdrawal {
				x.WithdrawnOn, x.WithdrawnBy = rehab.DateOf(e.RecordedAt), e.Seq
			}
		}
	}
	if _, known := f.at[e.Seq]; known {
		return
	}
	for _, x := range entriesOf(f.caseID, e) {
		x.Origin = f.began(e)
		f.at[e.Seq] = append(f.at[e.Seq], len(f.entries))
		f.entries = append(f.entries, x)
	}
	if d, ok := e.Data.(rehab.ObligationMet); ok {
		f.met(d.ID, e)
	}
}

// began is the event with which the paper of the event began: its draft's, where the event
// names it. What a revision tells again began where it began before.
func (f *file) began(e rehab.Event) int64 {
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		key := duty{d.Obligation.ID, d.Obligation.Ground}
		if f.drafts[key] == 0 {
			f.drafts[key] = e.Seq
		}
		return f.drafts[key]
	case rehab.PoliceReportSent:
		if draft := f.drafts[duty{d.Obligation, d.Ground}]; draft > 0 {
			return draft
		}
	case rehab.CorrectionSent:
		if draft := f.drafts[duty{d.Obligation, d.Ground}]; draft > 0 {
			return draft
		}
	case rehab.FileForwarded:
		return d.Transfer
	case rehab.LeaveDecided:
		return d.Leave
	case rehab.TestObjected:
		return d.Test
	case rehab.ObligationMet:
		if draft := f.drafts[duty{d.ID, rehab.NoGround}]; draft > 0 {
			return draft
		}
	}
	return f.referredTo(e.Seq)
}

// met says of the papers that came with the same command that they began with the drafts of
// the duty that it closes.
func (f *file) met(id rehab.ObligationID, e rehab.Event) {
	draft := f.drafts[duty{id, rehab.NoGround}]
	if draft == 0 {
		return
	}
	for _, k := range draftsOf(id.Kind, rehab.NoGround) {
		for i := len(f.entries) - 1; i >= 0; i-- {
			x := &f.entries[i]
			if x.Kind == k && !x.Draft && x.Seq < e.Seq && f.history[x.Seq-1].Command == e.Command {
				x.Origin = draft
				break
			}
		}
	}
}

// caseAt is the case once the event is in it.
func (f *file) caseAt(seq int64) *rehab.Case {
	c := &rehab.Case{ID: f.caseID}
	for _, e := range f.history {
		if e.Seq <= seq {
			c.Apply(e)
		}
	}
	return c
}

// withdrawCertificate marks the certificate of a serious violation that is none any more: a
// miss behind it was justified, say, and no record was put right.
func (f *file) withdrawCertificate(by rehab.Event) {
	for i := len(f.entries) - 1; i >= 0; i-- {
		if x := &f.entries[i]; x.Kind == Certificate && !x.Draft && x.WithdrawnOn == 0 {
			f.withdrawn(i, by)
			return
		}
	}
}

// withdraw marks the papers of an event that the revision took back, and adds one notice for
// all of them. Where another event took its place and says the same on paper, they stand.
func (f *file) withdraw(revision rehab.Event, t rehab.Taken) {
	standing := slices.DeleteFunc(slices.Clone(f.at[t.Seq]), func(i int) bool { return f.entries[i].Draft || f.entries[i].WithdrawnOn != 0 })
	if len(standing) == 0 {
		return
	}
	var instead rehab.EventData
	if t.Instead > 0 && t.Instead <= int64(len(f.history)) {
		instead = f.history[t.Instead-1].Data
	}
	if instead != nil && samePaper(f.history[t.Seq-1].Data, instead) {
		f.at[t.Instead] = f.at[t.Seq]
		return
	}
	for _, i := range standing {
		f.entries[i].WithdrawnOn, f.entries[i].WithdrawnBy = rehab.DateOf(revision.RecordedAt), revision.Seq
	}
	if !groundless(instead) { // what went to the police is put right by a letter to the police
		f.withdrawn(standing[0], revision)
	}
}

// withdrawn marks the paper and adds the notice of its withdrawal.
func (f *file) withdrawn(i int, by rehab.Event) {
	on, paper := rehab.DateOf(by.RecordedAt), f.entries[i]
	f.entries[i].WithdrawnOn, f.entries[i].WithdrawnBy = on, by.Seq
	f.entries = append(f.entries, Entry{
		ID: fmt.Sprintf("%s/%d/%s", f.caseID, paper.Seq, Withdrawal), Seq: paper.Seq, Origin: paper.Seq, Kind: Withdrawal, Title: titles[Withdrawal],
		On: on, WithdrawnBy: by.Seq, Of: paper.Kind,
	})
}

func groundless(d rehab.EventData) bool {
	switch d := d.(type) {
	case rehab.PoliceReportSent:
		return d.Groundless
	case rehab.CorrectionSent:
		return d.Groundless
	}
	return false
}

// samePaper reports whether two events say the same but for the numbers that the engine
// gives to obligations.
func samePaper(a, b rehab.EventData) bool {
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	x, errX := saidOn(a)
	y, errY := saidOn(b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

func saidOn(d rehab.EventData) (out map[string]any, err error) {
	raw, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	delete(out, "obligation")
	return out, err
}

// revisionOf finds the revision that an event belongs to: its event, and the last one of it.
func revisionOf(history []board.TimelineEntry, seq int64) (rehab.LifeRevised, int64) {
	for i := len(history) - 1; i >= 0; i-- {
		if d, ok := history[i].Data.(rehab.LifeRevised); ok && history[i].Seq <= seq && seq <= d.Last {
			return d, history[i].Seq
		}
	}
	return rehab.LifeRevised{}, 0
}

// standing is the event that holds, as of the paper, under the sequence by which others
// refer to it.
func (r *reader) standing(id int64) board.TimelineEntry {
	at := id
	for _, e := range r.History[:r.until] {
		if d, ok := e.Data.(rehab.LifeRevised); ok {
			at = id
			for _, s := range d.As {
				if s.For == id {
					at = s.At
				}
			}
		}
	}
	return r.History[at-1]
}

// takenBy is the revision that took the event back; 0 where none did.
func takenBy(history []board.TimelineEntry, seq int64) int64 {
	for _, e := range history {
		if d, ok := e.Data.(rehab.LifeRevised); ok {
			for _, x := range d.Taken {
				if x.Seq == seq {
					return e.Seq
				}
			}
		}
	}
	return 0
}

// reason says in neutral words why the revision took something back.
func reason(history []board.TimelineEntry, revision int64) string {
	if revision == 0 {
		return "根据补充登记的事实，所依据的情形不成立"
	}
	if d, ok := history[revision-1].Data.(rehab.LifeRevised); ok {
		for _, e := range history[revision:min(d.Last, int64(len(history)))] {
			switch e.Data.(type) {
			case rehab.RecordWithdrawn:
				return "所依据的记录系误录，已予撤销"
			case rehab.RecordCorrected:
				return "所依据的记录有误，已予更正"
			}
		}
	}
	return "根据补充登记的事实，所依据的情形不成立"
}
