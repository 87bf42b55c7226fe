package rehab_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"guitu/rehab"
)

// scripts are beginnings of lives that come to what chance seldom leads to. What is refused
// on the way is left out.
func scripts(b *book) [][]step {
	hour, days := time.Hour, func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	fixed := func(wait time.Duration, b rehab.CommandBody) step {
		return step{wait: wait, actor: city, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return b }}
	}
	of := func(wait time.Duration, b body) step { return step{wait: wait, actor: city, body: b} }
	test := func(r rehab.TestResult, site rehab.TestSite) rehab.RecordTest {
		return rehab.RecordTest{Method: rehab.Urine, Result: r, Site: site, Staff: []string{"w-1", "w-2"}, CollectorSex: rehab.Female, Other: true}
	}
	begin := []step{fixed(hour, rehab.ReportIn{}), fixed(hour, rehab.SignAgreement{})}
	long := func(list ...step) []step { return append(append([]step(nil), begin...), list...) }
	about := func(k rehab.Kind, answer func(rehab.Obligation) rehab.CommandBody) body {
		return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
			for _, o := range c.Obligations {
				if o.ID.Kind == k {
					return answer(o)
				}
			}
			return answer(rehab.Obligation{ID: rehab.ObligationID{Kind: k, N: 99}, About: 1 << 40})
		}
	}
	agency := rehab.Agencies()[0]
	refer := fixed(hour, rehab.Refer{Agency: agency, Kind: rehab.ReferralKinds(agency)[0]})
	transfer := func(f func(id int64) rehab.CommandBody) body {
		return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody { return f(max(c.Transfer.ID, 1)) }
	}
	leave := func(f func(id int64, today rehab.Date) rehab.CommandBody) body {
		return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
			if len(c.Leaves) == 0 {
				return f(1, today)
			}
			return f(c.Leaves[0].ID, today)
		}
	}
	move := fixed(hour, rehab.RequestTransfer{To: streets[1], Reason: rehab.ResidenceMoved})
	repeat := func(n int, s step) []step {
		var out []step
		for range n {
			out = append(out, s)
		}
		return out
	}
	return [][]step{
		long( // a report whose ground falls
			fixed(days(3), test(rehab.PositiveConfirmed, rehab.AtLaboratory)),
			of(hour, about(rehab.PoliceReportDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.ConfirmPoliceReport{Obligation: o.ID} })),
			of(hour, about(rehab.PoliceReportDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.SendPoliceReport{Obligation: o.ID} })),
			fixed(hour, rehab.RecordHelpOffer{Answer: rehab.HelpAccepted}),
			of(hour, b.withdrawLast("record-test")), step{wait: hour, actor: station, body: confirmLast},
			of(hour, about(rehab.CorrectionDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.SendCorrection{Obligation: o.ID} })),
			of(hour, about(rehab.ReceiptDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.RecordReceipt{Obligation: o.ID} })),
		),
		long( // tests
			fixed(days(3), test(rehab.PositiveProvisional, "")),
			of(hour, about(rehab.TestResultDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.ObjectToTest{Test: o.About} })),
			of(hour, about(rehab.LaboratoryDuty, func(o rehab.Obligation) rehab.CommandBody {
				return rehab.RecordLaboratoryResult{Test: o.About, Confirmed: true}
			})),
			fixed(days(40), test(rehab.PositiveProvisional, "")),
			of(days(9), about(rehab.TestResultDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.ResolveTest{Test: o.About} })),
			fixed(hour, test(rehab.TestRefused, "")), fixed(hour, rehab.IssueMeasure{Step: rehab.EducationDuty, Signature: rehab.Signed}),
			fixed(hour, rehab.StartMaintenance{}), fixed(hour, rehab.StopMaintenance{}), fixed(hour, rehab.RecordAssessment{}),
			fixed(days(1), test(rehab.TestRefused, "")), fixed(hour, rehab.WaiveMeasure{Step: rehab.LetterOfAdvice}),
			of(days(200), func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
				if len(c.Samples) == 0 {
					return rehab.DestroySamples{Test: 1}
				}
				return rehab.DestroySamples{Test: c.Samples[0].Test}
			}),
		),
		long( // another street, and one outside the system
			move, fixed(hour, rehab.ForwardFile{}), of(hour, transfer(func(id int64) rehab.CommandBody {
				return rehab.RefuseTransfer{Transfer: id, Reason: rehab.NotResident}
			})), of(hour, transfer(func(id int64) rehab.CommandBody { return rehab.WithdrawTransfer{Transfer: id} })),
			move, fixed(hour, rehab.ForwardFile{}), of(days(15), transfer(func(id int64) rehab.CommandBody { return rehab.ReturnTransfer{Transfer: id} })),
			move, fixed(hour, rehab.ForwardFile{}), of(hour, transfer(func(id int64) rehab.CommandBody { return rehab.AcceptTransfer{Transfer: id} })),
			fixed(hour, rehab.ReportIn{}), fixed(hour, rehab.ReportArrival{}), fixed(hour, rehab.MoveStation{Place: streets[2]}),
		),
		long( // leave, custody, the police's word on the end
			of(days(2), leave(func(_ int64, today rehab.Date) rehab.CommandBody {
				return rehab.ReportLeave{From: today, To: today.AddDays(5)}
			})),
			of(hour, leave(func(id int64, _ rehab.Date) rehab.CommandBody { return rehab.DecideLeave{Leave: id, Approved: true} })),
			of(hour, leave(func(id int64, today rehab.Date) rehab.CommandBody {
				return rehab.ExtendLeave{Leave: id, To: today.AddDays(9)}
			})),
			of(days(4), leave(func(id int64, _ rehab.Date) rehab.CommandBody { return rehab.ReturnFromLeave{Leave: id} })),
			of(days(9), leave(func(_ int64, today rehab.Date) rehab.CommandBody {
				return rehab.RecordLeaving{From: today - 4, To: today}
			})),
			fixed(hour, rehab.Suspend{Ground: rehab.Detention}), fixed(days(9), rehab.ReviewSuspension{}), fixed(days(2), rehab.Resume{}),
			of(hour, func(c *rehab.Case, _ rehab.Date) rehab.CommandBody { return rehab.ConfirmTerm{TermEnd: c.TermEnd - 1} }),
			fixed(hour, rehab.ChangeRisk{Risk: rehab.High}), fixed(hour, rehab.ChangeRisk{Risk: rehab.Low}),
		),
		long( // help
			fixed(hour, group()), fixed(hour, rehab.LeaveGroup{Role: rehab.GroupPolice, ID: "p-1"}), fixed(hour, rehab.ChangeWorkIntent{Wants: true}),
			refer, of(hour, about(rehab.ReferralReplyDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.WithdrawReferral{Referral: o.About} })),
			refer, of(hour, about(rehab.ReferralReplyDuty, func(o rehab.Obligation) rehab.CommandBody {
				return rehab.RecordReferralReply{Referral: o.About, Reply: rehab.ReferralAccepted}
			})),
			of(hour, about(rehab.PlacementDuty, func(o rehab.Obligation) rehab.CommandBody {
				return rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: o.About}
			})),
			of(hour, about(rehab.StillThereDuty, func(o rehab.Obligation) rehab.CommandBody {
				return rehab.FollowUpPlacement{Placement: o.About, There: true}
			})),
			of(hour, about(rehab.StillThereDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.EndPlacement{Placement: o.About, End: "quit"} })),
			of(hour, func(_ *rehab.Case, today rehab.Date) rehab.CommandBody {
				return rehab.MakePlan{Goals: []rehab.NewGoal{
					{Stage: rehab.Detoxification, Code: "clean_tests", Target: today + 90}, {Stage: rehab.Recovery, Code: "counselling", Target: today + 90},
					{Stage: rehab.ReturnHome, Code: "employment", Target: today + 90},
				}}
			}),
			fixed(hour, rehab.ChangeStage{Stage: rehab.Recovery}), fixed(hour, rehab.ReviewPlan{}), fixed(hour, rehab.RecordPositiveEvent{Kind: "family_reunion"}),
			fixed(hour, rehab.GiveHelp{Class: rehab.Assistance, Kind: rehab.HelpKinds(rehab.Assistance)[0]}),
			fixed(hour, rehab.MeetGoal{Goal: 1}), fixed(hour, rehab.DropGoal{Goal: 2}), fixed(hour, rehab.WaiveFamily{}),
		),
		long(append(append([]step{fixed(days(3), test(rehab.Negative, ""))}, repeat(6, fixed(days(6), met(rehab.Talk)))...), // a client who offers help, and one who falls silent
			fixed(hour, rehab.OfferToVolunteer{}), fixed(hour, rehab.DecideVolunteer{Accept: true}), fixed(hour, rehab.StopVolunteering{}),
			fixed(hour, rehab.OfferToVolunteer{}), fixed(hour, rehab.StopVolunteering{}), fixed(hour, rehab.Terminate{Ground: rehab.Imprisonment}),
		)...),
		long(append(repeat(12, fixed(days(1), rehab.RecordContact{Channel: rehab.JointVisit, Outcome: rehab.NotAtHome})),
			fixed(hour, rehab.RecordSupervision{Form: rehab.PeerSupervision, Step: rehab.HomeVisit}),
			fixed(days(61), rehab.DismissLostContact{}), fixed(days(61), rehab.ConfirmLostContact{}),
			fixed(hour, rehab.RaiseCrisis{Kind: rehab.Overdose}),
			of(hour, about(rehab.CrisisFollowUpDuty, func(o rehab.Obligation) rehab.CommandBody { return rehab.CloseCrisis{Crisis: o.About} })),
			of(hour, func(_ *rehab.Case, today rehab.Date) rehab.CommandBody {
				return rehab.RecordCircumstance{Circumstance: rehab.Under16, From: today, Until: today + 90}
			}),
		)...),
		long( // to the sealed record
			fixed(days(1200), rehab.SubmitReleaseFile{}), fixed(hour, rehab.Release{}), fixed(hour, rehab.PlaceHold{Reason: rehab.Audit}),
			of(hour, hold(func(id int64) rehab.CommandBody { return rehab.ReviewHold{Hold: id} })), of(hour, hold(func(id int64) rehab.CommandBody { return rehab.LiftHold{Hold: id} })),
			fixed(days(1200), rehab.EndDynamicControl{}), fixed(days(3800), rehab.Seal{}), step{wait: hour, actor: district, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return rehab.Seal{} }},
		),
	}
}

// withdrawLast withdraws the latest record of the type.
func (b *book) withdrawLast(typ string) body {
	return func(*rehab.Case, rehab.Date) rehab.CommandBody {
		for _, e := range slices.Backward(b.h.Events) {
			if body := b.h.Commands[e.Command]; body != nil && body.CommandType() == typ && e.Data.EventType() != "life_revised" {
				return rehab.WithdrawRecord{Record: e.Seq}
			}
		}
		return rehab.WithdrawRecord{Record: 1}
	}
}

func confirmLast(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
	if len(c.Amendments) == 0 {
		return rehab.ConfirmAmendment{Amendment: 1}
	}
	return rehab.ConfirmAmendment{Amendment: c.Amendments[len(c.Amendments)-1].ID}
}

func hold(f func(id int64) rehab.CommandBody) body {
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		if len(c.Holds) == 0 {
			return f(1)
		}
		return f(c.Holds[0].ID)
	}
}

// drawBeginning gives one of the scripts, or none.
func drawBeginning(t *rapid.T, b *book) []step {
	all := scripts(b)
	if i := pick(t, len(all)+2, "beginning"); i < len(all) {
		return all[i]
	}
	return nil
}
