package api_test

import (
	"context"
	"strings"

	"guitu/board"
	"guitu/rehab"
)

// PoliceReports are those of the cases that stand at the place: no case of a test moves after one.
func (w *world) PoliceReports(_ context.Context, f board.PoliceReportFilter) ([]board.PoliceReport, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("PoliceReports"); err != nil {
		return nil, err
	}
	var out []board.PoliceReport
	for id, events := range w.events {
		c := w.cases[id]
		for i, e := range events {
			sent, ok := e.Data.(rehab.PoliceReportSent)
			if !ok || !strings.HasPrefix(c.Place, f.Place) || f.CaseID != "" && f.CaseID != id || f.Seq != 0 && f.Seq != e.Seq {
				continue
			}
			r := board.PoliceReport{Position: e.Seq, CaseID: id, Seq: e.Seq, Place: c.Place, SentOn: sent.On, Ground: sent.Ground}
			for _, later := range events[i:] {
				switch d := later.Data.(type) {
				case rehab.ObligationOpened:
					if d.Obligation.ID.Kind == rehab.ReceiptDuty && d.Obligation.About == e.Seq {
						r.Receipt, r.ReceiptDue = d.Obligation.ID.N, d.Obligation.Due
					}
				case rehab.ReceiptRecorded:
					if d.Report == e.Seq {
						r.ReceivedOn = d.On
					}
				}
			}
			if !f.Waiting || r.ReceivedOn == 0 {
				out = append(out, r)
			}
		}
	}
	return out, nil
}
