package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guitu/notify"
	"guitu/rehab"
)

// fakeSubscription is a subscription as it is kept.
type fakeSubscription struct {
	notify.Subscription
	sealed notify.Sealed
	digest string
}

// subscribers keeps subscriptions apart from the other fakes, whose methods bear the same names.
type subscribers struct {
	w    *world
	list map[string]*fakeSubscription
}

func (f *subscribers) Subscribe(_ context.Context, x notify.Subscription, sealed notify.Sealed, digest string) (bool, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	if err := f.w.failing("Subscriptions"); err != nil {
		return false, err
	}
	if known := f.list[x.ID]; known != nil {
		if known.digest != digest {
			return false, &rehab.Error{Code: rehab.Conflict, Message: "another subscription"}
		}
		return true, nil
	}
	f.list[x.ID] = &fakeSubscription{x, sealed, digest}
	return false, nil
}

func (f *subscribers) Subscription(_ context.Context, id string) (notify.Subscription, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	if err := f.w.failing("Subscriptions"); err != nil {
		return notify.Subscription{}, err
	}
	if x := f.list[id]; x != nil {
		return x.Subscription, nil
	}
	return notify.Subscription{}, notFound("subscription")
}

func (f *subscribers) Subscriptions(_ context.Context, place, after string, limit int) ([]notify.Subscription, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	var out []notify.Subscription
	for _, id := range slices.Sorted(maps.Keys(f.list)) {
		if x := f.list[id]; x.Active && strings.HasPrefix(x.Place, place) && id > after && len(out) < limit {
			out = append(out, x.Subscription)
		}
	}
	return out, f.w.failing("Subscriptions")
}

func (f *subscribers) Unsubscribe(_ context.Context, id, _ string, _ time.Time) error {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	f.list[id].Active = false
	return f.w.failing("Subscriptions")
}

func (f *subscribers) Deliveries(_ context.Context, id string, state notify.DeliveryState, _ int64, _ int) ([]notify.Delivery, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	all := []notify.Delivery{
		{ID: notify.DeliveryID(id, 8), Position: 8, State: notify.DeliveryWaiting, Tries: 1, Code: "timeout", CreatedAt: now, NextAt: now},
		{ID: notify.DeliveryID(id, 7), Position: 7, State: notify.DeliveryFailed, Tries: 30, Code: "status_500", CreatedAt: now, DoneAt: now},
	}
	return slices.DeleteFunc(all, func(d notify.Delivery) bool { return state != "" && d.State != state }), f.w.failing("Subscriptions")
}

func (f *subscribers) DeliveryCounts(context.Context) (map[notify.DeliveryState]int64, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	return map[notify.DeliveryState]int64{notify.DeliveryFailed: 1}, f.w.failing("Subscriptions")
}
