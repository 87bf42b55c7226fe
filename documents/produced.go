package documents

import (
	"fmt"

	"guitu/rehab"
)

// produced is a paper that an event brings: as the record of an act, or as a draft.
type produced struct {
	kind  Kind
	on    rehab.Date
	draft bool
}

// acts are the papers of what was done on the day.
func acts(on rehab.Date, kinds ...Kind) (out []produced) {
	for _, k := range kinds {
		out = append(out, produced{k, on, false})
	}
	return out
}

// drafts are the papers of what is to be done by the day.
func drafts(on rehab.Date, kinds ...Kind) (out []produced) {
	for _, k := range kinds {
		out = append(out, produced{k, on, true})
	}
	return out
}

func newEntry(caseID string, e rehab.Event, k Kind, on rehab.Date, draft bool) Entry {
	return Entry{ID: fmt.Sprintf("%s/%d/%s", caseID, e.Seq, k), Seq: e.Seq, Origin: e.Seq, Kind: k, Title: titles[k], On: on, Draft: draft}
}

// entriesOf are the documents that the event produces.
func entriesOf(caseID string, e rehab.Event) (out []Entry) {
	for _, p := range producedBy(e) {
		out = append(out, newEntry(caseID, e, p.kind, p.on, p.draft))
	}
	return out
}

// entryOf is the document of the kind that the event produces, if there is one.
func entryOf(caseID string, e rehab.Event, k Kind) (Entry, bool) {
	for _, x := range entriesOf(caseID, e) {
		if x.Kind == k {
			return x, true
		}
	}
	return Entry{}, false
}

func producedBy(e rehab.Event) []produced {
	on := rehab.DateOf(e.OccurredAt)
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		return drafts(d.Obligation.Due, draftsOf(d.Obligation.ID.Kind, d.Obligation.Ground)...)
	case rehab.CaseOpened:
		return acts(d.ServedOn, OrderNotice)
	case rehab.ReportedIn:
		return acts(d.On, ReportRegister)
	case rehab.AgreementSigned:
		return acts(d.On, Agreement)
	case rehab.ObligationMet:
		if d.ID.Kind == rehab.WorkingGroupDuty {
			return acts(d.On, GroupList)
		}
	case rehab.PlanMade:
		return acts(d.On, HelpPlan)
	case rehab.ReferralMade:
		return acts(d.On, ReferralLetter)
	case rehab.TestRecorded:
		return ofTest(d)
	case rehab.TestObjected:
		return acts(d.On, ObjectionForm)
	case rehab.LeaveReported:
		return drafts(on, LeaveForm)
	case rehab.LeaveDecided:
		return acts(on, LeaveForm)
	case rehab.MeasureIssued:
		return acts(d.On, withReceipt(d.Step)...)
	case rehab.TransferRequested:
		return drafts(d.On, TransferCover)
	case rehab.FileForwarded:
		return acts(d.On, TransferCover)
	case rehab.TransferArrived:
		return acts(d.On, TransferArrival, ReportRegister)
	}
	return producedByAnEnd(e)
}

// producedByAnEnd goes on with papers to the police, of a pause and of an end.
func producedByAnEnd(e rehab.Event) []produced {
	switch d := e.Data.(type) {
	case rehab.PoliceReportSent:
		if !d.Groundless { // the report stands where it was sent; a correction follows it
			return acts(d.On, PoliceReport)
		}
	case rehab.CorrectionSent:
		if !d.Groundless {
			return acts(d.On, Correction)
		}
	case rehab.CaseVoided:
		return acts(d.On, VoidRecord)
	case rehab.CaseSuspended:
		return acts(d.On, SuspensionNotice)
	case rehab.CaseResumed:
		return acts(d.On, Resumption)
	case rehab.TermConfirmed:
		return acts(rehab.DateOf(e.OccurredAt), TermConfirmation)
	case rehab.ReleaseFileSubmitted:
		return acts(d.On, ReleaseFile)
	case rehab.CaseReleased:
		return acts(d.On, ReleaseNotice)
	case rehab.CaseTerminated:
		if d.Ground.Terminates() {
			return acts(d.On, Termination)
		}
		return acts(d.On, Closing) // death and isolation close the case: no article terminates it
	case rehab.DynamicControlEnded:
		if d.Ground == rehab.NoGround { // death or a new measure is no decision on clean years
			return acts(d.On, ControlEnd)
		}
	}
	return nil
}

// ofTest are the papers of a test: the register, what a refusal is kept in, and what a client
// objects with as long as a result on the spot can be objected to.
func ofTest(d rehab.TestRecorded) []produced {
	out := acts(d.On, TestRecord)
	switch {
	case d.Result == rehab.TestRefused || d.Result == rehab.TestEvaded:
		out = append(out, acts(d.On, RefusalRecord)...)
	case d.ObjectUntil != 0:
		out = append(out, drafts(d.ObjectUntil, ObjectionForm)...)
	}
	return out
}

// withReceipt is the paper of a step: a letter to the client is served, and that is proved.
func withReceipt(step rehab.Kind) []Kind {
	if step == rehab.LetterOfAdvice || step == rehab.WarningLetter {
		return []Kind{Kind(step), ServiceReceipt}
	}
	return []Kind{Kind(step)}
}

// draftsOf are the papers that an obligation asks for.
func draftsOf(k rehab.Kind, g rehab.Ground) []Kind {
	switch k {
	case rehab.ReportInDuty, rehab.TransferReportInDuty:
		return []Kind{ReportRegister}
	case rehab.AgreementDuty:
		return []Kind{Agreement, RightsNotice}
	case rehab.WorkingGroupDuty:
		return []Kind{GroupList}
	case rehab.PlanDuty:
		return []Kind{HelpPlan}
	case rehab.WorkReferralDuty:
		return []Kind{ReferralLetter}
	case rehab.TestDuty, rehab.SurpriseTestDuty:
		return []Kind{TestNotice}
	case rehab.PoliceReportDuty:
		if g == rehab.DeemedRefusal || g == rehab.Overdue {
			return []Kind{PoliceReport, OverdueStatement}
		}
		return []Kind{PoliceReport}
	case rehab.CorrectionDuty:
		return []Kind{Correction}
	case rehab.ReleaseFileDuty:
		return []Kind{ReleaseFile}
	case rehab.SealingDuty: // signed when the record is sealed: a sealed record has no papers
		return []Kind{Sealing}
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		return withReceipt(k)
	}
	return nil
}

// stillDue looks for what the draft of the event is about; id is what the event is referred
// to by.
func stillDue(c *rehab.Case, k Kind, e rehab.Event, id int64) bool {
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		o := c.Obligation(d.Obligation.ID)
		return o != nil && (k != TestNotice || o.Status == rehab.Open) // nobody is called to a day that is over
	case rehab.TransferRequested:
		return c.Transfer.ID == id && c.Transfer.State == rehab.TransferIsRequested
	case rehab.LeaveReported:
		for _, l := range c.Leaves {
			if l.ID == id {
				return !l.Approved
			}
		}
	case rehab.TestRecorded:
		for _, p := range c.Pending {
			if p.Test == id {
				return p.Objected == 0
			}
		}
	}
	return false
}
