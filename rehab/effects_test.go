package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestTheEffectsOfACommandSayWhatItMetAndWhatItOpened(t *testing.T) {
	t.Parallel()
	l := served(t)
	before := len(l.ledger)
	l.do(rehab.ReportIn{})
	brought := l.ledger[before:]
	require.NotEmpty(t, brought[0].Command)
	effects := rehab.EffectsOf(brought)
	require.Equal(t, rehab.ReportInDuty, effects.Met[0].ID.Kind)
	require.Equal(t, day("2026-03-10"), effects.Met[0].On)
	var agreement *rehab.Owed
	for i, o := range effects.Opened {
		require.NotEmpty(t, o.ZH)
		require.NotEmpty(t, o.EN)
		if o.Kind == rehab.AgreementDuty {
			agreement = &effects.Opened[i]
		}
	}
	require.NotNil(t, agreement)
	require.Equal(t, "agreement-1", agreement.ID)
	require.Greater(t, agreement.Due, day("2026-03-10"))
}
