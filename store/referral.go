package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

const referralColumns = `r.case_id, c.place, c.worker, r.id, r.agency, r.kind, r.state, r.made_on, r.reply_by, r.replied_on, r.reason`

// What waits for an answer in a case that has ended waits for nothing.
const selectReferrals = `SELECT ` + referralColumns + ` FROM referrals r JOIN cases c USING (case_id)
WHERE c.place LIKE $1 AND ($2 = '' OR c.worker = $2) AND ($3 = '' OR r.state = $3) AND ($4 = '' OR r.agency = $4) AND (r.case_id, r.id) > ($5, $6)
  AND c.` + readable + ` AND (r.state NOT IN ('` + string(rehab.WaitsForReply) + `', '` + string(rehab.WaitingList) + `', '` + string(rehab.ReferralAccepted) + `') OR c.phase NOT IN ('` + string(rehab.Terminated) + `', '` + string(rehab.AwaitingSealing) + `'))
ORDER BY r.case_id, r.id LIMIT $7`

func scanReferral(row pgx.CollectableRow) (board.ReferralRow, error) {
	var r board.ReferralRow
	var made, by, replied pgtype.Date
	err := row.Scan(&r.CaseID, &r.Place, &r.Worker, &r.ID, &r.Agency, &r.Kind, &r.State, &made, &by, &replied, &r.Reason)
	r.On, r.ReplyBy, r.RepliedOn = dateOf(made), dateOf(by), dateOf(replied)
	return r, err
}

// Referrals lists the referrals of a place in the order of case and id, paged by the last seen.
func (s *Store) Referrals(ctx context.Context, f board.ReferralFilter) ([]board.ReferralRow, error) {
	rows, err := s.pool.Query(ctx, selectReferrals, prefix(f.Place), f.Worker, f.State, f.Agency, f.AfterCase, f.AfterID, limit(f.Limit))
	return collect(rows, err, "list referrals", scanReferral)
}
