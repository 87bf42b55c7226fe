package rehab_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guitu/rehab"
)

// lives runs the property over random lives: a hundred, or as many as GUITU_LIVES says,
// as in GUITU_LIVES=20000 go test ./rehab -run 'TestPropertyLive|TestPropertyTheState' -timeout 4h.
func lives(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	n := 100
	if s := os.Getenv("GUITU_LIVES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatalf("GUITU_LIVES: %v", err)
		}
		if seed := flag.Lookup("rapid.seed").Value.String(); n > 100 && seed != "0" {
			t.Fatalf("-rapid.seed=%s draws the same hundred lives for every hundred of GUITU_LIVES", seed)
		}
	}
	for i := range (n + 99) / 100 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, property)
		})
	}
}

// clone is a book that goes on by itself.
func (b *book) clone() *book {
	d := *b
	d.c = b.c.Clone()
	d.h.Events = slices.Clone(b.h.Events)
	d.h.Commands = maps.Clone(b.h.Commands)
	return &d
}

// pick draws one of n, each as likely as the other: rapid's ranges favour what is small.
func pick(t *rapid.T, n int, label string) int {
	v := 0
	for _, b := range rapid.SliceOfN(rapid.Bool(), 16, 16).Draw(t, label) {
		v *= 2
		if b {
			v++
		}
	}
	return v % n
}

// drawApt gives what answers something that the case waits for: most of a life is that.
func drawApt(t *rapid.T) body {
	which, n, days := pick(t, 1000, "apt"), pick(t, 12, "apt: n"), pick(t, 60, "apt: days")
	other := drawBody(t)
	return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
		var open []rehab.CommandBody
		kinds := map[rehab.Kind]bool{}
		for _, o := range slices.Backward(c.Obligations) {
			if kinds[o.ID.Kind] {
				continue // a kind with many misses is as likely as one with one
			}
			kinds[o.ID.Kind] = true
			if b := answer(c, o, today, n, days); b != nil {
				open = append(open, b)
			}
		}
		open = append(open, waiting(c, today, n, days)...)
		if len(open) == 0 {
			return other(c, today)
		}
		return open[which%len(open)]
	}
}

// answer is what is done about the obligation.
func answer(c *rehab.Case, o rehab.Obligation, today rehab.Date, n, days int) rehab.CommandBody {
	odd := n%2 == 1
	either := func(a, b rehab.CommandBody) rehab.CommandBody {
		if odd {
			return b
		}
		return a
	}
	if o.Status == rehab.Missed && n%4 == 0 {
		return []rehab.CommandBody{
			rehab.ConfirmMiss{Obligation: o.ID, Evasion: o.ID.Kind == rehab.TestDuty}, rehab.DismissMiss{Obligation: o.ID},
			rehab.JustifyMiss{Obligation: o.ID, Reason: rehab.Illness, Until: today.AddDays(days / 4)},
		}[n/4]
	}
	switch o.ID.Kind {
	case rehab.ReportInDuty, rehab.TransferReportInDuty:
		return rehab.ReportIn{}
	case rehab.AgreementDuty:
		return rehab.SignAgreement{}
	case rehab.ContactDuty, rehab.WatchContactDuty, rehab.FollowUpDuty, rehab.OutreachDuty:
		return either(met(rehab.Talk), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	case rehab.HomeVisitDuty:
		return met(rehab.HomeVisit)
	case rehab.TestDuty, rehab.SurpriseTestDuty:
		return rehab.RecordTest{
			Method: rehab.Urine, Staff: []string{"w-1", "w-2"}, CollectorSex: rehab.Female, Surprise: o.ID.Kind == rehab.SurpriseTestDuty,
			Result: []rehab.TestResult{rehab.Negative, rehab.PositiveProvisional, rehab.TestRefused}[n%3],
		}
	case rehab.AssessmentDuty:
		return rehab.RecordAssessment{}
	case rehab.TestResultDuty:
		return either(rehab.ResolveTest{Test: o.About, Confirmed: n < 6}, rehab.ObjectToTest{Test: o.About})
	case rehab.LaboratoryDuty:
		return rehab.RecordLaboratoryResult{Test: o.About, Confirmed: odd}
	case rehab.PoliceReportDuty:
		if o.Unconfirmed {
			return rehab.ConfirmPoliceReport{Obligation: o.ID}
		}
		return rehab.SendPoliceReport{Obligation: o.ID}
	case rehab.ReceiptDuty:
		return rehab.RecordReceipt{Obligation: o.ID}
	case rehab.CorrectionDuty:
		return rehab.SendCorrection{Obligation: o.ID}
	case rehab.HelpOfferDuty:
		return rehab.RecordHelpOffer{Answer: rehab.HelpAccepted}
	case rehab.AssignWorkerDuty:
		return rehab.AssignWorker{Worker: "w-7"}
	case rehab.ReleaseFileDuty:
		return rehab.SubmitReleaseFile{}
	case rehab.ReleaseDuty:
		return rehab.Release{}
	case rehab.SuspensionReviewDuty:
		return either(rehab.Resume{}, rehab.ReviewSuspension{})
	case rehab.TermConfirmationDuty:
		return rehab.ConfirmTerm{TermEnd: c.TermEnd.AddDays(-days)}
	case rehab.LeaveReturnDuty:
		return either(rehab.ReturnFromLeave{Leave: o.About}, rehab.ExtendLeave{Leave: o.About, To: today.AddDays(days)})
	case rehab.ForwardFileDuty:
		return either(rehab.ForwardFile{}, rehab.ForwardFile{})
	case rehab.TransferDecisionDuty, rehab.TransferReceiptDuty:
		return []rehab.CommandBody{
			rehab.AcceptTransfer{Transfer: c.Transfer.ID}, rehab.AcceptTransfer{Transfer: c.Transfer.ID},
			rehab.RefuseTransfer{Transfer: c.Transfer.ID, Reason: rehab.NotResident}, rehab.ReturnTransfer{Transfer: c.Transfer.ID},
		}[n%4]
	case rehab.TransferSettleDuty:
		return either(rehab.WithdrawTransfer{Transfer: c.Transfer.ID}, rehab.RequestTransfer{To: streets[n%3], Reason: rehab.ResidenceMoved})
	case rehab.ArrivalReportDuty:
		return rehab.ReportArrival{}
	case rehab.AmendmentDuty:
		if n == 1 {
			return rehab.DeclineAmendment{Amendment: o.About}
		}
		return rehab.ConfirmAmendment{Amendment: o.About}
	}
	return help(c, o, n)
}

// help is what is done about what the offices owe.
func help(c *rehab.Case, o rehab.Obligation, n int) rehab.CommandBody {
	odd := n%2 == 1
	switch o.ID.Kind {
	case rehab.WorkingGroupDuty:
		for _, r := range c.GroupLacks() {
			if r != rehab.GroupWorker {
				return rehab.JoinGroup{Members: []rehab.NewMember{{Role: r, ID: fmt.Sprintf("m-%d", n)}}}
			}
		}
	case rehab.PlanReviewDuty:
		return rehab.ReviewPlan{}
	case rehab.WorkReferralDuty:
		a := rehab.Agencies()[0]
		return rehab.Refer{Agency: a, Kind: rehab.ReferralKinds(a)[0]}
	case rehab.ReferralReplyDuty:
		if odd {
			return rehab.RecordReferralReply{Referral: o.About, Reply: rehab.ReferralDeclined, Reason: "no_vacancy"}
		}
		return rehab.RecordReferralReply{Referral: o.About, Reply: rehab.ReferralAccepted}
	case rehab.PlacementDuty:
		return rehab.RecordPlacement{Kind: rehab.PlacementKinds()[n%3], Referral: o.About}
	case rehab.StillThereDuty:
		return rehab.FollowUpPlacement{Placement: o.About, There: odd}
	case rehab.VolunteerDuty:
		return rehab.DecideVolunteer{Accept: odd}
	case rehab.SupervisionDuty:
		return rehab.RecordSupervision{Form: rehab.PeerSupervision}
	case rehab.LostContactDuty:
		if odd {
			return rehab.DismissLostContact{}
		}
		return rehab.ConfirmLostContact{}
	case rehab.CrisisFollowUpDuty:
		return rehab.CloseCrisis{Crisis: o.About}
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		if n > 9 {
			return rehab.WaiveMeasure{Step: o.ID.Kind}
		}
		return rehab.IssueMeasure{Step: o.ID.Kind, Signature: rehab.Signed}
	case rehab.DynamicControlDuty:
		return rehab.EndDynamicControl{}
	case rehab.SealingDuty:
		return rehab.Seal{}
	}
	return nil
}

// waiting is what else the case waits for.
func waiting(c *rehab.Case, today rehab.Date, n, days int) []rehab.CommandBody {
	var out []rehab.CommandBody
	if c.Measure == rehab.Rehabilitation && c.FromIsolation == 0 {
		out = append(out, rehab.RecordHandOver{ReleaseOn: max(c.DecidedOn, min(c.ServedOn, today))})
	}
	if len(c.Refusals) > 0 {
		out = append(out, rehab.DecideRefusal{Test: c.Refusals[0].Test, Confirmed: n%2 == 0})
	}
	for _, l := range c.Leaves {
		if !l.Approved {
			out = append(out, rehab.DecideLeave{Leave: l.ID, Approved: n != 0})
		}
	}
	for _, s := range c.Samples {
		if today > s.Until {
			out = append(out, rehab.DestroySamples{Test: s.Test})
		}
	}
	for _, h := range c.Holds {
		out = append(out, []rehab.CommandBody{rehab.ReviewHold{Hold: h.ID}, rehab.LiftHold{Hold: h.ID}}[n%2])
	}
	for _, e := range c.Escalations {
		if n == 5 && e.Promise == 0 {
			out = append(out, rehab.AcknowledgeEscalation{Escalation: e.ID, Promise: today.AddDays(days / 10)})
		}
	}
	if p := &c.Help.Plan; len(p.Goals) > 0 {
		g := p.Goals[days%len(p.Goals)].N
		out = append(out, []rehab.CommandBody{
			rehab.MoveGoal{Goal: g, Target: today.AddDays(days)}, rehab.MeetGoal{Goal: g}, rehab.DropGoal{Goal: g},
			rehab.AddGoal{Stage: rehab.Recovery, Code: "housing", Target: today.AddDays(days)},
		}[n%4])
	} else if c.AgreementOn != 0 {
		out = append(out, rehab.MakePlan{Goals: []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: today.AddDays(days)}, {Stage: rehab.Recovery, Code: "counselling", Target: today.AddDays(days)},
			{Stage: rehab.ReturnHome, Code: "employment", Target: today.AddDays(days)},
		}})
	}
	if c.Maintenance {
		out = append(out, rehab.StopMaintenance{})
	}
	return out
}

// drawActStep is a step that is given by somebody who may: mostly an apt one.
func drawActStep(t *rapid.T) step {
	s := drawStep(t)
	switch which := pick(t, 10, "fits"); {
	case which < 6:
		s.body = drawApt(t)
	case which < 8:
		s.body = topicDraws[pick(t, len(topicDraws), "topic")](t)
	}
	if pick(t, 3, "someone above") > 0 {
		s.actor = []rehab.Actor{city, station, receiver}[pick(t, 3, "who")]
	}
	s.wait = min(max(s.wait, time.Second), []time.Duration{72 * time.Hour, 72 * time.Hour, 200 * time.Hour, 200 * time.Hour, 40 * 24 * time.Hour, 2000 * 24 * time.Hour}[pick(t, 6, "at most")])
	return s
}
