package main

import (
	"context"
	"fmt"
	"io"

	"guitu/board"
	"guitu/rehab"
	"guitu/words"
)

// hero is a client whose life the demonstration tells, under a name that is made up.
type hero struct {
	zh, en   string
	personas []string // whose life it is
	orderNo  string   // empty: not chosen yet
	caseID   string
	seq      int64 // of the last event that was told
}

// story tells what happens to three clients, in a sentence for each event of note.
type story struct {
	heroes []*hero
	events timelines
	lang   words.Lang
	server string
	out    io.Writer
}

// timelines are the histories of cases. *store.Store has them.
type timelines interface {
	Timeline(ctx context.Context, caseID string, after int64, limit int) ([]board.TimelineEntry, error)
}

func newStory(events timelines, lang words.Lang, server string, out io.Writer) *story {
	return &story{events: events, lang: lang, server: server, out: out, heroes: []*hero{
		{zh: "林小禾", en: "Lin Xiaohe", personas: []string{"steady"}},
		{zh: "周远", en: "Zhou Yuan", personas: []string{"wavering", "late"}},
		{zh: "陈一鸣", en: "Chen Yiming", personas: []string{"silent", "evading"}},
	}}
}

// cast gives a part to the client of an order, by what kind of client it is: with the
// order's case id. The answer is the client's name, empty for one whose life is not told.
func (s *story) cast(orderNo, caseID string) string {
	for _, h := range s.heroes {
		if h.orderNo == orderNo {
			return h.zh
		}
	}
	for _, h := range s.heroes {
		for _, p := range h.personas {
			if h.orderNo == "" && p == persona(caseID) {
				h.orderNo, h.caseID = orderNo, caseID
				return h.zh
			}
		}
	}
	return ""
}

func (s *story) say(format string, args ...any) {
	fmt.Fprintln(s.out, s.lang.Line(format, args...))
}

// introduce says whose lives will be told, and where else they can be seen.
func (s *story) introduce() {
	s.say("Simulated staff and clients work through the orders of the roster. Three lives are told here; the names are made up:")
	for _, h := range s.heroes {
		s.say("  %s", s.about(h))
	}
	s.say("Everything can be looked at while it goes on: %s/docs", s.server)
}

func (s *story) about(h *hero) string {
	switch h.personas[0] {
	case "steady":
		return s.lang.Line("%s keeps to the agreement", s.name(h))
	case "wavering":
		return s.lang.Line("%s misses some of it, or is late", s.name(h))
	}
	return s.lang.Line("%s will not be met", s.name(h))
}

func (s *story) name(h *hero) string {
	if s.lang == words.ZH {
		return h.zh
	}
	return h.en
}

// tell tells what has happened since the last time.
func (s *story) tell(ctx context.Context) error {
	const page = 200
	for _, h := range s.heroes {
		if h.caseID == "" {
			continue
		}
		for {
			list, err := s.events.Timeline(ctx, h.caseID, h.seq, page)
			if err != nil {
				return err
			}
			for _, e := range list {
				h.seq = e.Seq
				if text := s.sentence(h, e.Event); text != "" {
					fmt.Fprintf(s.out, "%s  %s\n", rehab.DateOf(e.RecordedAt), text)
				}
				if _, opened := e.Data.(rehab.CaseOpened); opened {
					fmt.Fprintf(s.out, "            %s/v1/cases/%s  …/why  …/timeline\n", s.server, h.caseID)
				}
			}
			if len(list) < page {
				break
			}
		}
	}
	return nil
}

// sentence is what an event means to somebody who looks on; empty where it is everyday.
func (s *story) sentence(h *hero, e rehab.Event) string {
	who := s.name(h)
	switch d := e.Data.(type) {
	case rehab.CaseOpened:
		return s.lang.Line("%s: the case is opened, %s for %d months; 15 days to report in", who, word(s.lang, d.Measure), d.TermMonths)
	case rehab.ReportedIn:
		if d.Late {
			return s.lang.Line("%s reports in, after the last day; the term runs to %s", who, d.TermEnd)
		}
		return s.lang.Line("%s reports in; the term runs to %s", who, d.TermEnd)
	case rehab.AgreementSigned:
		return s.lang.Line("%s signs the agreement", who)
	case rehab.WorkerAssigned:
		return s.lang.Line("%s gets the worker %s", who, d.Worker)
	case rehab.PlanMade:
		return s.lang.Line("%s has a plan of help with %d goals", who, len(d.Goals))
	case rehab.ObligationMissed:
		return s.lang.Line("%s misses: %s, number %d; a person has to confirm it", who, s.duty(d.ID.Kind), d.ID.N)
	case rehab.MissConfirmed:
		return s.lang.Line("the station confirms that %s missed: %s, number %d", who, s.duty(d.ID.Kind), d.ID.N)
	case rehab.EscalationOpened:
		return s.lang.Line("%s is told about %s: %s, number %d", word(s.lang, d.Role), who, s.duty(d.Obligation.Kind), d.Obligation.N)
	case rehab.EscalationClimbed:
		if !d.Repeat {
			return s.lang.Line("nobody answered for %s: now %s is told", who, word(s.lang, d.Role))
		}
	case rehab.EscalationAcknowledged:
		return s.lang.Line("somebody answers for %s, and promises to settle it by %s", who, d.Promise)
	}
	return s.sentenceOfBreach(who, e)
}

// sentenceOfBreach goes on with breaches, outreach and the end.
func (s *story) sentenceOfBreach(who string, e rehab.Event) string {
	switch d := e.Data.(type) {
	case rehab.TestRecorded:
		if d.Result != rehab.Negative {
			return s.lang.Line("a test of %s: %s", who, word(s.lang, d.Result))
		}
	case rehab.TestResolved:
		if d.Confirmed {
			return s.lang.Line("the positive test of %s is confirmed", who)
		}
	case rehab.OutreachStarted:
		return s.lang.Line("the worker begins to reach out to %s; without contact it is called a lost contact on %s", who, d.LostOn)
	case rehab.ReEngaged:
		return s.lang.Line("%s is in contact again, after %d attempts in %d days", who, d.Attempts, d.Days)
	case rehab.EngagementStalled:
		return s.lang.Line("reaching out to %s has stalled after %d attempts: the station head supervises it", who, d.Attempts)
	case rehab.LostContactConfirmed:
		return s.lang.Line("the station confirms that contact with %s is lost", who)
	case rehab.ViolationReached:
		if !d.Withdrawn {
			return s.lang.Line("%s has reached a serious violation of the agreement: %s", who, word(s.lang, d.Ground))
		}
	case rehab.MeasureIssued:
		return s.lang.Line("%s is given: %s", who, s.duty(d.Step))
	case rehab.PoliceReportSent:
		return s.lang.Line("the report on %s goes to the police", who)
	case rehab.ReferralMade:
		return s.lang.Line("%s is referred to: %s", who, word(s.lang, d.Agency))
	case rehab.PlacementStarted:
		return s.lang.Line("%s begins: %s", who, word(s.lang, d.Kind))
	case rehab.CaseTerminated:
		return s.lang.Line("the measure of %s ends without release: %s", who, word(s.lang, d.Ground))
	case rehab.TermPassed:
		return s.lang.Line("the term of %s is over", who)
	case rehab.CaseReleased:
		return s.lang.Line("%s is released; after-care begins", who)
	}
	return ""
}

func (s *story) duty(k rehab.Kind) string {
	o := rehab.OwedFor("", k, 0)
	if s.lang == words.ZH {
		return o.ZH
	}
	return o.EN
}

// word is what the code of an enum is called.
func word[T ~string](lang words.Lang, code T) string {
	e, _ := rehab.EnumOf[T]()
	for _, w := range e.Words {
		switch {
		case w.Code == string(code) && lang == words.ZH:
			return w.ZH
		case w.Code == string(code):
			return w.EN
		}
	}
	return string(code)
}
