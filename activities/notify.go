package activities

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"guitu/notify"
)

// NotifyName is the activity's name. It never changes.
const NotifyName = "Notify"

// Outbox keeps who has notices delivered and what became of each. *store.Store is one.
type Outbox interface {
	TakeUp(ctx context.Context, now time.Time) (due []string, err error)
	Take(ctx context.Context, subscription string, now time.Time) (o notify.Outgoing, ok bool, err error)
	Settle(ctx context.Context, subscription string, o notify.Outgoing, code string, over bool, now time.Time) error
}

// Sender tries a delivery once and names what went wrong. *notify.Sender is one.
type Sender interface {
	Send(ctx context.Context, o notify.Outgoing) (code string)
}

// Delivery is what leaves the system about notices. Its clock is the world's: who waits for
// an answer of another system does so in that one's time.
type Delivery struct {
	Outbox      Outbox
	Sender      Sender
	RetryPolicy notify.RetryPolicy
	Now         func() time.Time
}

// RoundResult says what one round did.
type RoundResult struct {
	Delivered int `json:"delivered"`
	Faults    int `json:"faults"`
}

const (
	roundLasts = time.Minute // after which a round begins no further delivery
	// A robot takes 20 messages a minute and is shut for ten minutes when it gets more.
	robotPerRound         = 4
	perRound              = 200
	parallelSubscriptions = 8 // subscriptions at the same time
)

// Notify takes up the notices that came, and tries what is due: the subscriptions beside
// each other, so that one that is down holds up no other. It may run twice and at the same
// time: a delivery is taken by one, and what was lost in the middle is tried again.
func (a *Activities) Notify(ctx context.Context) (RoundResult, error) {
	p := a.Delivery
	due, err := p.Outbox.TakeUp(ctx, p.Now())
	if err != nil {
		return RoundResult{}, Wrap(err)
	}
	var (
		group errgroup.Group
		mu    sync.Mutex
		done  RoundResult
		errs  []error
	)
	group.SetLimit(parallelSubscriptions)
	until := p.Now().Add(roundLasts)
	for _, id := range due {
		group.Go(func() error {
			n, faults, err := p.round(ctx, id, until)
			mu.Lock()
			defer mu.Unlock()
			done.Delivered, done.Faults, errs = done.Delivered+n, done.Faults+faults, append(errs, err)
			return nil // all of them are told, not the first alone
		})
	}
	_ = group.Wait()
	return done, Wrap(errors.Join(errs...))
}

// round tries the deliveries of one subscription, until one does not arrive: the next
// would not either, and can wait for the next round.
func (p *Delivery) round(ctx context.Context, subscription string, until time.Time) (delivered, faults int, err error) {
	for delivered < perRound && p.Now().Before(until) {
		o, ok, err := p.Outbox.Take(ctx, subscription, p.Now())
		if err != nil || !ok {
			return delivered, faults, err
		}
		code := p.Sender.Send(ctx, o)
		if ctx.Err() != nil {
			return delivered, faults, fmt.Errorf("stop delivering: %w", ctx.Err())
		}
		if err := p.Outbox.Settle(ctx, subscription, o, code, p.RetryPolicy.Exhausted(o.Delivery, p.Now()), p.Now()); err != nil {
			return delivered, faults, err
		}
		if code != "" {
			return delivered, faults + 1, nil
		}
		delivered++
		if o.Kind.Robot() && delivered >= robotPerRound {
			break
		}
	}
	return delivered, faults, nil
}
