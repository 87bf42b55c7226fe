package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
)

func (w *world) Referrals(_ context.Context, f board.ReferralFilter) ([]board.ReferralRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Referrals"); err != nil {
		return nil, err
	}
	var out []board.ReferralRow
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		c := w.cases[id]
		if !strings.HasPrefix(c.Place, f.Place) || f.Worker != "" && c.Worker != f.Worker {
			continue
		}
		for _, r := range c.Help.Referrals {
			later := id > f.AfterCase || id == f.AfterCase && r.ID > f.AfterID
			if later && (f.State == "" || r.State == f.State) && (f.Agency == "" || r.Agency == f.Agency) && len(out) < f.Limit {
				out = append(out, board.ReferralRow{CaseID: id, Place: c.Place, Worker: c.Worker, Referral: r})
			}
		}
	}
	return out, nil
}
