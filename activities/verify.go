package activities

import (
	"context"

	"go.temporal.io/sdk/activity"

	"guitu/board"
)

// VerifyName is the activity's name. It never changes.
const VerifyName = "Verify"

// Verifications checks what must always hold, and keeps what it found. alive is to be called all
// the while.
type Verifications interface {
	Verify(ctx context.Context, j board.VerificationJob, alive func()) error
}

// Verify runs a verification that somebody asked for. It may run twice: each looks at every case.
func (a *Activities) Verify(ctx context.Context, j board.VerificationJob) error {
	return Wrap(a.Verifications.Verify(ctx, j, func() { activity.RecordHeartbeat(ctx) }))
}
