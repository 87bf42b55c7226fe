// Package ledgertest is what every ledger of cases has to do, as tests: the one in
// PostgreSQL and the one in memory run the same table, so that a workflow tested on the
// second meets the first without a surprise.
package ledgertest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/rehab"
	"guitu/rehab/policy"
)

// Ledger is what workflows, activities and their client need of a ledger.
type Ledger interface {
	Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error)
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	History(ctx context.Context, caseID string) (rehab.History, error)
	CommandReceipt(ctx context.Context, caseID, commandID string) (r board.Receipt, digest string, found bool, err error)
}

const caseID = "c-1"

// Run holds the ledgers that open makes, each of them empty, against the table.
func Run(t *testing.T, open func(t *testing.T) Ledger) {
	t.Helper()
	for _, row := range []struct {
		name string
		test func(b *bench)
	}{
		{"a case that was never recorded is the zero case with its id", nothingYet},
		{"a decision is recorded and folds to the case", recorded},
		{"a command acts once and its repetition brings what the caller lacks", duplicate},
		{"a command id that comes with another digest clashes", clashing},
		{"a repetition is known to a caller who is behind or has no events", duplicateOfAnOldCaller},
		{"a caller who is behind writes nothing and gets the tail", behind},
		{"a record without events looks and writes nothing", looked},
		{"a command without events is not remembered", notRemembered},
		{"what time brings is recorded without a command", broughtByTime},
		{"events out of their sequence are refused and change nothing", outOfSequence},
		{"the same command acts in each case by itself", otherCase},
		{"a history has all events and what the commands asked", history},
		{"of several who open a case at once one opens it", atOnce},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			rules, err := policy.Load()
			require.NoError(t, err)
			row.test(&bench{t, open(t), rules})
		})
	}
}

func nothingYet(b *bench) {
	b.stands(0)
	_, _, found, err := b.ledger.CommandReceipt(b.t.Context(), caseID, "open")
	require.NoError(b.t, err)
	require.False(b.t, found)
	h, err := b.ledger.History(b.t.Context(), caseID)
	require.NoError(b.t, err)
	require.Equal(b.t, caseID, h.CaseID)
	require.Empty(b.t, h.Events)
	require.Empty(b.t, h.Commands)
}

func recorded(b *bench) {
	r := b.opening(caseID, "open")
	res := b.record(r)
	n := int64(len(r.Events))
	require.Equal(b.t, rehab.RecordResult{Outcome: rehab.Recorded, Seq: n, CommandSeq: n, Events: r.Events}, res)

	c := &rehab.Case{ID: caseID}
	c.Fold(r.Events)
	loaded, err := b.ledger.Load(b.t.Context(), caseID)
	require.NoError(b.t, err)
	require.Empty(b.t, cmp.Diff(c.Summary(), loaded.Summary()))

	receipt, digest, found, err := b.ledger.CommandReceipt(b.t.Context(), caseID, "open")
	require.NoError(b.t, err)
	require.True(b.t, found)
	require.Equal(b.t, board.Receipt{CaseID: caseID, CommandID: "open", Seq: n}, receipt)
	require.Equal(b.t, r.Digest, digest)
}

func duplicate(b *bench) {
	b.record(b.opening(caseID, "open"))
	in := b.reportIn("in")
	first := b.record(in)
	again := b.record(in)
	require.Equal(b.t, rehab.Duplicate, again.Outcome)
	require.Equal(b.t, first.Seq, again.Seq)
	require.Equal(b.t, first.CommandSeq, again.CommandSeq)
	require.Empty(b.t, cmp.Diff(in.Events, again.Events))
	b.stands(first.Seq)
}

func clashing(b *bench) {
	first := b.record(b.opening(caseID, "open"))
	r := b.reportIn("in")
	r.Command, r.Digest = "open", "another"
	res := b.record(r)
	require.Equal(b.t, rehab.DigestMismatch, res.Outcome)
	require.Equal(b.t, first.CommandSeq, res.CommandSeq)
	require.Empty(b.t, res.Events, "the caller stands where the ledger stands")
	b.stands(first.Seq)
}

func duplicateOfAnOldCaller(b *bench) {
	opening := b.opening(caseID, "open")
	first := b.record(opening)
	last := b.record(b.reportIn("in"))
	res := b.record(rehab.Record{CaseID: caseID, Command: "open", Digest: opening.Digest, Expected: first.Seq})
	require.Equal(b.t, rehab.Duplicate, res.Outcome)
	require.Equal(b.t, first.CommandSeq, res.CommandSeq)
	require.Equal(b.t, last.Seq, res.Seq)
	require.Len(b.t, res.Events, int(last.Seq-first.Seq))
}

func behind(b *bench) {
	b.record(b.opening(caseID, "open"))
	late := b.reportIn("in-2")
	in := b.reportIn("in")
	first := b.record(in)
	res := b.record(late)
	require.Equal(b.t, rehab.Stale, res.Outcome)
	require.Equal(b.t, first.Seq, res.Seq)
	require.Zero(b.t, res.CommandSeq)
	require.Empty(b.t, cmp.Diff(in.Events, res.Events))
	b.stands(first.Seq)
	_, _, found, err := b.ledger.CommandReceipt(b.t.Context(), caseID, "in-2")
	require.NoError(b.t, err)
	require.False(b.t, found)
}

func looked(b *bench) {
	opening := b.opening(caseID, "open")
	first := b.record(opening)
	for expected, want := range map[int64]int{0: len(opening.Events), first.Seq: 0} {
		res := b.record(rehab.Record{CaseID: caseID, Expected: expected})
		require.Equal(b.t, rehab.NothingToWrite, res.Outcome)
		require.Equal(b.t, first.Seq, res.Seq)
		require.Len(b.t, res.Events, want)
	}
	b.stands(first.Seq)
}

func notRemembered(b *bench) {
	first := b.record(b.opening(caseID, "open"))
	r := rehab.Record{CaseID: caseID, Command: "nothing", Digest: "d", Expected: first.Seq}
	for range 2 {
		require.Equal(b.t, rehab.NothingToWrite, b.record(r).Outcome)
	}
}

func broughtByTime(b *bench) {
	first := b.record(b.opening(caseID, "open"))
	r := b.reportIn("in")
	r.Command, r.Digest, r.Asked = "", "", nil
	res := b.record(r)
	require.Equal(b.t, rehab.Recorded, res.Outcome)
	require.Zero(b.t, res.CommandSeq)
	require.Equal(b.t, first.Seq+int64(len(r.Events)), res.Seq)
	require.Equal(b.t, rehab.Stale, b.record(r).Outcome, "no command makes it act once: its place does")
	b.stands(res.Seq)
}

func outOfSequence(b *bench) {
	first := b.record(b.opening(caseID, "open"))
	r := b.reportIn("in")
	r.Events[0].Seq++
	_, err := b.ledger.Record(b.t.Context(), r)
	require.Error(b.t, err)
	require.Equal(b.t, rehab.Internal, rehab.CodeOf(err))
	b.stands(first.Seq)
}

func otherCase(b *bench) {
	require.Equal(b.t, rehab.Recorded, b.record(b.opening(caseID, "open")).Outcome)
	require.Equal(b.t, rehab.Recorded, b.record(b.opening("c-2", "open")).Outcome)
}

func history(b *bench) {
	opening := b.opening(caseID, "open")
	b.record(opening)
	in := b.reportIn("in")
	b.record(in)
	h, err := b.ledger.History(b.t.Context(), caseID)
	require.NoError(b.t, err)
	require.Empty(b.t, cmp.Diff(append(opening.Events, in.Events...), h.Events))
	require.Equal(b.t, map[string]rehab.CommandBody{"open": opening.Asked.Body, "in": in.Asked.Body}, h.Commands)
}

func atOnce(b *bench) {
	outcomes := make([]rehab.RecordOutcome, 8)
	var group errgroup.Group
	for i := range outcomes {
		r := b.opening(caseID, "open-"+string(rune('a'+i)))
		group.Go(func() error {
			res, err := b.ledger.Record(b.t.Context(), r)
			outcomes[i] = res.Outcome
			return err
		})
	}
	require.NoError(b.t, group.Wait())
	n := make(map[rehab.RecordOutcome]int)
	for _, o := range outcomes {
		n[o]++
	}
	require.Equal(b.t, map[rehab.RecordOutcome]int{rehab.Recorded: 1, rehab.Stale: len(outcomes) - 1}, n)
}

// bench is a ledger under test.
type bench struct {
	t      *testing.T
	ledger Ledger
	rules  *policy.Set
}

func (b *bench) record(r rehab.Record) rehab.RecordResult {
	b.t.Helper()
	res, err := b.ledger.Record(b.t.Context(), r)
	require.NoError(b.t, err)
	return res
}

// stands requires the ledger to have the case up to the sequence and no further.
func (b *bench) stands(seq int64) {
	b.t.Helper()
	c, err := b.ledger.Load(b.t.Context(), caseID)
	require.NoError(b.t, err)
	require.Equal(b.t, caseID, c.ID)
	require.Equal(b.t, seq, c.Seq)
}

// opening is the decision that opens a case.
func (b *bench) opening(id, command string) rehab.Record {
	b.t.Helper()
	return b.decided(&rehab.Case{ID: id}, command, noon(5), rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: "110101001", Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	})
}

// reportIn is the decision on a report-in, taken on the case as the ledger has it.
func (b *bench) reportIn(command string) rehab.Record {
	b.t.Helper()
	c, err := b.ledger.Load(b.t.Context(), caseID)
	require.NoError(b.t, err)
	return b.decided(c, command, noon(8), rehab.ReportIn{})
}

func (b *bench) decided(c *rehab.Case, command string, at time.Time, body rehab.CommandBody) rehab.Record {
	b.t.Helper()
	cmd := rehab.Command{
		ID: command, Actor: rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}, OccurredAt: at, Digest: "digest of " + command, Body: body,
	}
	env := rehab.Env{Now: at, Policy: b.rules.Policy(rehab.PolicyRef{ID: "national", Version: "2026.1"}), Calendar: b.rules.Calendar()}
	events, err := c.Decide(cmd, env)
	require.NoError(b.t, err)
	require.NotEmpty(b.t, events)
	return rehab.NewRecord(c, cmd, events)
}

// noon of a day of January 2026 in Shanghai.
func noon(day int) time.Time {
	return rehab.NewDate(2026, 1, day).Start().Add(12 * time.Hour)
}
