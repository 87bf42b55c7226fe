package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

// projectReferral queues what the event does to the referrals of the case.
func projectReferral(b *pgx.Batch, caseID string, e rehab.Event) {
	switch d := e.Data.(type) {
	case rehab.ReferralMade:
		b.Queue(`INSERT INTO referrals (case_id, id, agency, kind, state, made_on, reply_by, reason) VALUES ($1,$2,$3,$4,$5,$6,$7,'')`,
			caseID, e.Seq, d.Agency, d.Kind, rehab.WaitsForReply, day(d.On), day(d.ReplyBy))
	case rehab.ReferralReplied:
		b.Queue(`UPDATE referrals SET state=$3, replied_on=$4, reason=$5, reply_by=$6 WHERE case_id=$1 AND id=$2`,
			caseID, d.Referral, d.Reply, day(d.On), d.Reason, day(d.ReplyBy))
	case rehab.ReferralWithdrawn:
		b.Queue(`UPDATE referrals SET state=$3, reply_by=NULL WHERE case_id=$1 AND id=$2`, caseID, d.Referral, rehab.ReferralCancelled)
	case rehab.PlacementStarted:
		if d.Referral != 0 {
			b.Queue(`UPDATE referrals SET state=$3 WHERE case_id=$1 AND id=$2`, caseID, d.Referral, rehab.ReferralPlaced)
		}
	}
}

const referralColumns = `r.case_id, c.place, c.worker, r.id, r.agency, r.kind, r.state, r.made_on, r.reply_by, r.replied_on, r.reason`

// What waits for an answer in a case that has ended waits for nothing.
const selectReferrals = `SELECT ` + referralColumns + ` FROM referrals r JOIN cases c USING (case_id)
WHERE c.place LIKE $1 AND ($2 = '' OR c.worker = $2) AND ($3 = '' OR r.state = $3) AND ($4 = '' OR r.agency = $4) AND (r.case_id, r.id) > ($5, $6)
  AND c.phase NOT IN ('sealed', 'void') AND (r.state NOT IN ('waits_for_reply', 'waiting_list', 'accepted') OR c.phase NOT IN ('terminated', 'awaiting_sealing'))
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

func compareReferrals(ctx context.Context, q querier, c *rehab.Case) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT `+referralColumns+` FROM referrals r JOIN cases c USING (case_id) WHERE r.case_id = $1 ORDER BY r.id`, c.ID)
	list, err := collect(rows, err, "list referrals", scanReferral)
	if err != nil {
		return nil, err
	}
	got := make([]rehab.Referral, 0, len(list))
	for _, r := range list {
		got = append(got, r.Referral)
	}
	want := append([]rehab.Referral{}, c.Help.Referrals...)
	inOrder(want, func(r rehab.Referral) int64 { return r.ID })
	return differ("the referrals", got, want)
}
