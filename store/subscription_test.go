package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/notify"
	"guitu/rehab"
)

var hookTarget = notify.Sealed{Target: "https://hooks.example.cn/x?key=s3cret", Secret: "whsec_c2VjcmV0"}

func (b *bundle) subscribe(id string, change func(*notify.Subscription)) notify.Subscription {
	b.t.Helper()
	x := notify.Subscription{ID: id, Place: "110101", Role: rehab.StationHead, Kind: notify.ByWebhook, Target: "https://hooks.example.cn", Language: "zh",
		Types: []string{}, Channels: []string{}, Events: []string{}, CreatedAt: noon(2026, 1, 5), By: "d-1", Active: true}
	if change != nil {
		change(&x)
	}
	known, err := b.store.Subscribe(b.t.Context(), x, hookTarget, "digest")
	require.NoError(b.t, err)
	require.False(b.t, known)
	return x
}

// takenUp waits until the deliveries are there: a notice is settled once no older
// transaction of the whole server is under way.
func (b *bundle) takenUp(id string, want int, at time.Time) []notify.Delivery {
	b.t.Helper()
	var list []notify.Delivery
	require.Eventually(b.t, func() bool {
		_, err := b.store.TakeUp(b.t.Context(), at)
		require.NoError(b.t, err)
		list, err = b.store.Deliveries(b.t.Context(), id, "", 0, 500)
		require.NoError(b.t, err)
		return len(list) >= want
	}, 30*time.Second, 20*time.Millisecond)
	require.Len(b.t, list, want)
	return list
}

// heads counts the notices to the station head.
func (b *bundle) heads() (n int) {
	b.t.Helper()
	conn := b.superuser()
	require.NoError(b.t, conn.QueryRow(b.t.Context(), `SELECT count(*) FROM notices WHERE role = 'station_head'`).Scan(&n))
	return n
}

func TestASubscriptionIsKeptOnceAndEncrypted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x := b.subscribe("s-1", nil)
	known, err := b.store.Subscribe(t.Context(), x, hookTarget, "digest")
	require.NoError(t, err)
	require.True(t, known)
	_, err = b.store.Subscribe(t.Context(), x, hookTarget, "another")
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	got, err := b.store.Subscription(t.Context(), "s-1")
	require.NoError(t, err)
	require.Equal(t, x, got)

	var row string
	var sealed []byte
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT s::text, sealed FROM subscriptions s`).Scan(&row, &sealed))
	require.NotContains(t, row+string(sealed), "s3cret")
	require.NotContains(t, row+string(sealed), hookTarget.Secret)
}

func TestEachSubscriptionGetsTheNoticesOfItsPlaceAndRoleOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-0") // before anybody subscribed
	b.subscribe("mine", nil)
	b.subscribe("elsewhere", func(x *notify.Subscription) { x.Place = "110102" })
	b.subscribe("one-type", func(x *notify.Subscription) { x.Types = []string{"escalation_opened"} })
	b.subscribe("inbox", func(x *notify.Subscription) { x.Channels = []string{rehab.Inbox} })
	b.subscribe("by-call", func(x *notify.Subscription) { x.Channels = []string{"call", "sms"} })
	b.subscribe("worker", func(x *notify.Subscription) { x.Role, x.Worker = rehab.WorkerRole, "w-2" })
	before := b.heads()
	b.live("c-1")
	want := b.heads() - before
	require.Positive(t, want)

	list := b.takenUp("mine", want, noon(2026, 3, 1))
	require.Equal(t, notify.DeliveryWaiting, list[0].State)
	due, err := b.store.TakeUp(t.Context(), noon(2026, 3, 1))
	require.NoError(t, err)
	require.Contains(t, due, "mine")
	b.takenUp("mine", want, noon(2026, 3, 1))
	for _, none := range []string{"elsewhere", "worker"} {
		b.takenUp(none, 0, noon(2026, 3, 1))
	}
	some, err := b.store.Deliveries(t.Context(), "one-type", "", 0, 500)
	require.NoError(t, err)
	require.Less(t, len(some), want)
	b.takenUp("inbox", want, noon(2026, 3, 1))
	b.takenUp("by-call", 0, noon(2026, 3, 1))

	// An office's own policy has the district told by a call.
	_, err = b.superuser().Exec(t.Context(), `INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
VALUES ('c-1', 9, $1, 'station_head', '110101001', '', 'escalation_climbed', 'call', 5, 'test-3')`, noon(2026, 3, 1))
	require.NoError(t, err)
	b.takenUp("by-call", 1, noon(2026, 3, 1))
	b.takenUp("inbox", want, noon(2026, 3, 1))
}

func TestATryIsCountedBeforeItIsMadeAndADeliveryEndsAsItEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.subscribe("s-1", nil)
	before := b.heads()
	b.live("c-1")
	at := noon(2026, 3, 1)
	n := b.heads() - before
	b.takenUp("s-1", n, at)

	o, ok, err := b.store.Take(t.Context(), "s-1", at)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, hookTarget, o.Sealed)
	require.Equal(t, 1, o.Tries)
	require.Equal(t, notify.DeliveryID("s-1", o.Position), o.ID)
	require.Equal(t, rehab.StationHead, o.Notice.Role)
	other, ok, err := b.store.Take(t.Context(), "s-1", at)
	require.NoError(t, err)
	require.Equal(t, n > 1, ok)
	require.NotEqual(t, o.Position, other.Position, "what is taken is tried by one")

	require.NoError(t, b.store.Settle(t.Context(), "s-1", o, "timeout", false, at))
	later := at.Add(time.Minute)
	require.NoError(t, b.store.Settle(t.Context(), "s-1", o, "status_500", true, later))
	failed, err := b.store.Deliveries(t.Context(), "s-1", notify.DeliveryFailed, 0, 10)
	require.NoError(t, err)
	require.Len(t, failed, 1)
	require.Equal(t, notify.Delivery{ID: o.ID, Position: o.Position, State: notify.DeliveryFailed, Tries: 1, Code: "status_500", CreatedAt: failed[0].CreatedAt, DoneAt: later}, failed[0])
	counts, err := b.store.DeliveryCounts(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[notify.DeliveryState]int64{notify.DeliveryFailed: 1, notify.DeliveryWaiting: int64(n - 1)}, counts)
}

func TestAnEndedSubscriptionForgetsItsTargetAndDeliversNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.subscribe("s-1", nil)
	before := b.heads()
	b.live("c-1")
	at := noon(2026, 3, 1)
	b.takenUp("s-1", b.heads()-before, at)
	require.NoError(t, b.store.Unsubscribe(t.Context(), "s-1", "d-1", at))
	require.NoError(t, b.store.Unsubscribe(t.Context(), "s-1", "d-2", at), "twice")
	_, ok, err := b.store.Take(t.Context(), "s-1", at.AddDate(0, 0, 1))
	require.NoError(t, err)
	require.False(t, ok)
	list, err := b.store.Subscriptions(t.Context(), "11", "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
	got, err := b.store.Subscription(t.Context(), "s-1")
	require.NoError(t, err)
	require.False(t, got.Active)
	var by string
	var gone bool
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT ended_by, sealed IS NULL FROM subscriptions`).Scan(&by, &gone))
	require.Equal(t, "d-1", by)
	require.True(t, gone)
}

func TestAnotherMasterKeyDoesNotOpenATarget(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.subscribe("s-1", nil)
	_, err := b.under(b.master())
	require.ErrorContains(t, err, "master key")
}

func TestASubscriptionToChangesGetsThoseOfItsPlaceAndKinds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	to := func(place string, events ...string) func(*notify.Subscription) {
		return func(x *notify.Subscription) { x.Place, x.Role, x.Events = place, "", events }
	}
	b.live("c-0") // before anybody subscribed
	b.subscribe("opened", to("110101", "case_opened"))
	b.subscribe("phases", to("11", "phase_changed"))
	b.subscribe("both", to("11", "case_opened", "phase_changed"))
	b.subscribe("elsewhere", to("110102", "case_opened", "phase_changed"))
	got, err := b.store.Subscription(t.Context(), "both")
	require.NoError(t, err)
	require.Equal(t, []string{"case_opened", "phase_changed"}, got.Events)
	b.live("c-1")
	at := noon(2026, 3, 1)

	require.Len(t, b.takenUp("opened", 1, at), 1)
	o, ok, err := b.store.Take(t.Context(), "opened", at)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "case_opened", o.Event)
	require.Equal(t, notify.HookChange{Position: o.Position, CaseID: "c-1", Seq: 1, Event: "case_opened", Phase: o.Change.Phase, Place: "110101001", Worker: o.Change.Worker}, o.Change)
	require.NotEmpty(t, o.Change.Phase)
	require.False(t, o.At.IsZero())

	var phases int
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT count(*) FROM case_events WHERE case_id = 'c-1' AND type = ANY($1)`, notify.LedgerTypes([]string{"phase_changed"})).Scan(&phases))
	require.Greater(t, phases, 1)
	b.takenUp("phases", phases, at)
	o, _, err = b.store.Take(t.Context(), "phases", at)
	require.NoError(t, err)
	require.Equal(t, "phase_changed", o.Event)
	b.takenUp("both", phases, at)
	o, _, err = b.store.Take(t.Context(), "both", at)
	require.NoError(t, err)
	require.Equal(t, "case_opened", o.Event, "the first kind of those that were asked for")
	b.takenUp("elsewhere", 0, at)

	_, err = b.superuser().Exec(t.Context(), `UPDATE cases SET phase = 'sealed' WHERE case_id = 'c-1'`)
	require.NoError(t, err)
	_, ok, err = b.store.Take(t.Context(), "phases", at)
	require.NoError(t, err)
	require.False(t, ok, "sealed since it was taken up")
	failed, err := b.store.Deliveries(t.Context(), "phases", notify.DeliveryFailed, 0, 10)
	require.NoError(t, err)
	require.Equal(t, "sealed", failed[0].Code)
}

func TestTheStateOfACommandIsItsActorsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	var key, by string
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT command_id FROM commands WHERE case_id = 'c-1' ORDER BY last_seq LIMIT 1`).Scan(&key))
	c, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	list, err := b.store.Timeline(t.Context(), c.ID, 0, 1)
	require.NoError(t, err)
	by = list[0].Actor.ID

	mine, err := b.store.CommandStates(t.Context(), by, key)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, board.CommandRecorded, mine[0].State)
	require.Equal(t, "c-1", mine[0].CaseID)
	require.NotZero(t, mine[0].Seq)
	others, err := b.store.CommandStates(t.Context(), "another", key)
	require.NoError(t, err)
	require.Empty(t, others)

	refusal := &rehab.Error{Code: rehab.Refused, Message: "the client has not reported in", Citation: "DRR art.14, 16"}
	for _, state := range []board.CommandState{
		{CaseID: "c-2", Type: "report-in", State: board.CommandAccepted, At: noon(2026, 3, 1)},
		{CaseID: "c-2", Type: "report-in", State: board.CommandRefused, Refusal: refusal, At: noon(2026, 3, 2)},
		{CaseID: "c-1", Type: "report-in", State: board.CommandAccepted, At: noon(2026, 3, 2)},
	} {
		require.NoError(t, b.store.KeepCommandState(t.Context(), by, key, state))
	}
	mine, err = b.store.CommandStates(t.Context(), by, key)
	require.NoError(t, err)
	require.Len(t, mine, 2)
	require.Equal(t, board.CommandRecorded, mine[0].State, "the ledger knows better than what was kept")
	require.Equal(t, board.CommandRefused, mine[1].State, "the last one kept")
	require.Equal(t, refusal, mine[1].Refusal)

	require.NoError(t, b.store.KeepCommandState(t.Context(), by, "later", board.CommandState{CaseID: "c-3", State: board.CommandAccepted, At: noon(2026, 5, 1)}))
	mine, err = b.store.CommandStates(t.Context(), by, key)
	require.NoError(t, err)
	require.Len(t, mine, 1, "what was kept goes after 30 days")
}
