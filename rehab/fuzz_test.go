package rehab_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// FuzzDecide gives any bytes as a command to a fresh, a running and a closed case: no
// panic, no error but *rehab.Error, no change, and what is taken folds.
func FuzzDecide(f *testing.F) {
	running := missedContactFor(f)
	closed := &life{t: f, c: running.c.Clone(), env: running.env, actor: worker}
	closed.toTime(closed.c.TermEnd.End())
	closed.do(rehab.Release{})
	for _, b := range []rehab.CommandBody{
		running.order(), rehab.ReportIn{}, met(rehab.Talk), urine(rehab.PositiveProvisional), rehab.ResolveTest{Test: 3},
		rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true}, rehab.JustifyMiss{Obligation: id("contact-1"), Reason: rehab.Illness, Until: day("2026-05-01")},
		rehab.AcknowledgeEscalation{Escalation: 9, Promise: day("2026-04-01")}, rehab.ChangeRisk{Risk: rehab.Low},
		rehab.RecordLeaving{From: day("2026-03-11"), To: day("2026-03-13")}, rehab.AssignWorker{Worker: "w-8"},
	} {
		raw, err := json.Marshal(b)
		require.NoError(f, err)
		f.Add(b.CommandType(), raw, int64(0))
	}
	f.Add("open-case", []byte(`{"measure":"rehabilitation","term_months":1,"decided_on":"0001-01-01","served_on":"9999-12-31","carried":{}}`), int64(-1))
	f.Fuzz(func(t *testing.T, typ string, raw []byte, minutes int64) {
		body, err := rehab.DecodeCommandBody(typ, raw)
		if err != nil {
			requireError(t, err)
			return
		}
		fresh := &life{c: &rehab.Case{ID: "case-2"}, env: running.env}
		for _, l := range []*life{fresh, running, closed} {
			c := l.c.Clone()
			at := l.env.Now.AddDate(0, 0, int(minutes%100_000)/1440)
			events, err := c.Decide(rehab.Command{ID: "x", Actor: worker, OccurredAt: at, Body: body}, l.env)
			require.Empty(t, cmp.Diff(l.c, c))
			if err != nil {
				requireError(t, err)
				continue
			}
			c.Fold(events)
			require.Equal(t, l.c.Seq+int64(len(events)), c.Seq)
		}
	})
}

func missedContactFor(t testing.TB) *life {
	l := reported(t, "2026-03-10")
	l.do(rehab.SignAgreement{})
	l.do(urine(rehab.PositiveProvisional))
	l.toTime(day("2026-04-20").End())
	return l
}

func requireError(t require.TestingT, err error) {
	var e *rehab.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Code)
	require.NotEmpty(t, e.Message)
}

// FuzzParseDate requires that what is read is written the same.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-10", "2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01", "2026-02-30", "-001-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := rehab.ParseDate(s)
		if err != nil {
			require.Zero(t, d)
			return
		}
		require.Equal(t, s, d.String())
		require.Equal(t, d, rehab.DateOf(d.Start()))
		require.Equal(t, d, rehab.DateOf(d.End())-1)
		require.Equal(t, d, rehab.NewDate(d.Civil()))
		require.Equal(t, d.Weekday(), d.Start().In(rehab.Shanghai).Weekday())
		require.Less(t, d, d.AddMonths(1))
	})
}

// FuzzEvent requires that an event that can be read is written and read the same.
func FuzzEvent(f *testing.F) {
	l := missedContactFor(f)
	for _, e := range l.ledger {
		raw, err := json.Marshal(e)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var e rehab.Event
		if json.Unmarshal(raw, &e) != nil {
			return
		}
		written, err := json.Marshal(e)
		if err != nil {
			return // an instant outside the years 0 to 9999
		}
		var again rehab.Event
		require.NoError(t, json.Unmarshal(written, &again), "%s", written)
		require.Empty(t, cmp.Diff(e, again, cmpopts.EquateEmpty()))
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(twice))
	})
}
