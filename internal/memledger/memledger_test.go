package memledger_test

import (
	"testing"

	"guitu/internal/ledgertest"
	"guitu/internal/memledger"
)

func TestTheLedgerInMemoryDoesWhatEveryLedgerDoes(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, func(*testing.T) ledgertest.Ledger { return memledger.New() })
}
