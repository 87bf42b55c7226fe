package verify

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"guitu/board"
)

// Jobs keeps how far a verification is that somebody asked for, and what it found. *store.Store is one.
type Jobs interface {
	CasesToVerify(ctx context.Context, place string) (int, error)
	VerificationProgress(ctx context.Context, id string, done, total int) error
	KeepVerification(ctx context.Context, v board.Verification) error
	EndVerification(ctx context.Context, id string) error
}

// often is how often progress is noted.
const often = time.Second

// RunJob verifies the cases of the job and keeps what it found. alive is called as often as progress
// is noted. One that fails has not ended: it may run again.
func (v Verifier) RunJob(ctx context.Context, j board.VerificationJob, jobs Jobs, alive func()) error {
	total, err := jobs.CasesToVerify(ctx, j.Place)
	if err != nil {
		return err
	}
	var done atomic.Int64
	v.Place, v.Full, v.Done = j.Place, j.Full, func() { done.Add(1) }
	note := func() error { return jobs.VerificationProgress(ctx, j.ID, int(done.Load()), total) }
	if err := note(); err != nil {
		return err
	}
	report, err := v.noting(ctx, func() {
		alive()
		_ = note() // a figure on a page: the next one comes in a second
	})
	if err != nil {
		return err
	}
	found := report.Verification(time.Now(), j.Full)
	found.Place = v.area()
	if err := jobs.KeepVerification(ctx, found); err != nil {
		return err
	}
	if err := note(); err != nil {
		return err
	}
	return jobs.EndVerification(ctx, j.ID)
}

// noting runs the verification, and what is to be done meanwhile.
func (v Verifier) noting(ctx context.Context, meanwhile func()) (Report, error) {
	var waiting sync.WaitGroup
	over := make(chan struct{})
	waiting.Go(func() {
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				meanwhile()
			}
		}
	})
	report, err := v.Run(ctx)
	close(over)
	waiting.Wait()
	return report, err
}
