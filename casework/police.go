package casework

import (
	"context"

	"guitu/board"
	"guitu/documents"
	"guitu/rehab"
)

// Receive gives the receipt (回执) of a report, by the police to whom it was addressed: of its case
// they reach nothing else. It answers with the id of the command too.
func (s *Service) Receive(ctx context.Context, a rehab.Actor, r board.PoliceReport, key string, facts Facts) (board.Receipt, string, error) {
	if key != "" {
		if err := rehab.CheckKey(key); err != nil {
			return board.Receipt{}, "", err
		}
	}
	body := rehab.RecordReceipt{Obligation: rehab.ObligationID{Kind: rehab.ReceiptDuty, N: r.Receipt}}
	if err := Permit(a, body.CommandType()); err != nil {
		return board.Receipt{}, "", err
	}
	cmd, err := s.Compose(a, r.CaseID, key, body, facts)
	if err != nil {
		return board.Receipt{}, "", err
	}
	receipt, err := s.submit(ctx, r.CaseID, cmd, facts.Note, key != "")
	return receipt, cmd.ID, err
}

// ReportPaper fills in a report for the police to whom it was addressed.
func (s *Service) ReportPaper(ctx context.Context, r board.PoliceReport) (documents.Paper, error) {
	return s.print(ctx, PaperID{Case: r.CaseID, Seq: r.Seq, Kind: documents.PoliceReport}, false)
}
