package api_test

import (
	"context"
	"slices"
	"sync"

	"guitu/board"
)

// fakeReads is the read log in memory.
type fakeReads struct {
	*world
	lock sync.Mutex
	list []board.Read
}

func (f *fakeReads) Note(r board.Read) error {
	f.lock.Lock()
	defer f.lock.Unlock()
	if err := f.fail["Note"]; err != nil {
		return err
	}
	r.Position = int64(len(f.list) + 1)
	f.list = append(f.list, r)
	return nil
}

func (f *fakeReads) Reads(_ context.Context, q board.ReadFilter) ([]board.Read, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	var out []board.Read
	for _, r := range slices.Backward(f.list) {
		if (q.CaseID == "" || r.Subject == q.CaseID || slices.Contains(r.Cases, q.CaseID)) && (q.Actor == "" || r.Actor.ID == q.Actor) && (q.Before == 0 || r.Position < q.Before) && len(out) < q.Limit {
			out = append(out, r)
		}
	}
	return out, f.fail["Reads"]
}
