package rehab_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guitu/rehab"
)

// knownOnly are the facts that rest on what an office knew, and when: told at another time,
// they find nothing to answer.
func (w *teller) knownOnly(f given) bool {
	for _, r := range f.refs {
		if r.duty.Ground == rehab.LostToSupervision { // reported when an outreach led nowhere
			return true
		}
	}
	switch b := f.cmd.Body.(type) {
	case rehab.AcknowledgeEscalation: // a ladder that stands otherwise
		return true
	case rehab.ApplyCalendar: // it may find nothing to move
		return true
	case rehab.RecordSupervision, rehab.ConfirmLostContact, rehab.DismissLostContact: // of an outreach, which counts from what was known
		return true
	case rehab.DecideVolunteer:
		return w.fellByClimb() || w.of.fellByClimb()
	case rehab.ConfirmMiss:
		return officeKnows[b.Obligation.Kind] != "" || slices.Contains(ofOutreach, b.Obligation.Kind)
	}
	return false
}

// fellByClimb reports whether a volunteer's standing fell by nothing but a climb, whose time
// follows from when an office knew.
func (b *book) fellByClimb() bool {
	return slices.ContainsFunc(b.h.Events, func(e rehab.Event) bool {
		d, ok := e.Data.(rehab.StandingLost)
		return ok && slices.Equal(d.Reasons, []string{"escalation"})
	})
}

// officeKnows are the duties whose days, or which themselves, follow from when an office
// knew. The others have to be the same.
var officeKnows = map[rehab.Kind]string{
	rehab.PoliceReportDuty:     "24 hours from when somebody knew",
	rehab.RefusalDuty:          "the head has the whole time from when it was known",
	rehab.CorrectionDuty:       "24 hours from when its ground was known to have fallen",
	rehab.HelpOfferDuty:        "opens with the report",
	rehab.AssignWorkerDuty:     "from when the station knew that it has a client without a worker",
	rehab.EducationDuty:        "a step of the ladder is proposed when the count is known",
	rehab.LetterOfAdvice:       "a step of the ladder is proposed when the count is known",
	rehab.WarningLetter:        "a step of the ladder is proposed when the count is known",
	rehab.ViolationDocument:    "a step of the ladder is proposed when the count is known",
	rehab.WorkingGroupDuty:     "the station has the whole time from when it knew",
	rehab.PlanDuty:             "the worker has the whole time from when the signing was known",
	rehab.WorkReferralDuty:     "the worker has the whole time from when the wish was known",
	rehab.VolunteerDuty:        "the station has the whole time from when it knew of the wish",
	rehab.SuspensionReviewDuty: "asked again from when custody was known",
	rehab.TermConfirmationDuty: "the police are asked from when the release was known",
	rehab.HoldReviewDuty:       "from when the hold was known",
	rehab.TransferSettleDuty:   "from when the return was known",
	rehab.CrisisFollowUpDuty:   "hours from when it was known",
	rehab.ReceiptDuty:          "follows the report",
}

// ofOutreach are the duties of winning a client back and of a time of higher risk: whether
// there are any follows from what was known at each moment.
var ofOutreach = []rehab.Kind{rehab.OutreachDuty, rehab.SupervisionDuty, rehab.LostContactDuty, rehab.WatchContactDuty, rehab.AmendmentDuty}

// law is what the law says of a case. What is left out: see each line of lawOf.
type law struct {
	Case   rehab.Case
	Duties []string
	Known  []string // duties whose days follow from when an office knew: that they are there
}

// withoutVolunteer leaves out whether the client is one.
func (l *law) withoutVolunteer() {
	l.Case.Help.Volunteer = rehab.Volunteer{}
	l.Known = slices.DeleteFunc(l.Known, func(s string) bool { return strings.HasPrefix(s, string(rehab.VolunteerDuty)+" ") })
}

func (b *book) lawOf(c *rehab.Case) law {
	c = c.Clone()
	l := law{}
	for _, o := range c.Obligations {
		about := b.nameOf(o.About)
		switch {
		case slices.Contains(ofOutreach, o.ID.Kind) || o.Ground == rehab.LostToSupervision:
		case officeKnows[o.ID.Kind] != "":
			l.Known = append(l.Known, fmt.Sprint(o.ID.Kind, " ", about))
		default:
			l.Duties = append(l.Duties, fmt.Sprint(o.ID.Kind, " ", o.Opens, "-", o.Due, " ", o.Status, " ", o.Ground, " ", o.Counted, " ", o.Fixed, " ", about))
		}
	}
	slices.Sort(l.Known)
	slices.Sort(l.Duties)
	c.Seq, c.Revised, c.Unsettled, c.LivedTo = 0, 0, 0, time.Time{}                           // bookkeeping
	c.OpenedAt = time.Time{}                                                                  // when the opening was last written down
	c.Obligations, c.Numbers = nil, nil                                                       // in Duties; numbers of the offices' duties
	c.NoticeYear = 0                                                                          // what was open when somebody held it against a notice
	c.Reported = nil                                                                          // what was sent
	c.Occasions = nil                                                                         // sequences of what was told last
	c.Escalations = nil                                                                       // who was told, and when
	c.Amendments = nil                                                                        // of the record itself
	c.Outreach, c.Unreached, c.Watch = rehab.Outreach{}, rehab.Unreached{}, rehab.RiskWatch{} // follow from what was known
	c.Alarms = slices.DeleteFunc(c.Alarms, func(a rehab.Alarm) bool {
		return slices.Contains([]rehab.AlarmKind{"engagement_stalled", "contact_lost", "risk_watch"}, a.Kind) // likewise
	})
	c.Help.Volunteer.Lost = nil // the climbs among it
	rename := func(id *int64) {
		name := b.nameOf(*id)
		if *id == 0 || name == "" {
			return
		}
		*id = hash(name)
	}
	for i := range c.Alarms {
		rename(&c.Alarms[i].Ref)
	}
	for i := range c.Leaves {
		rename(&c.Leaves[i].ID)
	}
	for i := range c.Pending {
		rename(&c.Pending[i].Test)
	}
	for i := range c.Samples {
		rename(&c.Samples[i].Test)
	}
	for i := range c.Confirmed {
		rename(&c.Confirmed[i].Test)
	}
	for i := range c.Relapsed {
		rename(&c.Relapsed[i].Test)
	}
	for i := range c.Refusals {
		rename(&c.Refusals[i].Test)
	}
	for i := range c.Custodies {
		rename(&c.Custodies[i].ID)
		c.Custodies[i].Told = time.Time{} // when somebody told of it
	}
	for i := range c.Absences {
		rename(&c.Absences[i].ID)
	}
	for i := range c.Granted {
		rename(&c.Granted[i].ID)
	}
	for i := range c.Holds {
		rename(&c.Holds[i].ID)
	}
	for i := range c.Crises {
		rename(&c.Crises[i].ID)
	}
	for i := range c.Help.Referrals {
		rename(&c.Help.Referrals[i].ID)
	}
	for i := range c.Help.Placements {
		rename(&c.Help.Placements[i].ID)
		rename(&c.Help.Placements[i].Referral)
	}
	rename(&c.Transfer.ID)
	rename(&c.Arrival.Transfer)
	l.Case = *c
	return l
}

func hash(s string) int64 {
	var h int64 = 7
	for _, r := range s {
		h = h*31 + int64(r)
	}
	return h
}
