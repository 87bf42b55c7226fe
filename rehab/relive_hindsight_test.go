package rehab_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// rules are all policies of an environment, also of one that was left by a migration.
type rules struct {
	all      []*rehab.Policy
	calendar *rehab.Calendar
}

func rulesOf(env rehab.Env) *rules {
	r := &rules{calendar: env.Calendar}
	for _, p := range []*rehab.Policy{env.Policy, env.Target} {
		if p != nil {
			r.all = append(r.all, p)
		}
	}
	return r
}

func (r *rules) Calendar() *rehab.Calendar { return r.calendar }
func (r *rules) Policy(ref rehab.PolicyRef) *rehab.Policy {
	for _, p := range r.all {
		if ref == p.Ref() {
			return p
		}
	}
	return nil
}

// book keeps what the ledger keeps: the clock is read at every wake.
type book struct {
	*rules
	env rehab.Env
	c   *rehab.Case
	h   rehab.History

	holds []rehab.Event // what holds of the first n events
	n     int
}

// life is what holds of the history.
func (b *book) life() []rehab.Event {
	if n := len(b.h.Events); b.n != n {
		b.holds, b.n = rehab.Life(b.h.Events), n
	}
	return b.holds
}

func newBook(env rehab.Env) *book {
	return &book{
		rules: rulesOf(env), env: env, c: &rehab.Case{ID: "case-1"},
		h: rehab.History{CaseID: "case-1", Commands: map[string]rehab.CommandBody{}},
	}
}

func (b *book) until(now time.Time) {
	for wake := b.c.Wake(); !wake.IsZero() && !wake.After(now); wake = b.c.Wake() {
		b.env.Now = wake
		b.time()
	}
	b.env.Now = now
}

// time acts up to now.
func (b *book) time() { b.h.Events = append(b.h.Events, b.c.PlayTime(b.env)...) }

func (b *book) give(cmd rehab.Command) error {
	events, err := b.h.Tell(b.c, cmd, b.rules, b.env.Now)
	if err == nil {
		b.h.Add(cmd, events)
		b.c.Fold(events)
		b.env.Policy = cmp.Or(b.Policy(b.c.Policy), b.env.Policy) // also back, where a migration was withdrawn
	}
	return err
}

// TestPropertyWhatWasRecordedOnTimeIsSeenTheSameInHindsight: with every command recorded
// when it happened, what was known at any instant is what is now known of it.
func TestPropertyWhatWasRecordedOnTimeIsSeenTheSameInHindsight(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnv(t, base)
		start, b := env.Now, newBook(env)
		order := drawOrder(t, env)
		_ = b.give(rehab.Command{ID: "open", Actor: station, OccurredAt: env.Now, Body: order})
		for i := range rapid.IntRange(0, 40).Draw(t, "steps") {
			s := drawStep(t)
			s.back = 0
			b.until(b.env.Now.Add(max(s.wait, time.Second)))
			_ = b.give(s.command(i, b.c, b.env.Now))
		}
		end := b.env.Now
		for range 4 {
			at := start.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(start))+1).Draw(t, "as of"))).Truncate(time.Second)
			seen, err := b.h.Hindsight(at, b)
			require.NoError(t, err)
			require.Empty(t, gocmp.Diff(b.h.Known(at), seen.Case, cmpopts.EquateEmpty()))
			require.Empty(t, seen.Late)
			require.Empty(t, seen.Moot)
		}
	})
}

// TestPropertyHindsightSeesLateEvidenceAsIfItHadBeenOnTime tells the same facts once on
// their day and once late and in any order, with the misses confirmed meanwhile.
func TestPropertyHindsightSeesLateEvidenceAsIfItHadBeenOnTime(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		type told struct {
			at  time.Time
			cmd rehab.Command
		}
		env := base.env
		start := env.Now
		var onTime, late []told
		add := func(days, minutes, delay int, body rehab.CommandBody) {
			cmd := rehab.Command{
				ID: fmt.Sprintf("c-%d", len(onTime)), Actor: worker,
				OccurredAt: start.Add(time.Duration(days)*24*time.Hour + time.Duration(minutes)*time.Minute), Body: body,
			}
			onTime = append(onTime, told{cmd.OccurredAt, cmd})
			late = append(late, told{cmd.OccurredAt.Add(time.Duration(delay) * 24 * time.Hour), cmd})
		}
		add(0, 0, 0, base.order())
		add(3, 0, 0, rehab.ReportIn{})
		add(4, 0, 0, rehab.SignAgreement{})
		for i := range rapid.IntRange(1, 25).Draw(t, "facts") {
			body := rapid.SampledFrom([]rehab.CommandBody{
				met(rehab.Talk), met(rehab.HomeVisit), urine(rehab.Negative), urine(rehab.PositiveConfirmed), rehab.RecordAssessment{},
				rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer},
			}).Draw(t, "fact")
			add(5+rapid.IntRange(0, 200).Draw(t, "day"), i+1, rapid.IntRange(0, 60).Draw(t, "told days later"), body)
		}
		live := func(list []told) *book {
			b := newBook(env)
			list = slices.Clone(list)
			slices.SortStableFunc(list, func(x, y told) int { return x.at.Compare(y.at) })
			for _, x := range list {
				b.until(x.at)
				require.NoError(t, b.give(x.cmd))
			}
			b.until(start.Add(300 * 24 * time.Hour))
			return b
		}
		at := start.Add(time.Duration(rapid.IntRange(24*5, 24*290).Draw(t, "as of hour")) * time.Hour)
		truth, after := live(onTime), live(late)
		seen, err := after.h.Hindsight(at, after)
		require.NoError(t, err)
		require.Empty(t, gocmp.Diff(truth.lawOf(truth.h.Known(at)), after.lawOf(seen.Case), cmpopts.EquateEmpty()))
		n := 0
		for _, x := range late {
			if x.cmd.OccurredAt.Before(at) && !x.at.Before(at) {
				n++
			}
		}
		require.Len(t, seen.Late, n, "they differ by the late facts")
	})
}

func TestHindsightTakesBackAMissThatWasNoneAndWhatWasFoundOfIt(t *testing.T) {
	t.Parallel()
	b := newBook(setup(t).env)
	do := func(at string, a rehab.Actor, body rehab.CommandBody, occurred time.Time) {
		b.until(noon(at))
		require.NoError(t, b.give(rehab.Command{ID: fmt.Sprint("c", len(b.h.Commands)), Actor: a, OccurredAt: occurred, Body: body}))
	}
	order := setup(t).order()
	do("2026-03-10", station, order, noon("2026-03-10"))
	do("2026-03-10", worker, rehab.ReportIn{}, noon("2026-03-10"))
	do("2026-03-10", worker, rehab.SignAgreement{}, noon("2026-03-10"))
	do("2026-04-12", station, rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true}, noon("2026-04-12"))
	do("2026-04-20", worker, urine(rehab.Negative), noon("2026-04-01"))

	knew := b.h.Known(noon("2026-04-15"))
	require.Equal(t, 1, knew.Counters.TestBreaches)
	seen, err := b.h.Hindsight(noon("2026-04-15"), b)
	require.NoError(t, err)
	require.Zero(t, seen.Case.Counters.TestBreaches)
	require.Nil(t, seen.Case.Obligation(id("test-1")))
	require.Len(t, seen.Late, 1)
	require.Equal(t, "record-test", seen.Late[0].Type)
	require.Len(t, seen.Moot, 1)
	require.Equal(t, "confirm-miss", seen.Moot[0].Type)

	earlier, err := b.h.Hindsight(noon("2026-03-25"), b)
	require.NoError(t, err)
	require.NotNil(t, earlier.Case.Obligation(id("test-1")), "the test lay in the future then")

	delete(b.h.Commands, "c1")
	_, err = b.h.Hindsight(noon("2026-04-15"), b)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
}

// TestCommandsReferInFieldsThatHindsightCanRead: an obligation or an event is named at
// the top of a body; whatever stands deeper would not be translated.
func TestCommandsReferInFieldsThatHindsightCanRead(t *testing.T) {
	t.Parallel()
	var look func(typ reflect.Type, depth int, name string)
	look = func(typ reflect.Type, depth int, name string) {
		switch {
		case typ == reflect.TypeFor[rehab.ObligationID](), typ.Kind() == reflect.Int64:
			require.LessOrEqual(t, depth, 1, "%s refers to something too deep", name)
		case typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice:
			look(typ.Elem(), depth+1, name)
		case typ.Kind() == reflect.Struct && typ != reflect.TypeFor[time.Time]():
			for i := range typ.NumField() {
				look(typ.Field(i).Type, depth+1, name+"."+typ.Field(i).Name)
			}
		}
	}
	for _, name := range rehab.CommandTypes() {
		body, err := rehab.DecodeCommandBody(name, []byte("{}"))
		require.NoError(t, err)
		require.Equal(t, reflect.Struct, reflect.TypeOf(body).Kind())
		look(reflect.TypeOf(body), 0, name)
	}
}
