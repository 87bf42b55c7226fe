package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestWhyNamesWhoDecidedWhatUnderWhichPolicy(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-12")
	l.by(station).do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	esc := l.climb(rehab.ContactDuty)
	l.by(district).do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-04-14")})
	l.by(worker).do(met(rehab.Talk))

	got := rehab.Decisions(l.ledger, 2)
	require.Len(t, got, 2, "evidence is no decision")
	ack, miss := got[0], got[1]
	require.Equal(t, district, ack.By)
	require.Equal(t, "escalation_acknowledged", ack.Code)
	require.Contains(t, ack.EN, "contact-")
	require.Equal(t, "miss_confirmed", miss.Code)
	require.Equal(t, "test-1", miss.Of)
	require.Equal(t, station, miss.By)
	require.Equal(t, "DRR art.20", miss.Citation)
	require.Equal(t, l.env.Policy.Ref(), miss.Policy)
	require.Equal(t, day("2026-04-12"), miss.On)
	require.Equal(t, rehab.MissConfirmed{ID: id("test-1"), Ground: rehab.TestEvasion, Counts: true}, l.ledger[miss.Seq-1].Data, "seq leads to the event")

	opened := rehab.Decisions(l.ledger, 50)
	require.Equal(t, "case_opened", opened[len(opened)-1].Code)
	require.Equal(t, l.env.Policy.Ref(), opened[len(opened)-1].Policy)
}
