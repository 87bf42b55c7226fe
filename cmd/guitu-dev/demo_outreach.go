package main

import (
	"context"

	"guitu/board"
	"guitu/rehab"
)

// evades reports whether a client who evades will not be met: half of them for good, the
// others until they are won back.
func evades(o board.ObligationRow) bool {
	meeting := o.ID.Kind == rehab.ContactDuty || o.ID.Kind == rehab.HomeVisitDuty || o.ID.Kind == rehab.WatchContactDuty
	return meeting && (forGood(o.CaseID) || o.ID.N <= 3)
}

func forGood(caseID string) bool { return chance(caseID, "for good") < 50 }

// reachOut makes an attempt of the outreach every other day. Most clients are back after
// a few; those who evade come back through their family, or not at all.
func (d *demo) reachOut(ctx context.Context, o board.ObligationRow, today rehab.Date) error {
	if int(today-o.Opens)%2 == 1 {
		return nil
	}
	row, err := d.boards.Case(ctx, o.CaseID)
	if err != nil {
		return err
	}
	body := map[string]any{"channel": row.OutreachStep, "outcome": rehab.NotAtHome}
	switch luck, p := chance(o.CaseID, o.ID.String(), today.String()), persona(o.CaseID); {
	case p == "evading" && row.OutreachStep == rehab.FamilyVisit && !forGood(o.CaseID) && luck < 60,
		p != "evading" && p != "silent" && luck < 40:
		body = map[string]any{"channel": rehab.Talk, "outcome": rehab.Met, "mood": rehab.Calm}
	case row.OutreachStep == rehab.Phone && luck < 50:
		body["outcome"], body["excuse"] = rehab.Declined, rehab.ExcuseWork
	case row.OutreachStep == rehab.Phone:
		body["outcome"] = rehab.NoAnswer
	case row.OutreachStep == rehab.SMS:
		body["outcome"] = rehab.Sent
	case row.OutreachStep == rehab.FamilyVisit:
		body["outcome"], body["who"] = rehab.FamilyMet, rehab.FamilyAlone
	}
	return d.do(ctx, o, o.ID.String()+"-"+today.String(), today, command{"record-contact", body})
}
