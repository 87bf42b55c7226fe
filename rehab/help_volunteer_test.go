package rehab_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// clean gives a case in execution a year after report-in, with everything kept that a
// standing rests on.
func clean(t *testing.T) *life {
	t.Helper()
	l := executing(t, "2026-03-10")
	for _, d := range []string{"2026-03-20", "2026-05-20", "2026-08-20", "2026-12-20", "2027-03-10"} {
		l.to(d)
	}
	l.do(met(rehab.HomeVisit))
	for _, o := range l.c.Clone().Obligations {
		if o.Status == rehab.Missed && slices.Contains(rehab.ClientDuties(), o.ID.Kind) {
			l.do(rehab.DismissMiss{Obligation: o.ID})
		}
	}
	return l
}

func lacks(l *life) []string { return codes(l.c.Standing(l.env.Policy, l.env.Today())) }

func TestAClientInGoodStandingBecomesAVolunteerByAPersonsWord(t *testing.T) {
	t.Parallel()
	l := clean(t)
	require.Empty(t, lacks(l), "what the offices owe is not held against the client")
	require.NotEmpty(t, l.c.Escalations)
	l.do(rehab.OfferToVolunteer{})
	require.Equal(t, rehab.Offered, l.c.Help.Volunteer.State)
	require.Equal(t, day("2027-03-24"), l.duty("volunteer_decision-1").Due)
	require.Equal(t, rehab.Refused, l.refuses(rehab.OfferToVolunteer{}).Code)
	duties := len(l.c.Obligations)
	l.by(station).do(rehab.DecideVolunteer{Accept: true})
	require.Equal(t, rehab.Volunteering, l.c.Help.Volunteer.State)
	require.Len(t, l.c.Obligations, duties-1, "the client's own duties go on")
	require.Contains(t, codes(l.c.Explain(l.env).Next), "volunteer")
	require.Equal(t, rehab.Refused, l.refuses(rehab.DecideVolunteer{}).Code)
	l.do(rehab.StopVolunteering{})
	require.Empty(t, l.c.Help.Volunteer)
	require.Equal(t, rehab.Refused, l.refuses(rehab.StopVolunteering{}).Code)
}

func TestTheStandingSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"not_in_execution"}, lacks(served(t)))
	l := executing(t, "2026-03-10")
	require.Equal(t, []string{"not_clean_long_enough"}, lacks(l))
	require.NotEmpty(t, l.refuses(rehab.OfferToVolunteer{}).Citation)
	l.to("2026-03-25") // a contact was missed
	require.Equal(t, []string{"not_clean_long_enough", "escalation"}, lacks(l))
	l = clean(t)
	l.do(urine(rehab.PositiveProvisional))
	require.Equal(t, []string{"provisional_positive"}, lacks(l))
	l = clean(t)
	for range 3 {
		l.breach(rehab.TestRefused)
	}
	require.Equal(t, []string{"violation"}, lacks(l))
}

func TestALostStandingProposesTheEndAndAPersonDecides(t *testing.T) {
	t.Parallel()
	l := clean(t)
	l.do(rehab.OfferToVolunteer{})
	l.do(rehab.DecideVolunteer{Accept: true})
	l.do(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, rehab.StandingGone, l.c.Help.Volunteer.State)
	require.Equal(t, []string{"not_in_execution"}, l.c.Help.Volunteer.Lost)
	l.duty("volunteer_decision-2")
	require.NotEmpty(t, l.refuses(rehab.DecideVolunteer{Accept: true}).Citation, "the standing is not good")
	require.Contains(t, codes(l.c.Explain(l.env).Waiting), "volunteer_standing_lost")
	l.do(rehab.Resume{})
	l.do(rehab.DecideVolunteer{Accept: true}) // the client may stay
	require.Equal(t, rehab.Volunteering, l.c.Help.Volunteer.State)

	l.do(urine(rehab.PositiveConfirmed))
	require.Equal(t, []string{"not_clean_long_enough"}, l.c.Help.Volunteer.Lost)
	l.to("2027-03-11")
	l.do(rehab.DecideVolunteer{})
	require.Empty(t, l.c.Help.Volunteer)
	require.Equal(t, rehab.EndOfStanding, only[rehab.VolunteerEnded](t, l.ledger).Why)
}

func TestTimeAloneTakesTheStandingOfAVolunteerWhoMissesAContact(t *testing.T) {
	t.Parallel()
	l := clean(t)
	l.do(rehab.OfferToVolunteer{})
	l.do(rehab.DecideVolunteer{Accept: true})
	events := l.to("2027-04-30")
	lost := only[rehab.StandingLost](t, events)
	require.Equal(t, []string{"escalation"}, lost.Reasons)
	require.Less(t, lost.On, day("2027-04-30"), "with the legal instant of the miss")
	require.Equal(t, rehab.Missed, l.duty("volunteer_decision-2").Status)
	require.NotContains(t, rehab.ClientDuties(), rehab.VolunteerDuty)
}

func TestAnOfferThatIsNotAcceptedLeavesNothing(t *testing.T) {
	t.Parallel()
	l := clean(t)
	l.do(rehab.OfferToVolunteer{})
	l.do(rehab.DecideVolunteer{})
	require.Equal(t, rehab.NotAccepted, only[rehab.VolunteerEnded](t, l.ledger).Why)
	l.do(rehab.OfferToVolunteer{})
	l.do(rehab.StopVolunteering{})
	l.gone("volunteer_decision-2")
}
