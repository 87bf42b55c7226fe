package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/store"
	"guitu/suite"
)

// suiteOf is the suite that a test runs under: aes, but where the national one is tested.
func suiteOf(t testing.TB) string {
	t.Helper()
	if strings.HasPrefix(t.Name(), "TestTheNationalSuite") {
		return suite.SM
	}
	return suite.AES
}

// Whatever hides, finds, chains or signs something does so under SM4 and SM3 as well.
func TestTheNationalSuite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"no name in clear": TestNoNameStandsInAnyTable, "clients": TestAClientIsChangedOnceAndKeepsTheHistory, "search": TestASearchStaysInItsScopeAndIsPaged,
		"papers": TestWordsOfAPaperAreEncryptedAndFrozenWithItsNumber, "seal": TestAfterTheSealNoStoreOpensTheKey, "chain": TestTamperingBreaksTheChain,
		"heads": TestWhatWasTamperedWithPastTheTriggersIsFound, "read log": TestTheReadLogTellsWhatWasDoneToIt, "rebuild": TestRebuildSignsTheHeadsFromBeforeHeadsWereSigned,
		"practice": TestWhatASupervisionSaysOfAClientIsUnderTheKeyOfTheCase, "subscriptions": TestASubscriptionIsKeptOnceAndEncrypted, "snoozes": TestASnoozeHidesUntilItsDayOrUntilItGetsWorse,
		"reindex": TestClientsFromBeforeTheIndexAreFoundOnceItIsMade, "master key": TestTheMasterKeyIsChangedWhileTheSystemRuns, "case key": TestACaseGetsAnotherKeyWhileSomebodyWrites,
		"inquiry": TestTheKeyOfASealedCaseIsOpenedByTwoHoldersAndByNothingElse,
		"suite":   TestADatabaseStaysWithTheSuiteItWasBegunUnder,
	} {
		t.Run(name, test)
	}
}

func TestADatabaseStaysWithTheSuiteItWasBegunUnder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	require.NoError(t, b.store.SaveIdentity(ctx, "c-1", board.Identity{Name: "某某", IDNumber: "1"}))
	var ciphertext, wrapped []byte
	conn := b.superuser()
	require.NoError(t, conn.QueryRow(ctx, `SELECT ciphertext, wrapped FROM clients JOIN case_keys USING (case_id)`).Scan(&ciphertext, &wrapped))
	mark := map[string]byte{suite.AES: 1, suite.SM: 'S'}[suiteOf(t)]
	require.Equal(t, mark, ciphertext[0])
	other := suite.AES
	if suiteOf(t) == suite.AES {
		other = suite.SM
	}
	master, index, err := store.GenerateKeysOf(other)
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	_, err = store.Open(ctx, store.Options{DSN: b.dsn, MaxConns: 1, Keys: keys})
	require.ErrorContains(t, err, "crypto.suite: this database was begun under the suite "+suiteOf(t))
}
