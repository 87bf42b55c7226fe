package store

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/inbox"
	"guitu/rehab"
)

//go:embed now.sql
var nowSQL string

// decisions are the kinds of duties that an office decides, or that have a limit in hours: an
// index has those that are open, by their last day (migration 177).
const decisions = `kind IN ('amendment_decision', 'assign_worker', 'crisis_follow_up', 'dynamic_control_decision', 'hold_review', 'laboratory_result', 'lost_contact', 'police_correction',
  'police_report', 'refusal_decision', 'release_notice', 'sealing', 'supervision', 'term_confirmation', 'test_result', 'transfer_receipt', 'volunteer_decision')`

func selectNow() string {
	return strings.NewReplacer("/*live*/", live, "/*decisions*/", decisions, "/*risk*/", riskRank, "/*asleep*/", strings.ReplaceAll(asleep, "$3", "@today"),
		"/*scope*/", `place LIKE @place AND place LIKE @area AND (@workers::text[] IS NULL OR worker = ANY(@workers)) AND (@of = '' OR worker = @of)`,
		"/*order*/", `step, first, risk, since, case_id, subject || kind, n`,
		"/*beyond*/", `(@step = 0 OR step = @step) AND (step, first, risk, since, case_id, subject || kind, n) > (@k_step::int, @k_first::bigint, @k_risk::int, @k_since::timestamptz, @k_case::text, @k_kind::text, @k_n::bigint)`,
	).Replace(nowSQL)
}

// joinByHash is said before the list is made: what the planner knows of the climbs over the
// duties of many cases is next to nothing, and it would sort both by their texts.
const joinByHash = `SET LOCAL enable_mergejoin = off`

// Now lists what waits for the actor, each thing once, the most urgent first, with the counts
// of the whole list; all of it from one snapshot.
func (s *Store) Now(ctx context.Context, f inbox.NowFilter) (inbox.NowList, error) {
	var out inbox.NowList
	err := s.snapshot(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, joinByHash); err != nil {
			return err
		}
		for _, read := range []func(context.Context, pgx.Tx, inbox.NowFilter, *inbox.NowList) error{waiting, putOff, handled, covered} {
			if err := read(ctx, tx, f, &out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return inbox.NowList{}, fmt.Errorf("list what waits now: %w", unavailable(err))
	}
	return out, nil
}

func nowArgs(f inbox.NowFilter) pgx.NamedArgs {
	var workers []string
	if f.Worker != "" {
		workers = append([]string{f.Worker}, f.Also...)
	}
	var elsewhere []string
	for _, d := range rehab.Duties() {
		if d.Elsewhere {
			elsewhere = append(elsewhere, string(d.Kind))
		}
	}
	args := pgx.NamedArgs{
		"place": prefix(f.Place), "workers": workers, "area": prefix(f.Area), "of": f.Of, "role": string(f.Role), "actor": f.Actor,
		"today": day(f.Today), "soon": day(f.Today.AddDays(inbox.SoonDays)), "ahead": day(f.DueBy), "elsewhere": elsewhere,
		"decides": append([]string{}, f.Decides...), "drafts": append([]string{}, f.Drafts...), "leaves": f.Leaves, "changes": f.Changes, "proposers": f.Proposers,
		"statutory": append([]string{}, f.Statutory...), "statutory_cite": rehab.StatutoryCitation, "step": f.Step.Rank(), "limit": limit(f.Limit),
		"k_step": f.Key.Step, "k_first": f.Key.First, "k_risk": f.Key.Risk, "k_since": f.Key.Since, "k_case": f.Key.CaseID, "k_kind": f.Key.Kind, "k_n": f.Key.N,
	}
	return args
}

func waiting(ctx context.Context, tx pgx.Tx, f inbox.NowFilter, out *inbox.NowList) error {
	var counts map[string]int
	var items []byte
	if err := tx.QueryRow(ctx, selectNow(), nowArgs(f)).Scan(&counts, &items); err != nil {
		return err
	}
	var rows []struct {
		inbox.NowItem
		Rank int `json:"step"`
	}
	if err := json.Unmarshal(items, &rows); err != nil {
		return fmt.Errorf("read the rows: %w", err)
	}
	steps := inbox.Steps()
	for _, r := range rows {
		r.Step = steps[r.Rank-1]
		out.Items = append(out.Items, r.NowItem)
	}
	out.Counts = make(map[inbox.Step]int, len(steps))
	for _, s := range steps {
		out.Counts[s] = counts[fmt.Sprint(s.Rank())]
	}
	return nil
}

// putOff counts what the actor has put off and what is still hidden.
func putOff(ctx context.Context, tx pgx.Tx, f inbox.NowFilter, out *inbox.NowList) error {
	where, who := scope(f.Filter, "c")
	var back pgtype.Date
	err := tx.QueryRow(ctx, `SELECT count(*), min(hidden.until) FROM (`+selectSnoozed+where+`) hidden`,
		who, f.Actor, day(f.Today), from(0), "", "", 0).Scan(&out.Snoozed, &back)
	out.NextReturn = dateOf(back)
	return err
}

// settling are the events by which a command takes something off the list; an index has them
// by the instant of recording (migration 177).
const settling = `command <> '' AND type IN ('obligation_met', 'miss_confirmed', 'miss_dismissed',
  'miss_justified', 'escalation_acknowledged', 'leave_decided', 'transfer_accepted', 'transfer_returned', 'amendment_declined')`

// handled counts the commands of the actor that settled something today.
func handled(ctx context.Context, tx pgx.Tx, f inbox.NowFilter, out *inbox.NowList) error {
	self, err := encodeActor(f.By)
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, `SELECT count(DISTINCT (case_id, command)) FROM case_events WHERE recorded_at >= $1 AND actor = $2 AND `+settling,
		f.Today.Start(), self).Scan(&out.Handled)
}

// covered reads the figures of the place as the watch found them last; a worker has none.
func covered(ctx context.Context, tx pgx.Tx, f inbox.NowFilter, out *inbox.NowList) error {
	if f.Worker != "" {
		return nil
	}
	place := f.Place
	if len(f.Area) > len(place) {
		place = f.Area
	}
	var c inbox.NowCoverage
	err := tx.QueryRow(ctx, `SELECT open, covered, taken_at FROM coverage_runs WHERE place = $1 ORDER BY taken_at DESC LIMIT 1`, place).Scan(&c.Open, &c.Covered, &c.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	c.Since = c.Since.In(time.UTC)
	out.Coverage = &c
	return err
}
