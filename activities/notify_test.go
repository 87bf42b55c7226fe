package activities_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/activities"
	"guitu/notify"
)

// outbox holds deliveries in memory, by subscription.
type outbox struct {
	mu      sync.Mutex
	waiting map[string][]notify.Outgoing
	settled map[string][]string // "code" or "code over"
	broken  string              // subscription that cannot be read
}

func (o *outbox) TakeUp(context.Context, time.Time) ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []string
	for id := range o.waiting {
		out = append(out, id)
	}
	slices.Sort(out)
	return out, nil
}

func (o *outbox) Take(_ context.Context, id string, _ time.Time) (notify.Outgoing, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if id == o.broken {
		return notify.Outgoing{}, false, errors.New("broken")
	}
	if len(o.waiting[id]) == 0 {
		return notify.Outgoing{}, false, nil
	}
	next := o.waiting[id][0]
	o.waiting[id] = o.waiting[id][1:]
	return next, true, nil
}

func (o *outbox) Settle(_ context.Context, id string, _ notify.Outgoing, code string, over bool, _ time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if over && code != "" {
		code += " over"
	}
	o.settled[id] = append(o.settled[id], code)
	return nil
}

type sender func(o notify.Outgoing) string

func (s sender) Send(_ context.Context, o notify.Outgoing) string { return s(o) }

var at = time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)

func (o *outbox) put(id string, kind notify.SubscriptionKind, n, tries int) {
	for i := range n {
		o.waiting[id] = append(o.waiting[id], notify.Outgoing{Kind: kind, Delivery: notify.Delivery{ID: notify.DeliveryID(id, int64(i)), Tries: tries, CreatedAt: at}})
	}
}

func post(o *outbox, s sender) *activities.Activities {
	return &activities.Activities{Delivery: &activities.Delivery{Outbox: o, Sender: s, Now: func() time.Time { return at }, RetryPolicy: notify.RetryPolicy{Tries: 3, GiveUp: time.Hour}}}
}

func TestASubscriptionThatIsDownHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	o := &outbox{waiting: map[string][]notify.Outgoing{}, settled: map[string][]string{}, broken: "c"}
	o.put("a", notify.ByWebhook, 5, 1)
	o.put("b", notify.ByMail, 5, 1)
	o.put("c", notify.ByMail, 5, 1)
	done, err := post(o, func(x notify.Outgoing) string {
		if x.Kind == notify.ByWebhook {
			return "timeout"
		}
		return ""
	}).Notify(t.Context())
	require.ErrorContains(t, err, "broken", "what cannot be read is said, after the others had their turn")
	require.Equal(t, activities.RoundResult{Delivered: 5, Faults: 1}, done)
	require.Equal(t, []string{"timeout"}, o.settled["a"], "one try a round shows that it is down")
	require.Len(t, o.settled["b"], 5)
}

func TestADeliveryIsGivenUpAfterItsLastTry(t *testing.T) {
	t.Parallel()
	o := &outbox{waiting: map[string][]notify.Outgoing{}, settled: map[string][]string{}}
	o.put("a", notify.ByWebhook, 1, 2)
	o.put("b", notify.ByWebhook, 1, 3)
	_, err := post(o, func(notify.Outgoing) string { return "status_500" }).Notify(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"a": {"status_500"}, "b": {"status_500 over"}}, o.settled)
}

func TestARobotGetsNoMoreInARoundThanItTakes(t *testing.T) {
	t.Parallel()
	o := &outbox{waiting: map[string][]notify.Outgoing{}, settled: map[string][]string{}}
	o.put("a", notify.ByDingTalk, 9, 1)
	done, err := post(o, func(notify.Outgoing) string { return "" }).Notify(t.Context())
	require.NoError(t, err)
	require.Equal(t, 4, done.Delivered)
}
