package simulation

import (
	"time"

	"guitu/rehab"
)

// planFor decides whether and when an obligation that opened will be done.
func (st *street) planFor(cl *client, o *rehab.Obligation) {
	b := &st.s.Behavior
	keeps := 1.0
	switch o.ID.Kind {
	case rehab.ReportInDuty:
		keeps = b.ReportsIn
	case rehab.AgreementDuty:
		keeps = b.Signs
	case rehab.TestDuty, rehab.SurpriseTestDuty:
		keeps = b.KeepsTest
	case rehab.ContactDuty, rehab.HomeVisitDuty, rehab.AssessmentDuty, rehab.WatchContactDuty:
		keeps = b.KeepsContact
	case rehab.OutreachDuty:
		cl.plans = append(cl.plans, plan{on: o.Opens.AddDays(st.rng.IntN(2)), due: o.Due.AddDays(90), id: o.ID})
		return
	case rehab.PoliceReportDuty:
		st.now.Reports++
	}
	if !st.chance(keeps) {
		if !recurs(o.ID.Kind) { // what comes once is done late
			cl.plans = append(cl.plans, plan{on: o.Due.AddDays(1 + st.rng.IntN(20)), due: o.Due.AddDays(60), id: o.ID, test: o.Test})
		}
		return
	}
	span := max(int(o.Due-o.Opens)*3/4, 1)
	cl.plans = append(cl.plans, plan{on: o.Opens.AddDays(st.rng.IntN(span)), due: o.Due, id: o.ID, test: o.Test})
}

func recurs(k rehab.Kind) bool {
	return k == rehab.TestDuty || k == rehab.SurpriseTestDuty || k == rehab.ContactDuty || k == rehab.HomeVisitDuty || k == rehab.AssessmentDuty
}

// planMiss has the station head look at a miss within a week.
func (st *street) planMiss(cl *client, id rehab.ObligationID, day rehab.Date) {
	if recurs(id.Kind) {
		cl.plans = append(cl.plans, plan{on: day.AddDays(1 + st.rng.IntN(7)), due: day.AddDays(90), id: id, esc: -1})
	}
}

// planAnswer has whoever was told answer within a day, or not.
func (st *street) planAnswer(cl *client, esc int64, day rehab.Date) {
	if st.chance(st.s.Behavior.Answers) {
		cl.plans = append(cl.plans, plan{on: day + 1, due: day + 1, esc: esc})
	}
}

// carryOut does one plan. errNobody: it takes a worker's time and there is none left.
func (st *street) carryOut(cl *client, p plan, day rehab.Date, noon time.Time) error {
	switch {
	case p.esc > 0:
		if e := cl.c.Escalation(p.esc); e != nil && !e.Acknowledged() {
			st.give(cl, rehab.AcknowledgeEscalation{Escalation: p.esc, Promise: day + 7}, day, noon)
		}
		return nil
	case p.esc < 0:
		evasion := p.id.Kind == rehab.TestDuty && st.chance(st.s.Behavior.Evades)
		st.give(cl, rehab.ConfirmMiss{Obligation: p.id, Evasion: evasion}, day, noon)
		return nil
	}
	if p.id.Kind == rehab.OutreachDuty {
		return st.reachOut(cl, p, day, noon)
	}
	if recurs(p.id.Kind) || p.id.Kind == rehab.WatchContactDuty {
		if o := cl.c.Obligation(p.id); o == nil || o.Status != rehab.Open && recurs(p.id.Kind) {
			return nil // done in another way
		}
		if st.left == 0 {
			return errNobody
		}
		st.left--
	}
	if body := st.bodyFor(p, day); body != nil {
		st.give(cl, body, day, noon)
	}
	return nil
}

func (st *street) bodyFor(p plan, day rehab.Date) rehab.CommandBody {
	switch p.id.Kind {
	case rehab.ReportInDuty:
		return rehab.ReportIn{}
	case rehab.AgreementDuty:
		return rehab.SignAgreement{}
	case rehab.SurpriseTestDuty:
		return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative, Surprise: true}
	case rehab.TestDuty:
		if st.chance(st.s.Behavior.Positive) {
			return rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional}
		}
		return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative}
	case rehab.ContactDuty, rehab.WatchContactDuty:
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	case rehab.HomeVisitDuty:
		return rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met}
	case rehab.AssessmentDuty:
		return rehab.RecordAssessment{}
	case rehab.TestResultDuty:
		return rehab.ResolveTest{Test: p.test, Confirmed: st.chance(st.s.Behavior.Confirmed)}
	case rehab.LaboratoryDuty:
		return rehab.RecordLaboratoryResult{Test: p.test, Confirmed: st.chance(st.s.Behavior.Confirmed)}
	case rehab.PoliceReportDuty:
		return rehab.SendPoliceReport{Obligation: p.id}
	case rehab.SupervisionDuty:
		return rehab.RecordSupervision{Form: rehab.InternalSupervision}
	case rehab.LostContactDuty:
		return rehab.ConfirmLostContact{}
	case rehab.ReleaseFileDuty:
		return rehab.SubmitReleaseFile{}
	case rehab.ReleaseDuty:
		return rehab.Release{}
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
	}
	return nil
}
