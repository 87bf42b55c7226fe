package simulation

import "guitu/rehab"

// present are the two people whom a test needs (DTP), and site is where it is made.
var present = []string{"simulation", "simulation-2"}

// command is what does the duty, as the case stands on the day; nil where nobody knows.
func (st *street) command(cl *client, o rehab.Obligation, day rehab.Date) rehab.CommandBody {
	switch kind := o.ID.Kind; kind {
	case rehab.ReportInDuty, rehab.TransferReportInDuty:
		return rehab.ReportIn{}
	case rehab.AgreementDuty:
		return rehab.SignAgreement{}
	case rehab.AssignWorkerDuty:
		return rehab.AssignWorker{Worker: "simulation"}
	case rehab.TestDuty:
		return test(&cl.c, draw(cl.seed, positive, key(o.ID)) < st.s.Behavior.Positive, false)
	case rehab.SurpriseTestDuty:
		return test(&cl.c, false, true)
	case rehab.TestResultDuty:
		return rehab.ResolveTest{Test: o.About, Confirmed: st.confirms(cl, o)}
	case rehab.LaboratoryDuty:
		return rehab.RecordLaboratoryResult{Test: o.About, Confirmed: st.confirms(cl, o)}
	case rehab.RefusalDuty:
		return rehab.DecideRefusal{Test: o.About, Confirmed: st.confirms(cl, o)}
	case rehab.AmendmentDuty:
		return rehab.DeclineAmendment{Amendment: o.About}
	case rehab.CorrectionDuty:
		return rehab.SendCorrection{Obligation: o.ID}
	case rehab.ContactDuty, rehab.WatchContactDuty, rehab.FollowUpDuty:
		return rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
	case rehab.HomeVisitDuty:
		return rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met}
	case rehab.AssessmentDuty:
		return rehab.RecordAssessment{}
	case rehab.SupervisionDuty:
		return rehab.RecordSupervision{Form: rehab.InternalSupervision}
	case rehab.LostContactDuty:
		return rehab.ConfirmLostContact{}
	case rehab.CrisisFollowUpDuty:
		return rehab.CloseCrisis{Crisis: o.About}
	case rehab.LeaveReturnDuty:
		return rehab.ReturnFromLeave{Leave: o.About}
	}
	if body := policeFor(o); body != nil {
		return body
	}
	if body := endFor(&cl.c, o); body != nil {
		return body
	}
	if body := transferFor(&cl.c, o); body != nil {
		return body
	}
	return helpFor(cl, o, day)
}

func (st *street) confirms(cl *client, o rehab.Obligation) bool {
	return draw(cl.seed, confirmed, key(o.ID)) < st.s.Behavior.Confirmed
}

// test is one at the station. A woman may collect anybody's urine; a man that of men alone.
func test(c *rehab.Case, positive, surprise bool) rehab.RecordTest {
	t := rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative, Site: rehab.AtStation, Staff: present, CollectorSex: c.Sex, Surprise: surprise}
	if t.CollectorSex == "" { // nobody asked when the case was opened
		t.CollectorSex = rehab.Female
	}
	if positive {
		t.Result = rehab.PositiveProvisional
	}
	return t
}

// policeFor is what the way of a report and the ladder of a breach ask for.
func policeFor(o rehab.Obligation) rehab.CommandBody {
	switch o.ID.Kind {
	case rehab.PoliceReportDuty:
		return rehab.SendPoliceReport{Obligation: o.ID}
	case rehab.ReceiptDuty:
		return rehab.RecordReceipt{Obligation: o.ID}
	case rehab.HelpOfferDuty:
		return rehab.RecordHelpOffer{Answer: rehab.HelpAccepted}
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		return rehab.IssueMeasure{Step: o.ID.Kind, Signature: rehab.Signed}
	}
	return nil
}

// endFor is what custody, the end of the term and the years after it ask for.
func endFor(c *rehab.Case, o rehab.Obligation) rehab.CommandBody {
	switch o.ID.Kind {
	case rehab.SuspensionReviewDuty:
		return rehab.ReviewSuspension{}
	case rehab.TermConfirmationDuty:
		return rehab.ConfirmTerm{TermEnd: c.TermEnd}
	case rehab.ReleaseFileDuty:
		return rehab.SubmitReleaseFile{}
	case rehab.ReleaseDuty:
		return rehab.Release{}
	case rehab.DynamicControlDuty:
		return rehab.EndDynamicControl{}
	case rehab.HoldReviewDuty:
		if len(c.Holds) > 0 {
			return rehab.ReviewHold{Hold: c.Holds[0].ID}
		}
	case rehab.SealingDuty:
		return rehab.Seal{}
	}
	return nil
}

// transferFor is what a change of place asks of the two stations (DRR art.22). The
// receiving one accepts; what it let pass without an answer goes back and is withdrawn.
func transferFor(c *rehab.Case, o rehab.Obligation) rehab.CommandBody {
	switch o.ID.Kind {
	case rehab.ForwardFileDuty:
		return rehab.ForwardFile{}
	case rehab.TransferDecisionDuty:
		if o.Status != rehab.Open {
			return rehab.ReturnTransfer{Transfer: c.Transfer.ID}
		}
		return rehab.AcceptTransfer{Transfer: c.Transfer.ID}
	case rehab.TransferReceiptDuty:
		return rehab.AcceptTransfer{Transfer: c.Transfer.ID}
	case rehab.TransferSettleDuty:
		return rehab.WithdrawTransfer{Transfer: c.Transfer.ID}
	case rehab.ArrivalReportDuty:
		return rehab.ReportArrival{}
	}
	return nil
}

// helpFor is what the helping side owes.
func helpFor(cl *client, o rehab.Obligation, day rehab.Date) rehab.CommandBody {
	c := &cl.c
	switch o.ID.Kind {
	case rehab.WorkingGroupDuty:
		return joining(c)
	case rehab.PlanDuty:
		return rehab.MakePlan{Goals: []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: day + 180}, {Stage: rehab.Recovery, Code: "counselling", Target: day + 360},
			{Stage: rehab.ReturnHome, Code: "employment", Target: day + 720},
		}}
	case rehab.PlanReviewDuty:
		return rehab.ReviewPlan{}
	case rehab.WorkReferralDuty:
		kind := rehab.ReferralKind("job")
		for _, r := range c.Help.Referrals {
			if r.IsOpen() && r.Agency == rehab.HumanResources && r.Kind == kind {
				kind = "skills_training" // asked for a job already
			}
		}
		return rehab.Refer{Agency: rehab.HumanResources, Kind: kind}
	case rehab.ReferralReplyDuty:
		return rehab.RecordReferralReply{Referral: o.About, Reply: rehab.ReferralAccepted}
	case rehab.PlacementDuty:
		return rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: o.About}
	case rehab.StillThereDuty:
		return rehab.FollowUpPlacement{Placement: o.About, There: true}
	case rehab.VolunteerDuty:
		return rehab.DecideVolunteer{Accept: len(c.Standing(cl.policy, day)) == 0}
	}
	return nil
}

// joining names whom the working group lacks.
func joining(c *rehab.Case) rehab.CommandBody {
	var b rehab.JoinGroup
	for _, r := range c.GroupLacks() {
		if r != rehab.GroupWorker {
			b.Members = append(b.Members, rehab.NewMember{Role: r, ID: "simulation-" + string(r[:1]) + "1"})
		}
	}
	return b
}
