package main

import (
	"guitu/board"
	"guitu/rehab"
)

// command is a command and the body of its request.
type command struct {
	name string
	body map[string]any
}

// sample is a test at the station. A woman may collect anybody's urine (DTP).
func sample(o board.ObligationRow, result rehab.TestResult) command {
	return command{"record-test", map[string]any{
		"method": rehab.Urine, "result": result, "site": rehab.AtStation,
		"staff": []string{workerOf(o.Place), "w-" + o.Place + "-2"}, "collector_sex": rehab.Female,
	}}
}

func commandFor(o board.ObligationRow, today rehab.Date) command {
	switch o.ID.Kind {
	case rehab.ReportInDuty:
		return command{"report-in", map[string]any{}}
	case rehab.AgreementDuty:
		return command{"sign-agreement", map[string]any{}}
	case rehab.AssignWorkerDuty:
		return command{"assign-worker", map[string]any{"worker": workerOf(o.Place)}}
	case rehab.TestDuty:
		if chance(o.CaseID, o.ID.String(), "positive") < 2 {
			return sample(o, rehab.PositiveProvisional)
		}
		return sample(o, rehab.Negative)
	case rehab.SurpriseTestDuty:
		c := sample(o, rehab.Negative)
		c.body["surprise"] = true
		return c
	case rehab.AmendmentDuty:
		return command{"decline-amendment", map[string]any{"amendment": o.About, "note": "记录无误 / the record is right"}}
	case rehab.RefusalDuty: // of the station head, over a test that was not taken
		return command{"decide-refusal", map[string]any{"test": o.About, "confirmed": true, "note": "两人在场 / two were present"}}
	case rehab.ContactDuty, rehab.WatchContactDuty:
		return command{"record-contact", map[string]any{"channel": rehab.Talk, "outcome": rehab.Met}}
	case rehab.HomeVisitDuty:
		return command{"visit-completed", map[string]any{}}
	case rehab.AssessmentDuty:
		return command{"record-assessment", map[string]any{}}
	case rehab.TestResultDuty:
		return command{"resolve-test", map[string]any{"test": o.About, "confirmed": chance(o.CaseID, o.ID.String()) < 30}}
	case rehab.LaboratoryDuty:
		return command{"record-laboratory-result", map[string]any{"test": o.About, "confirmed": chance(o.CaseID, o.ID.String()) < 30}}
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		return command{"issue-measure", map[string]any{"step": o.ID.Kind, "signature": rehab.Signed}}
	case rehab.CorrectionDuty:
		return command{"send-correction", map[string]any{"obligation": o.ID.String()}}
	case rehab.ReceiptDuty:
		return command{"record-receipt", map[string]any{"obligation": o.ID.String()}}
	case rehab.HelpOfferDuty:
		return command{"record-help-offer", map[string]any{"answer": rehab.HelpAccepted}}
	case rehab.PoliceReportDuty:
		if o.Unconfirmed {
			return command{"confirm-police-report", map[string]any{"obligation": o.ID.String()}}
		}
		return command{"send-police-report", map[string]any{"obligation": o.ID.String()}}
	case rehab.SupervisionDuty:
		return command{"record-supervision", map[string]any{"form": rehab.InternalSupervision}}
	case rehab.LostContactDuty:
		return command{"confirm-lost-contact", map[string]any{}}
	case rehab.ReleaseFileDuty:
		return command{"submit-release-file", map[string]any{}}
	case rehab.FollowUpDuty: // of the clean years
		return command{"record-contact", map[string]any{"channel": rehab.Phone, "outcome": rehab.Met}}
	case rehab.DynamicControlDuty:
		return command{"end-dynamic-control", map[string]any{}}
	case rehab.SealingDuty:
		return command{"seal", map[string]any{}}
	case rehab.ReleaseDuty:
		return command{"release", map[string]any{}}
	}
	return helpFor(o, today)
}
