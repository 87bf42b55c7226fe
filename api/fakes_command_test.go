package api_test

import (
	"context"
	"slices"

	"guitu/board"
)

func (w *world) KeepCommandState(_ context.Context, actor, key string, c board.CommandState) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("KeepCommandState"); err != nil {
		return err
	}
	at := actor + " " + key
	w.states[at] = append(slices.DeleteFunc(w.states[at], func(x board.CommandState) bool { return x.CaseID == c.CaseID }), c)
	return nil
}

// CommandStates looks into what the engine recorded, then into what was kept.
func (w *world) CommandStates(_ context.Context, actor, key string) ([]board.CommandState, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("CommandStates"); err != nil {
		return nil, err
	}
	var out []board.CommandState
	for id, c := range w.cases {
		r, ok := w.receipts[id+"/"+key]
		if !ok {
			continue
		}
		for _, e := range w.events[id] {
			if e.Command == key && e.Actor.ID == actor {
				out = append(out, board.CommandState{CaseID: c.ID, Type: w.bodies[id+"/"+key].CommandType(), State: board.CommandRecorded, Seq: r.Seq, At: e.RecordedAt})
				break
			}
		}
	}
	for _, c := range w.states[actor+" "+key] {
		if !slices.ContainsFunc(out, func(x board.CommandState) bool { return x.CaseID == c.CaseID }) {
			out = append(out, c)
		}
	}
	return out, nil
}
