package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"guitu/internal/verify"
	"guitu/rehab"
	"guitu/workflows"
)

// TestTransfers runs transfers on a real server: the watch of its own outlives the runs of
// its case, is missed by the verifier when it is lost, and is started again.
func TestTransfers(t *testing.T) {
	keyset, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	s := start(t, keyset)
	s.cases.HistoryLimit = 40 // so that the case soon begins new runs
	receiver := rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: "110102003"}
	id := s.open()
	s.do(id, rehab.SignAgreement{})
	s.do(id, rehab.RequestTransfer{To: receiver.Place, Reason: rehab.HouseholdMoved})
	s.do(id, rehab.ForwardFile{})
	c := s.agrees(id)
	number := c.Transfer.ID
	key := rehab.TransferKey(id, number)
	verifier := verify.Verifier{Ledger: s.store, Engine: s.cases, Settle: 10 * time.Second, Memory: s.store}
	sound := func() {
		t.Helper()
		report, err := verifier.Run(t.Context())
		require.NoError(t, err)
		require.Empty(t, report.Findings)
	}
	sound()

	before := s.run(id)
	for range 12 { // the case begins new runs; the watch stays the one it was
		s.do(id, attempt)
	}
	require.NotEqual(t, before, s.run(id))
	watch := s.run(key)
	s.rest() // every process is gone
	s.work()
	sound()
	require.Equal(t, watch, s.run(key))

	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), key, "", "lost"))
	verifier.Settle = time.Millisecond
	report, err := verifier.Run(t.Context())
	require.NoError(t, err)
	require.Len(t, report.Findings, 1)
	require.Equal(t, "every transfer under way has a running workflow", report.Findings[0].Invariant)
	verifier.Settle = 10 * time.Second
	for _, want := range []int{1, 0} {
		n, err := s.cases.StartTransfers(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, want, n, "it is started once")
	}
	sound()

	accept := s.command(rehab.AcceptTransfer{Transfer: number})
	accept.Actor = receiver
	for _, duplicate := range []bool{false, true} {
		r, err := s.cases.Do(t.Context(), id, accept)
		require.NoError(t, err)
		require.Equal(t, duplicate, r.Duplicate)
	}
	require.Eventually(t, func() bool {
		p, err := s.cases.Transfer(t.Context(), id, number)
		return err == nil && p.Arrival.Transfer == number && p.Responsible == receiver.Place
	}, 20*time.Second, 50*time.Millisecond, "the case told its transfer")
	s.do(id, rehab.ReportIn{})
	require.Eventually(t, func() bool {
		running, err := s.cases.Running(t.Context(), key)
		return err == nil && !running
	}, 20*time.Second, 50*time.Millisecond, "both stations have seen the end")
	sound()
	require.Equal(t, receiver.Place, s.agrees(id).Place)
	var notFound *serviceerror.NotFound
	_, err = s.temporal.QueryWorkflow(t.Context(), rehab.TransferKey(id, 99), "", workflows.QueryTransfer)
	require.ErrorAs(t, err, &notFound)
}
