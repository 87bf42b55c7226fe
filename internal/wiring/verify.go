package wiring

import (
	"context"
	"time"

	"guitu/board"
	"guitu/internal/verify"
)

// Verifier checks all that must always hold, for the release.
func (s *Service) Verifier(release string) verify.Verifier {
	return verify.Verifier{Ledger: s.Store, Engine: s.Cases, Memory: s.Store, Rules: release + "/" + s.Rules.Digest(), Now: time.Now}
}

// verifications runs those that somebody asked for, in a worker process.
type verifications struct {
	service *Service
	release string
}

func (v verifications) Verify(ctx context.Context, j board.VerificationJob, alive func()) error {
	return v.service.Verifier(v.release).RunJob(ctx, j, v.service.Store, alive)
}
