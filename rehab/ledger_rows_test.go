package rehab_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// tables keep rows as a store does: what a record says of a row goes over it.
type tables struct{ rehab.Rows }

func (t *tables) write(r *rehab.Rows) {
	if r.Whole {
		t.Rows = rehab.Rows{Whole: true}
	}
	for _, o := range r.Obligations {
		put(&t.Obligations, o, func(x rehab.ObligationRow) bool { return x.ID == o.ID })
	}
	for i := range t.Obligations {
		if o := &t.Obligations[i]; r.Ended && o.Status == rehab.Confirmed && !slices.Contains(r.Spared, o.ID.Kind) {
			o.Status = rehab.Superseded
		}
	}
	for _, e := range r.Escalations {
		same := func(x rehab.EscalationRow) bool { return x.ID == e.ID }
		if i := slices.IndexFunc(t.Escalations, same); i >= 0 && e.OpenedAt.IsZero() {
			e.OpenedAt = t.Escalations[i].OpenedAt
		}
		put(&t.Escalations, e, same)
	}
	for _, l := range r.Leaves {
		put(&t.Leaves, l, func(x rehab.LeaveRow) bool { return x.ID == l.ID })
	}
	t.Leaves = slices.DeleteFunc(t.Leaves, func(l rehab.LeaveRow) bool { return slices.Contains(r.Decided, l.ID) })
	for _, x := range r.Referrals {
		put(&t.Referrals, x, func(y rehab.Referral) bool { return x.ID == y.ID })
	}
	for _, x := range r.Transfers {
		same := func(y rehab.TransferRow) bool { return x.ID == y.ID }
		if i := slices.IndexFunc(t.Transfers, same); i >= 0 {
			x = over(t.Transfers[i], x)
		}
		put(&t.Transfers, x, same)
	}
	t.Struck = append(t.Struck, r.Struck...)
}

func put[T any](list *[]T, v T, same func(T) bool) {
	if i := slices.IndexFunc(*list, same); i >= 0 {
		(*list)[i] = v
		return
	}
	*list = append(*list, v)
}

// over is a transfer with what a record says of it: its beginning stays.
func over(was, is rehab.TransferRow) rehab.TransferRow {
	was.State = is.State
	for _, x := range []struct {
		to *rehab.Date
		v  rehab.Date
	}{{&was.ForwardedOn, is.ForwardedOn}, {&was.AnsweredOn, is.AnsweredOn}, {&was.ArrivedOn, is.ArrivedOn}, {&was.EndedOn, is.EndedOn}} {
		if x.v != 0 {
			*x.to = x.v
		}
	}
	if is.ReturnedFor != "" {
		was.ReturnedFor = is.ReturnedFor
	}
	return was
}

// sameRows compares the tables with all rows of the ledger, whatever their order.
func (t *tables) sameRows(tb require.TestingT, ledger []rehab.Event) {
	opts := gocmp.Options{
		cmpopts.EquateEmpty(), cmpopts.IgnoreFields(rehab.Rows{}, "Whole"),
		cmpopts.SortSlices(func(a, b rehab.ObligationRow) bool { return a.ID.String() < b.ID.String() }),
		cmpopts.SortSlices(func(a, b rehab.EscalationRow) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b rehab.LeaveRow) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b rehab.Referral) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b rehab.TransferRow) bool { return a.ID < b.ID }),
	}
	require.Empty(tb, gocmp.Diff(rehab.LifeRows(ledger), &t.Rows, opts), "the rows of the ledger / as records wrote them")
}

// TestPropertyTheRowsThatRecordsWriteAreThoseOfTheLedger gives every command to random lives,
// on time and late, and puts records right: the rows that one record after the other writes
// are those that a rebuild makes, and a record says the same after a trip through JSON.
func TestPropertyTheRowsThatRecordsWriteAreThoseOfTheLedger(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		w := &known{t: t, book: newBook(drawEnv(t, base)), seen: &tally{n: map[string]int{}}}
		tab := &tables{}
		kept := &rehab.Case{ID: w.c.ID}
		n := 0
		record := func() {
			events := w.h.Events[n:]
			if n = len(w.h.Events); len(events) == 0 {
				return
			}
			r := rehab.NewRecord(kept, rehab.Command{}, events)
			require.Equal(t, r.Revises(), r.Rows == nil)
			if r.Rows == nil {
				r.Rows = rehab.LifeRows(w.h.Events)
			}
			raw, err := json.Marshal(r.Rows)
			require.NoError(t, err)
			var read rehab.Rows
			require.NoError(t, json.Unmarshal(raw, &read))
			tab.write(&read)
			kept.Fold(events)
			tab.sameCase(t, kept)
		}
		for range 5 {
			if w.c.Phase == "" {
				w.tellAndRecord(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return drawOrder(t, w.env) }}, record)
			}
		}
		for _, s := range drawBeginning(t, w.book) {
			w.tellAndRecord(s, record)
		}
		for range 1 + pick(t, 50, "steps") {
			s := drawActStep(t)
			if pick(t, 8, "amends") == 0 {
				s.body = w.drawAmendment(t)
			}
			w.tellAndRecord(s, record)
		}
		tab.sameRows(t, w.h.Events)
		(&tables{*rehab.LifeRows(w.h.Events)}).sameCase(t, w.c)
	})
}

// tellAndRecord lets time pass, one record an instant, and gives the command.
func (w *known) tellAndRecord(s step, record func()) {
	end := w.env.Now.Add(s.wait)
	for wake := w.c.Wake(); !wake.IsZero() && !wake.After(end); wake = w.c.Wake() {
		w.env.Now = wake
		w.time()
		record()
	}
	w.env.Now = end
	w.n++
	_ = w.give(s.command(w.n, w.c, w.env.Now)) // what is refused changes nothing
	record()
}

// sameCase holds the rows that are open against the case.
func (t *tables) sameCase(tb require.TestingT, c *rehab.Case) {
	open := 0
	for _, o := range t.Obligations {
		if was := c.Obligation(o.ID); was != nil {
			open++
			require.Equal(tb, was.Status, o.Status, "%s", o.ID)
			require.Equal(tb, was.Due, o.Due, "%s", o.ID)
		} else {
			require.NotContains(tb, []rehab.Status{rehab.Open, rehab.Missed}, o.Status, "%s has left the case", o.ID)
		}
	}
	require.Len(tb, c.Obligations, open)
	for _, e := range t.Escalations {
		require.Equal(tb, c.Escalation(e.ID) == nil, !e.ClosedAt.IsZero(), "escalation %d", e.ID)
	}
	undecided := 0
	for _, l := range c.Leaves {
		if !l.Approved {
			undecided++
			require.True(tb, slices.ContainsFunc(t.Leaves, func(r rehab.LeaveRow) bool { return r.Leave == l }), "leave %d", l.ID)
		}
	}
	require.Len(tb, t.Leaves, undecided)
	require.ElementsMatch(tb, c.Help.Referrals, t.Referrals)
	t.sameTransfers(tb, c)
}

func (t *tables) sameTransfers(tb require.TestingT, c *rehab.Case) {
	want := map[int64]rehab.TransferState{}
	if c.Transfer.ID != 0 {
		want[c.Transfer.ID] = c.Transfer.State
	}
	if a := c.Arrival; a.Transfer != 0 {
		want[a.Transfer] = rehab.TransferIsAccepted
		if a.Missed {
			want[a.Transfer] = rehab.TransferIsMissed
		}
	}
	for _, r := range t.Transfers {
		if state, ok := want[r.ID]; ok {
			require.Equal(tb, state, r.State, "transfer %d", r.ID)
			delete(want, r.ID)
			continue
		}
		over := []rehab.TransferState{rehab.TransferIsReturned, rehab.TransferIsMissed, rehab.TransferIsArrived, rehab.TransferIsWithdrawn, rehab.TransferIsOver, rehab.TransferIsOvertaken, rehab.TransferIsOut}
		require.Contains(tb, over, r.State, "transfer %d has left the case", r.ID)
	}
	require.Empty(tb, want, "transfers without a row")
}

func TestAConfirmedMissThatTheCaseForgotIsVoidWithTheCase(t *testing.T) {
	t.Parallel()
	tab, c := &tables{}, &rehab.Case{ID: "case-1"}
	missed := rehab.ObligationID{Kind: rehab.ContactDuty, N: 1}
	at, ledger := day("2026-01-05").Start(), []rehab.Event(nil)
	fold := func(data ...rehab.EventData) {
		events := make([]rehab.Event, len(data))
		for i, d := range data {
			events[i] = rehab.Event{Seq: c.Seq + int64(i) + 1, RecordedAt: at, OccurredAt: at, Data: d}
		}
		tab.write(rehab.NewRecord(c, rehab.Command{}, events).Rows)
		c.Fold(events)
		ledger = append(ledger, events...)
	}
	window := func(n int, opens rehab.Date) rehab.ObligationOpened {
		return rehab.ObligationOpened{Obligation: rehab.Obligation{ID: rehab.ObligationID{Kind: rehab.ContactDuty, N: n}, Opens: opens, Due: opens + 6, Status: rehab.Open}, K: n}
	}
	fold(rehab.ReportedIn{On: day("2026-01-05"), TermEnd: day("2029-01-05"), Series: []rehab.Series{{Kind: rehab.ContactDuty, Last: day("2026-03-01")}}})
	fold(window(1, day("2026-01-05")))
	fold(rehab.ObligationMissed{ID: missed}, rehab.MissConfirmed{ID: missed})
	fold(window(2, day("2027-02-01")))
	require.Nil(t, c.Obligation(missed), "the case has forgotten it")
	require.Equal(t, rehab.Confirmed, tab.Obligations[0].Status)
	at = at.Add(time.Hour)
	fold(rehab.CaseTerminated{On: day("2027-02-02"), Ground: rehab.Death})
	require.Equal(t, rehab.Superseded, tab.Obligations[0].Status)
	require.Equal(t, rehab.Superseded, tab.Obligations[1].Status)
	tab.sameRows(t, ledger)
}
