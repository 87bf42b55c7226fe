package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/inbox"
	"guitu/notify"
	"guitu/office"
	"guitu/rehab"
)

func (b *bundle) away(key, worker, standIn string, first, last int) error {
	b.t.Helper()
	_, err := b.store.ChangeAbsence(b.t.Context(), command(key, noon(2026, 1, 6)), worker,
		office.AbsenceFact{Record: from(2026, 1, first), To: rehab.NewDate(2026, 1, last), StandIn: standIn}, false)
	return err
}

func TestAStandInHasTheInboxOfWhoIsAwayUntilTheLastDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	for _, id := range []string{"w-1", "w-2"} {
		b.register(id, street)
	}
	b.register("w-3", next)
	b.given("c-1", "w-1")
	require.ErrorContains(t, b.away("k-0", "w-1", "w-3", 8, 12), "another station")
	require.NoError(t, b.away("k-1", "w-1", "w-2", 8, 12))
	require.ErrorContains(t, b.away("k-2", "w-2", "w-1", 12, 14), "w-1 is away")

	tasks := func(worker string, day int) int {
		also, err := b.store.StandsInFor(ctx, worker, rehab.NewDate(2026, 1, day))
		require.NoError(t, err)
		list, err := b.store.Due(ctx, inbox.Filter{Actor: worker, Role: rehab.WorkerRole, Worker: worker, Also: also, Today: rehab.NewDate(2026, 1, day), DueBy: rehab.NewDate(2026, 2, 28), Limit: 50})
		require.NoError(t, err)
		return len(list)
	}
	require.Positive(t, tasks("w-1", 9), "who is away keeps the own cases")
	require.Zero(t, tasks("w-2", 7))
	require.Equal(t, tasks("w-1", 9), tasks("w-2", 9))
	require.Equal(t, tasks("w-1", 9), tasks("w-2", 12))
	require.Zero(t, tasks("w-2", 13), "it ends by itself")
	require.Empty(t, b.gaps(2026, 1, 9), "somebody stands in")

	notices := func(day int) int {
		list, err := b.store.NoticesTo(ctx, inbox.Filter{Actor: "w-2", Role: rehab.WorkerRole, Today: rehab.NewDate(2026, 1, day), Limit: 50})
		require.NoError(t, err)
		return len(list)
	}
	require.Zero(t, notices(9), "what was told before is not told again")
	c, err := b.store.Load(ctx, "c-1")
	require.NoError(t, err)
	b.playAs(head, c, "miss", noon(2026, 1, 9), noon(2026, 1, 9), rehab.AssignWorker{Worker: "w-2"})
	b.playAs(head, c, "back", noon(2026, 1, 9), noon(2026, 1, 9), rehab.AssignWorker{Worker: "w-1"})
	require.Equal(t, 2, notices(9), "the own one, and the one to who is away")
	require.Equal(t, 1, notices(13))
}

func TestAWorkerWhoIsAwayWithoutAStandInIsAGap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.register("w-2", street)
	b.given("c-1", "w-1")
	require.NoError(t, b.away("k-1", "w-1", "", 8, 12))
	require.Empty(t, b.gaps(2026, 1, 7))
	require.Equal(t, []string{"worker_away c-1 2026-01-08"}, b.gaps(2026, 1, 10))
	require.Empty(t, b.gaps(2026, 1, 13))

	require.NoError(t, b.away("k-2", "w-1", "w-2", 8, 12))
	require.Empty(t, b.gaps(2026, 1, 10))
	_, err := b.superuser().Exec(t.Context(), `DELETE FROM worker_absences`)
	require.NoError(t, err)
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	also, err := b.store.StandsInFor(t.Context(), "w-2", rehab.NewDate(2026, 1, 10))
	require.NoError(t, err)
	require.Equal(t, []string{"w-1"}, also, "the absences are rebuilt")
	history, err := b.store.AbsenceHistory(t.Context(), "w-1")
	require.NoError(t, err)
	require.Len(t, history, 2, "both stay")

	_, err = b.store.ChangeWorker(t.Context(), command("k-3", noon(2026, 1, 6)), "w-2", office.WorkerFact{Record: from(2026, 1, 10), Change: office.Left}, "")
	require.NoError(t, err)
	require.Equal(t, []string{"worker_away c-1 2026-01-10"}, b.gaps(2026, 1, 10), "the stand-in has gone")
}

// TestAStandInIsSentTheNoticesOfWhoIsAwayUntilTheLastDay: by mail, in the place of the inbox.
func TestAStandInIsSentTheNoticesOfWhoIsAwayUntilTheLastDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.register("w-2", street)
	b.given("c-1", "w-1")
	require.NoError(t, b.away("k-1", "w-1", "w-2", 8, 12))
	of := func(worker string, kind notify.SubscriptionKind, place string) func(*notify.Subscription) {
		return func(x *notify.Subscription) {
			x.Role, x.Worker, x.Kind, x.Place = rehab.WorkerRole, worker, kind, place
		}
	}
	b.subscribe("away", of("w-1", notify.ByMail, street))
	b.subscribe("stand-in", of("w-2", notify.ByMail, street))
	b.subscribe("mail-from-next", of("w-2", notify.ByMail, next))
	b.subscribe("hook-from-next", of("w-2", notify.ByWebhook, next))
	b.subscribe("nobody", of("w-3", notify.ByMail, street))
	conn := b.superuser()
	tell := func(day int) {
		_, err := conn.Exec(t.Context(), `INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
VALUES ('c-1', 1, $1, 'worker', $2, 'w-1', 'obligation_missed', 'inbox', 0, 'contact-1')`, rehab.NewDate(2026, 1, day).Start().Add(30*time.Minute), street)
		require.NoError(t, err)
	}
	for day := 7; day <= 13; day++ { // half an hour after midnight in Beijing: the day before in UTC
		tell(day)
	}
	b.takenUp("away", 7, noon(2026, 1, 14))
	b.takenUp("stand-in", 5, noon(2026, 1, 14))
	b.takenUp("mail-from-next", 5, noon(2026, 1, 14))
	b.takenUp("hook-from-next", 0, noon(2026, 1, 14))
	b.takenUp("nobody", 0, noon(2026, 1, 14))
}
