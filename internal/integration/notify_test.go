package integration_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/notify"
	"guitu/rehab"
)

// postbox takes every delivery.
type postbox struct{}

func (postbox) Send(context.Context, notify.Outgoing) string { return "" }

// noticesLeave sees the schedule deliver the notices of a case to a subscription.
func noticesLeave(t *testing.T, s *system) {
	x := notify.Subscription{ID: "s-1", Place: "110101001", Role: rehab.WorkerRole, Kind: notify.ByWebhook, Target: "https://hooks.example.cn", Language: "zh",
		Types: []string{}, CreatedAt: time.Now(), By: "d-1"}
	_, err := s.store.Subscribe(t.Context(), x, notify.Sealed{}, "d")
	require.NoError(t, err)
	s.do(s.open(), rehab.AssignWorker{Worker: "w-2"})
	require.NoError(t, s.cases.ScheduleNotify(t.Context(), time.Second))
	require.Eventually(t, func() bool {
		list, err := s.store.Deliveries(t.Context(), x.ID, notify.Delivered, 0, 10)
		return err == nil && len(list) > 0
	}, 60*time.Second, 100*time.Millisecond)
	require.NoError(t, s.cases.ScheduleNotify(t.Context(), time.Hour))
}
