package api

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// kept holds answers that take long to count and say as of when they were counted: an answer
// younger than age is given again, one that is older is given once more while it is counted
// anew, and one that is older than ten times the age is not. Whoever asks for the same at the
// same time waits for one count. Without an age each is counted anew.
type kept[V any] struct {
	age     time.Duration
	log     *slog.Logger
	answers *lru.Cache[string, keptAnswer[V]]
	counts  singleflight.Group
	renew   sync.Map // of what is being counted anew
}

type keptAnswer[V any] struct {
	at time.Time
	v  V
}

// keptAtMost is how many answers are held, and renewIn how long one may be counted anew.
const (
	keptAtMost = 256
	renewIn    = 30 * time.Second
)

func newKept[V any](age time.Duration, log *slog.Logger) *kept[V] {
	answers, err := lru.New[string, keptAnswer[V]](keptAtMost)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &kept[V]{age: age, log: log, answers: answers}
}

func (k *kept[V]) get(ctx context.Context, key string, count func(context.Context) (V, error)) (V, error) {
	if k.age <= 0 {
		return count(ctx)
	}
	if a, ok := k.answers.Get(key); ok && time.Since(a.at) < 10*k.age {
		if time.Since(a.at) >= k.age {
			k.again(ctx, key, count)
		}
		return a.v, nil
	}
	v, err, _ := k.counts.Do(key, func() (any, error) {
		ctx, cancel := unhurried(ctx) // whoever asked first may go away, and the others wait
		defer cancel()
		return k.count(ctx, key, count)
	})
	if err != nil {
		var none V
		return none, err
	}
	return v.(V), nil //nolint:forcetypeassert // count gives one
}

func (k *kept[V]) count(ctx context.Context, key string, count func(context.Context) (V, error)) (V, error) {
	began := time.Now()
	v, err := count(ctx)
	if err == nil {
		k.answers.Add(key, keptAnswer[V]{began, v})
	}
	return v, err
}

// unhurried is the context with its deadline, and without the end of its request.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	until, ok := ctx.Deadline()
	if !ok {
		until = time.Now().Add(renewIn)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), until)
}

// again counts once more behind the answer that is given.
func (k *kept[V]) again(ctx context.Context, key string, count func(context.Context) (V, error)) {
	if _, running := k.renew.LoadOrStore(key, true); running {
		return
	}
	go func() {
		defer k.renew.Delete(key)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewIn)
		defer cancel()
		defer func() {
			if v := recover(); v != nil {
				k.log.ErrorContext(ctx, "figures were not counted anew", "what", fmt.Sprintf("%T", v))
			}
		}()
		if _, err := k.count(ctx, key, count); err != nil {
			k.log.WarnContext(ctx, "figures were not counted anew", "error", err)
		}
	}()
}
