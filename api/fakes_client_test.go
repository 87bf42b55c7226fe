package api_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
	"guitu/dossier"
	"guitu/once"
	"guitu/rehab"
)

// fakeClients are the changes of the identities of the world.
type fakeClients struct {
	*world
	changes map[string][]*dossier.Change
	done    map[string]doneClient
}

type doneClient struct {
	digest  string
	changes []*dossier.Change
}

func (f *fakeClients) history(id string) (*dossier.History, error) {
	who, ok := f.identities[id]
	if !ok {
		return nil, notFound("identity")
	}
	return &dossier.History{Now: who, Changes: slices.Clone(f.changes[id])}, nil
}

func (f *fakeClients) ClientHistory(_ context.Context, id string) (dossier.History, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h, err := f.history(id)
	if err != nil {
		return dossier.History{}, err
	}
	return *h, f.failing("ClientHistory")
}

func (f *fakeClients) act(id string, r once.Request, change func(h *dossier.History) ([]*dossier.Change, error)) ([]*dossier.Change, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.failing("UpdateClient"); err != nil {
		return nil, false, err
	}
	if c := f.cases[id]; c.Phase == rehab.Sealed || c.Phase == rehab.Void {
		return nil, false, &rehab.Error{Code: rehab.Refused, Message: "closed"}
	}
	if d, ok := f.done[id+"/"+r.Key]; ok {
		return d.changes, true, r.Repeats(d.digest)
	}
	h, err := f.history(id)
	if err != nil {
		return nil, false, err
	}
	out, err := change(h)
	if err != nil {
		return nil, false, err
	}
	f.identities[id], f.changes[id], f.done[id+"/"+r.Key] = h.Now, h.Changes, doneClient{r.Digest, out}
	return out, false, nil
}

func (f *fakeClients) UpdateClient(_ context.Context, id string, r once.Request, u dossier.Update) ([]*dossier.Change, bool, error) {
	return f.act(id, r, func(h *dossier.History) ([]*dossier.Change, error) { return h.Update(u) })
}

func (f *fakeClients) DecideClient(_ context.Context, id string, r once.Request, d dossier.Decision) (*dossier.Change, bool, error) {
	out, known, err := f.act(id, r, func(h *dossier.History) ([]*dossier.Change, error) {
		c, err := h.Decide(d)
		return []*dossier.Change{c}, err
	})
	if err != nil {
		return nil, known, err
	}
	return out[0], known, nil
}

func (f *fakeClients) WaitingChanges(_ context.Context, place, worker, afterCase string, afterN, n int) (out []dossier.Row, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.changes)) {
		for _, c := range f.changes[id] {
			later := cmp.Or(strings.Compare(id, afterCase), c.N-afterN) > 0
			if k := f.cases[id]; c.State == dossier.Waiting && later && strings.HasPrefix(k.Place, place) && (worker == "" || k.Worker == worker) && len(out) < n {
				out = append(out, dossier.Row{CaseID: id, Place: k.Place, Worker: k.Worker, N: c.N, By: c.By, At: c.At, Fields: c.Fields()})
			}
		}
	}
	return out, f.failing("WaitingChanges")
}

func (f *fakeClients) SearchClients(_ context.Context, look dossier.Search, x board.ClientFilter) (out []board.FoundClient, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.identities)) {
		c := f.cases[id]
		if c == nil || id <= x.After || len(out) == x.Limit {
			continue
		}
		scope := strings.HasPrefix(c.Place, x.Place)
		if x.Worker != "" {
			scope = c.Worker == x.Worker || c.Worker == "" && c.Place == x.FreeAt
		}
		if by, ok := look.Found(f.identities[id]); ok && scope {
			out = append(out, board.FoundClient{Case: c.Summary(), Identity: f.identities[id], By: string(by)})
		}
	}
	return out, f.failing("SearchClients")
}
