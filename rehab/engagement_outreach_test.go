package rehab_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func try(c rehab.Channel, o rehab.Outcome) rehab.RecordContact {
	return rehab.RecordContact{Channel: c, Outcome: o}
}

func declined(c rehab.Channel, why rehab.Excuse) rehab.RecordContact {
	return rehab.RecordContact{Channel: c, Outcome: rehab.Declined, Excuse: why}
}

// evading gives a client in execution who declined twice on 2026-03-12: the outreach is at
// its first step.
func evading(t testing.TB) *life {
	t.Helper()
	l := executing(t, "2026-03-10")
	l.to("2026-03-11")
	l.do(declined(rehab.Phone, rehab.ExcuseWork))
	l.to("2026-03-12")
	l.do(declined(rehab.Phone, rehab.ExcuseIllness))
	return l
}

// exhausted gives the same client on 2026-03-26, with every step done in vain.
func exhausted(t testing.TB) *life {
	t.Helper()
	l := evading(t)
	for _, s := range []struct {
		on      string
		attempt rehab.RecordContact
	}{
		{"2026-03-13", try(rehab.Phone, rehab.NoAnswer)}, {"2026-03-14", try(rehab.Phone, rehab.NoAnswer)},
		{"2026-03-15", try(rehab.SMS, rehab.Sent)},
		{"2026-03-17", try(rehab.HomeVisit, rehab.NotAtHome)}, {"2026-03-19", try(rehab.HomeVisit, rehab.NotAtHome)},
		{"2026-03-21", try(rehab.FamilyVisit, rehab.FamilyMet)}, {"2026-03-24", try(rehab.FamilyVisit, rehab.FamilyMet)},
		{"2026-03-26", try(rehab.JointVisit, rehab.NotAtHome)},
	} {
		l.to(s.on)
		l.do(s.attempt)
	}
	return l
}

// TestTheClientWhoEvadesIsWonBackThroughVisitsToTheFamily is the life that the source
// tells: he moved in, makes excuses, does not answer; the workers go to his family.
func TestTheClientWhoEvadesIsWonBackThroughVisitsToTheFamily(t *testing.T) {
	t.Parallel()
	l := evading(t)
	require.Equal(t, rehab.ReachingOut, l.c.Engagement())
	require.Equal(t, rehab.ByDeclining, l.c.Outreach.Trigger)
	require.Equal(t, "2026-03-15", l.duty("outreach-1").Due.String(), "two calls within three days")
	require.Equal(t, 2, l.c.Counters.Declined)
	require.Zero(t, l.c.Counters.TestBreaches, "declining to meet is no test refusal")
	steps := []rehab.Channel{}
	for _, s := range []struct {
		on      string
		attempt rehab.RecordContact
	}{
		{"2026-03-13", try(rehab.Phone, rehab.NoAnswer)}, {"2026-03-14", try(rehab.Phone, rehab.NoAnswer)}, {"2026-03-15", try(rehab.SMS, rehab.Sent)},
		{"2026-03-17", try(rehab.HomeVisit, rehab.NotAtHome)}, {"2026-03-19", try(rehab.HomeVisit, rehab.NotAtHome)},
		{"2026-03-21", rehab.RecordContact{Channel: rehab.FamilyVisit, Outcome: rehab.FamilyMet, Who: rehab.FamilyAlone}},
	} {
		l.to(s.on)
		steps = append(steps, l.c.Outreach.Step)
		l.do(s.attempt)
	}
	require.Equal(t, []rehab.Channel{rehab.Phone, rehab.Phone, rehab.SMS, rehab.HomeVisit, rehab.HomeVisit, rehab.FamilyVisit}, steps)
	l.duty("outreach-4")
	l.duty("contact-1")
	l.to("2026-03-22")
	back := l.do(rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met, Mood: rehab.Hopeful})
	require.Equal(t, rehab.ReEngaged{
		On: day("2026-03-22"), From: rehab.ReachingOut, Channel: rehab.Talk, Step: rehab.FamilyVisit, After: rehab.FamilyVisit, Attempts: 7, Days: 10,
	}, only[rehab.ReEngaged](t, back), "what worked, after how much, how long it took")
	require.Equal(t, rehab.Engaged, l.c.Engagement())
	require.Equal(t, rehab.Hopeful, l.c.Mood)
	l.gone("outreach-4")
	l.gone("contact-1")
	require.Zero(t, l.c.Unreached)
}

func TestAMetContactOfAnEngagedClientAddsNoEvent(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Len(t, l.do(met(rehab.Phone)), 2, "the contact and the window it meets")
	require.Len(t, l.do(met(rehab.Phone)), 1)
}

func TestAMissedContactWindowBeginsTheOutreachByItself(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	started := only[rehab.OutreachStarted](t, l.ledger)
	require.Equal(t, "missed_window 2026-03-24", string(started.Trigger)+" "+started.On.String(), "the day after the last one")
	require.Equal(t, "2026-03-24 2026-03-27", l.duty("outreach-1").Opens.String()+" "+l.duty("outreach-1").Due.String())
	l.to("2026-03-26")
	events := l.on("2026-03-23", met(rehab.Talk))
	require.Contains(t, took(revised(t, events)), "outreach_started", "the miss was none")
	require.Empty(t, all[rehab.ReEngaged](events))
	l.gone("outreach-1")
	require.Equal(t, rehab.Engaged, l.c.Engagement())
}

func TestAnOutreachOverAMissThatAPersonDismissesIsWithdrawn(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-25")
	events := l.by(station).do(rehab.DismissMiss{Obligation: id("contact-1")})
	require.Equal(t, rehab.OutreachWithdrawn, only[rehab.OutreachEnded](t, events).Why)
}

func TestThreeAttemptsInVainBeginTheOutreach(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(try(rehab.Phone, rehab.NoAnswer))
	l.do(try(rehab.Phone, rehab.NoAnswer))
	require.Equal(t, rehab.Engaged, l.c.Engagement())
	l.do(met(rehab.Phone))
	l.do(try(rehab.Phone, rehab.NoAnswer))
	require.Equal(t, rehab.Engaged, l.c.Engagement(), "they count from the last contact")
	l.to("2026-03-12")
	l.do(try(rehab.Phone, rehab.NoAnswer))
	l.do(try(rehab.HomeVisit, rehab.NotAtHome))
	require.Equal(t, rehab.ByFailedAttempts, l.c.Outreach.Trigger)
}

func TestAStepThatIsNotDoneClimbsLikeAnyMiss(t *testing.T) {
	t.Parallel()
	l := evading(t)
	l.to("2026-03-16")
	require.Equal(t, rehab.Missed, l.duty("outreach-1").Status)
	require.Equal(t, rehab.WorkerRole, l.climb(rehab.OutreachDuty).Role)
	l.to("2026-03-18")
	require.Equal(t, rehab.StationHead, l.climb(rehab.OutreachDuty).Role)
	require.Equal(t, "obligation", l.by(station).refuses(rehab.DismissMiss{Obligation: id("outreach-1")}).Field, "it still has to be done")
	l.by(worker).do(try(rehab.Phone, rehab.NoAnswer))
	l.climb(rehab.OutreachDuty)
	l.do(try(rehab.Phone, rehab.NoAnswer))
	l.quiet(rehab.OutreachDuty)
	require.Equal(t, rehab.SMS, l.c.Outreach.Step)
	require.Equal(t, "2026-03-18", l.duty("outreach-2").Opens.String())
}

func TestAnAttemptOverAnotherChannelIsKeptAndDoesNotDoTheStep(t *testing.T) {
	t.Parallel()
	l := evading(t)
	l.do(try(rehab.SMS, rehab.Sent))
	require.Zero(t, l.c.Outreach.Tries)
	l.do(try(rehab.HomeVisit, rehab.NotAtHome))
	require.Equal(t, 1, l.c.Outreach.Tries, "going there is more than a call")
	require.Equal(t, 2, l.c.Outreach.Attempts)
}

func TestAStepThatALaterPolicyDoesNotHaveIsDoneByItsLastOne(t *testing.T) {
	t.Parallel()
	l := exhausted(t)
	l.by(station).do(rehab.RecordSupervision{Form: rehab.PeerSupervision, Step: rehab.JointVisit})
	l.env.Policy.Outreach.Steps = l.env.Policy.Outreach.Steps[:1]
	l.do(try(rehab.Phone, rehab.NoAnswer))
	require.Len(t, all[rehab.EngagementStalled](l.ledger), 2, "it is exhausted again")
	l.duty("supervision-2")
}

func TestAWrongNumberNeedsNoSecondCall(t *testing.T) {
	t.Parallel()
	l := evading(t)
	l.do(try(rehab.Phone, rehab.WrongNumber))
	require.Equal(t, rehab.SMS, l.c.Outreach.Step)
}

func TestMeetingTheFamilyDoesNotMeetTheContactDuty(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(try(rehab.FamilyVisit, rehab.FamilyMet))
	l.do(rehab.RecordContact{Channel: rehab.SMS, Outcome: rehab.Replied, Mood: rehab.Calm})
	l.duty("contact-1")
	require.Equal(t, 2, l.c.Unreached.Attempts)
	require.Equal(t, rehab.Calm, l.c.Mood)
}

func TestTheStationHeadArrangesTheJointVisit(t *testing.T) {
	t.Parallel()
	l := exhausted(t)
	told := map[string]rehab.Role{}
	for _, e := range l.ledger {
		if d, ok := e.Data.(rehab.OutreachAdvanced); ok {
			told[string(d.Step)] = l.c.Notices(e)[0].Role
		}
	}
	require.Equal(t, rehab.WorkerRole, told["family_visit"])
	require.Equal(t, rehab.StationHead, told["joint_visit"])
}

func TestAnExhaustedOutreachStallsAndIsSupervised(t *testing.T) {
	t.Parallel()
	l := exhausted(t)
	stalled := only[rehab.EngagementStalled](t, l.ledger)
	require.True(t, stalled.Exhausted)
	require.Equal(t, 14, stalled.Days)
	require.Equal(t, rehab.Stalled, l.c.Engagement())
	require.Equal(t, "2026-04-07", l.duty("supervision-1").Due.String(), "seven working days, one of them a holiday")
	l.to("2026-04-08")
	require.Equal(t, rehab.StationHead, l.climb(rehab.SupervisionDuty).Role)
	require.Equal(t, "step", l.by(station).refuses(rehab.RecordSupervision{Form: rehab.PeerSupervision, Step: rehab.Talk}).Field)
	l.do(rehab.RecordSupervision{Form: rehab.ExternalSupervision, Online: true})
	l.quiet(rehab.SupervisionDuty)
	require.Equal(t, rehab.FamilyVisit, l.c.Outreach.Step, "it goes on where the policy says")
	require.Equal(t, rehab.Stalled, l.c.Engagement(), "until the client is back")
	require.Equal(t, rehab.Refused, l.refuses(rehab.RecordSupervision{Form: rehab.PeerSupervision}).Code, "nothing waits for it")
	back := l.by(worker).do(met(rehab.HomeVisit))
	require.Equal(t, rehab.Stalled, only[rehab.ReEngaged](t, back).From)
	require.Equal(t, rehab.AfterLoss, only[rehab.RiskWatchOpened](t, back).Reason)
}

func TestThirtyDaysOfReachingOutStallEvenWithoutAnAttempt(t *testing.T) {
	t.Parallel()
	l := evading(t)
	l.to("2026-04-11")
	require.Equal(t, rehab.ReachingOut, l.c.Engagement())
	l.to("2026-04-12")
	require.Equal(t, rehab.Stalled, l.c.Engagement())
	require.False(t, only[rehab.EngagementStalled](t, l.ledger).Exhausted)
	l.by(station).do(rehab.RecordSupervision{Form: rehab.InternalSupervision})
	require.Equal(t, rehab.Missed, l.duty("outreach-1").Status, "the step that is due stays")
	l.to("2026-06-30")
	require.Zero(t, l.c.Outreach.Found, "nobody is called lost who was not looked for")
}

func TestCustodyAndTheEndOfTheTermEndTheOutreach(t *testing.T) {
	t.Parallel()
	l := exhausted(t)
	events := l.by(station).do(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, rehab.OutreachSuspended, only[rehab.OutreachEnded](t, events).Why)
	l.gone("supervision-1")
	l = evading(t)
	l.toTime(l.c.TermEnd.End())
	require.Equal(t, rehab.OutreachTermOver, all[rehab.OutreachEnded](l.ledger)[0].Why)
	l.gone("outreach-1")
}

func TestWhyTellsWhereTheOutreachStands(t *testing.T) {
	t.Parallel()
	l := evading(t)
	text := func() string {
		var b strings.Builder
		x := l.c.Explain(l.env)
		for _, line := range append(x.Waiting, x.Next...) {
			b.WriteString(line.Code + " " + line.On.String() + " " + line.EN + "\n")
		}
		return b.String()
	}
	require.Contains(t, text(), "outreach_step 2026-03-12 reaching out since 2026-03-12; now a call: 0 of 2 attempts")
	require.Contains(t, text(), "engagement_stalls 2026-04-11")
	l = exhausted(t)
	require.Contains(t, text(), "engagement_stalled 2026-03-26")
	require.Contains(t, text(), "contact_is_lost 2026-05-11")
}

func TestWhatDoesNotFitAContactIsNamed(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	for field, b := range map[string]rehab.RecordContact{
		"outcome": {Channel: rehab.Phone, Outcome: rehab.Sent},
		"excuse":  {Channel: rehab.Phone, Outcome: rehab.NoAnswer, Excuse: rehab.ExcuseWork},
		"mood":    {Channel: rehab.Phone, Outcome: rehab.NoAnswer, Mood: rehab.Calm},
		"who":     {Channel: rehab.Phone, Outcome: rehab.Met, Who: rehab.Neighbour},
	} {
		require.Equal(t, field, l.refuses(b).Field)
	}
	require.Equal(t, "excuse", l.refuses(rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Declined, Excuse: "rain"}).Field)
	require.Equal(t, "mood", l.refuses(rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met, Mood: "sunny"}).Field)
}
