package simulation

import (
	"time"

	"guitu/rehab"
)

// deed is what a plan does.
type deed int

const (
	fulfil  deed = iota // do what the obligation asks for
	look                // the station head looks at a miss
	answer              // somebody answers for an escalation
	letOut              // the client leaves custody
	letBack             // the client is back from leave
)

// planFor decides whether and when an obligation that is open will be done.
func (st *street) planFor(cl *client, o *rehab.Obligation, today rehab.Date) {
	b := &st.s.Behavior
	chance, recurs := 1.0, false
	switch o.ID.Kind {
	case rehab.ReportInDuty:
		chance = b.ReportsIn
	case rehab.AgreementDuty:
		chance = b.Signs
	case rehab.TestDuty, rehab.SurpriseTestDuty:
		chance, recurs = b.KeepsTest, true
	case rehab.ContactDuty, rehab.HomeVisitDuty, rehab.AssessmentDuty, rehab.FollowUpDuty:
		chance, recurs = b.KeepsContact, true
	case rehab.WatchContactDuty:
		chance = b.KeepsContact
	case rehab.OutreachDuty:
		on := max(o.Opens, today).AddDays(upTo(2, cl.seed, when, key(o.ID)))
		cl.plans = append(cl.plans, plan{on: on, due: o.Due.AddDays(90), id: o.ID})
		return
	}
	from, about := max(o.Opens, today), key(o.ID)
	if draw(cl.seed, keeps, about) >= chance {
		if !recurs { // what comes once is done late
			late := max(o.Due, today).AddDays(1 + upTo(20, cl.seed, lateBy, about))
			cl.plans = append(cl.plans, plan{on: late, due: late + 60, id: o.ID, test: o.Test})
		}
		return
	}
	span := max(int(o.Due-from)*3/4, 1)
	cl.plans = append(cl.plans, plan{on: from.AddDays(upTo(span, cl.seed, when, about)), due: o.Due, id: o.ID, test: o.Test})
}

func recurs(k rehab.Kind) bool {
	return k == rehab.TestDuty || k == rehab.SurpriseTestDuty || k == rehab.ContactDuty || k == rehab.HomeVisitDuty || k == rehab.AssessmentDuty || k == rehab.FollowUpDuty
}

// planMiss has the station head look at a miss within a week.
func (st *street) planMiss(cl *client, id rehab.ObligationID, day rehab.Date) {
	if recurs(id.Kind) {
		cl.plans = append(cl.plans, plan{on: day.AddDays(1 + upTo(7, cl.seed, looks, key(id))), due: day.AddDays(90), do: look, id: id})
	}
}

// planAnswer has whoever was told answer within a day, or not.
func (st *street) planAnswer(cl *client, esc int64, day rehab.Date) {
	e := cl.c.Escalation(esc)
	if e != nil && draw(cl.seed, answers, key(e.Obligation)^uint64(day)<<32) < st.s.Behavior.Answers {
		cl.plans = append(cl.plans, plan{on: day + 1, due: day + 1, do: answer, esc: esc})
	}
}

// carryOut does one plan. errNobody: it takes a worker's time and there is none left.
func (st *street) carryOut(cl *client, p plan, day rehab.Date, noon time.Time) error {
	switch p.do {
	case answer:
		if e := cl.c.Escalation(p.esc); e != nil && !e.Acknowledged() {
			st.give(cl, rehab.AcknowledgeEscalation{Escalation: p.esc, Promise: day + 7}, day, noon)
		}
		return nil
	case look:
		evasion := p.id.Kind == rehab.TestDuty && draw(cl.seed, evades, key(p.id)) < st.s.Behavior.Evades
		st.give(cl, rehab.ConfirmMiss{Obligation: p.id, Evasion: evasion}, day, noon)
		return nil
	case letOut:
		st.give(cl, rehab.Resume{}, day, noon)
		return nil
	case letBack:
		st.give(cl, rehab.ReturnFromLeave{Leave: p.esc}, day, noon)
		return nil
	}
	if p.id.Kind == rehab.OutreachDuty {
		return st.reachOut(cl, p, day, noon)
	}
	if recurs(p.id.Kind) || p.id.Kind == rehab.WatchContactDuty {
		if o := cl.c.Obligation(p.id); o == nil || o.Status != rehab.Open && recurs(p.id.Kind) {
			return nil // done in another way
		}
		if !st.spend() {
			return errNobody
		}
	}
	if p.id.Kind == rehab.PoliceReportDuty {
		st.give(cl, rehab.ConfirmPoliceReport{Obligation: p.id}, day, noon)
	}
	if body := st.bodyFor(cl, p, day); body != nil {
		st.give(cl, body, day, noon)
	}
	return nil
}

func (st *street) bodyFor(cl *client, p plan, day rehab.Date) rehab.CommandBody {
	switch p.id.Kind {
	case rehab.ReportInDuty:
		return rehab.ReportIn{}
	case rehab.AssignWorkerDuty:
		return rehab.AssignWorker{Worker: "simulation"}
	case rehab.AgreementDuty:
		return rehab.SignAgreement{}
	case rehab.SurpriseTestDuty:
		return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative, Surprise: true}
	case rehab.TestDuty:
		if draw(cl.seed, positive, key(p.id)) < st.s.Behavior.Positive {
			return rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional}
		}
		return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative}
	case rehab.ContactDuty, rehab.WatchContactDuty, rehab.FollowUpDuty:
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	case rehab.HomeVisitDuty:
		return rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met}
	case rehab.AssessmentDuty:
		return rehab.RecordAssessment{}
	case rehab.TestResultDuty:
		return rehab.ResolveTest{Test: p.test, Confirmed: draw(cl.seed, confirmed, key(p.id)) < st.s.Behavior.Confirmed}
	case rehab.LaboratoryDuty:
		return rehab.RecordLaboratoryResult{Test: p.test, Confirmed: draw(cl.seed, confirmed, key(p.id)) < st.s.Behavior.Confirmed}
	case rehab.PoliceReportDuty:
		return rehab.SendPoliceReport{Obligation: p.id}
	case rehab.SupervisionDuty:
		return rehab.RecordSupervision{Form: rehab.InternalSupervision}
	case rehab.LostContactDuty:
		return rehab.ConfirmLostContact{}
	case rehab.SuspensionReviewDuty:
		return rehab.ReviewSuspension{}
	case rehab.TermConfirmationDuty:
		return rehab.ConfirmTerm{TermEnd: cl.c.TermEnd}
	case rehab.ReleaseFileDuty:
		return rehab.SubmitReleaseFile{}
	case rehab.ReleaseDuty:
		return rehab.Release{}
	case rehab.CrisisFollowUpDuty:
		return rehab.CloseCrisis{Crisis: p.test}
	case rehab.VolunteerDuty:
		return rehab.DecideVolunteer{Accept: true}
	case rehab.DynamicControlDuty:
		return rehab.EndDynamicControl{}
	case rehab.SealingDuty:
		return rehab.Seal{}
	}
	return helpFor(p, day)
}

// helpFor is what the helping side owes.
func helpFor(p plan, day rehab.Date) rehab.CommandBody {
	switch p.id.Kind {
	case rehab.WorkingGroupDuty:
		return rehab.JoinGroup{Members: []rehab.NewMember{
			{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}, {Role: rehab.GroupFamily, ID: "f-1"},
		}}
	case rehab.PlanDuty:
		return rehab.MakePlan{Goals: []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: day + 180}, {Stage: rehab.Recovery, Code: "counselling", Target: day + 360},
			{Stage: rehab.ReturnHome, Code: "employment", Target: day + 720},
		}}
	case rehab.PlanReviewDuty:
		return rehab.ReviewPlan{}
	case rehab.WorkReferralDuty:
		return rehab.Refer{Agency: rehab.HumanResources, Kind: "job"}
	case rehab.ReferralReplyDuty:
		return rehab.RecordReferralReply{Referral: p.test, Reply: rehab.ReferralAccepted}
	case rehab.PlacementDuty:
		return rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: p.test}
	case rehab.StillThereDuty:
		return rehab.FollowUpPlacement{Placement: p.test, There: true}
	}
	return nil
}
