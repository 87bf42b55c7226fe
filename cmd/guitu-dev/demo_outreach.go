package main

import (
	"context"

	"guitu/rehab"
)

// reachOut makes an attempt of the outreach every other day. Most clients are back after
// a few; the silent ones are not.
func (d *demo) reachOut(ctx context.Context, o rehab.ObligationRow, today rehab.Date) error {
	if int(today-o.Opens)%2 == 1 {
		return nil
	}
	row, err := d.stack.service.Store.Case(ctx, o.CaseID)
	if err != nil {
		return err
	}
	body := map[string]any{"channel": row.OutreachStep, "outcome": rehab.NotAtHome}
	switch {
	case persona(o.CaseID) != "silent" && chance(o.CaseID, o.ID.String(), today.String()) < 40:
		body = map[string]any{"channel": rehab.Talk, "outcome": rehab.Met, "mood": rehab.Calm}
	case row.OutreachStep == rehab.Phone:
		body["outcome"] = rehab.NoAnswer
	case row.OutreachStep == rehab.SMS:
		body["outcome"] = rehab.Sent
	case row.OutreachStep == rehab.FamilyVisit:
		body["outcome"], body["who"] = rehab.FamilyMet, rehab.FamilyAlone
	}
	return d.command(ctx, o.CaseID, o.ID.String()+"-"+today.String(), today, command{"record-contact", body})
}
