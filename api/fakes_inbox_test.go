package api_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"guitu/board"
	"guitu/inbox"
	"guitu/rehab"
)

// snoozed is the key of a snooze.
type snoozed struct {
	actor, caseID, kind string
	n                   int64
}

func keyOf(actor string, z inbox.Snooze) snoozed {
	if z.Escalation != 0 {
		return snoozed{actor, z.CaseID, "", z.Escalation}
	}
	return snoozed{actor, z.CaseID, string(z.Obligation.Kind), int64(z.Obligation.N)}
}

// asleep reports whether a snooze of the actor hides the thing of the case.
func (w *world) asleep(f inbox.Filter, z inbox.Snooze) bool {
	kept, ok := w.snoozes[keyOf(f.Actor, z)]
	worse := slices.ContainsFunc(w.events[z.CaseID], func(e rehab.Event) bool {
		switch e.Data.(type) {
		case rehab.ObligationMissed, rehab.EscalationOpened, rehab.EscalationClimbed:
			return e.Seq > kept.Seq
		}
		return false
	})
	return ok && kept.Until > f.Today && !worse
}

// pageOf sorts the rows by their key and cuts out the page.
func pageOf[T any](f inbox.Filter, rows []T, key func(T) inbox.Position) []T {
	compare := func(a, b inbox.Position) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), a.At.Compare(b.At), cmp.Compare(a.CaseID, b.CaseID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.N, b.N))
	}
	slices.SortFunc(rows, func(a, b T) int { return compare(key(a), key(b)) })
	rows = slices.DeleteFunc(rows, func(r T) bool { return compare(key(r), f.After) <= 0 })
	return rows[:min(len(rows), f.Limit)]
}

func (w *world) tasks(f inbox.Filter, method string, fits func(*rehab.Case, rehab.Obligation) bool) ([]inbox.Task, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []inbox.Task
	for _, c := range w.inScope(board.TaskFilter{Place: f.Place, Worker: f.Worker}) {
		for _, o := range rowsOf(c) {
			hidden := o.Status == rehab.Open && o.Due > f.Today && w.asleep(f, inbox.Snooze{CaseID: c.ID, Obligation: o.ID})
			if fits(c, o.Obligation) && !hidden {
				out = append(out, inbox.Task{ObligationRow: o, Policy: c.Policy})
			}
		}
	}
	return pageOf(f, out, func(t inbox.Task) inbox.Position {
		return inbox.Position{Day: t.Due, CaseID: t.CaseID, Kind: t.ID.Kind, N: int64(t.ID.N)}
	}), w.failing(method)
}

func (w *world) Due(_ context.Context, f inbox.Filter) ([]inbox.Task, error) {
	return w.tasks(f, "Due", func(_ *rehab.Case, o rehab.Obligation) bool { return o.Status == rehab.Open && o.Due <= f.DueBy })
}

func (w *world) Overdue(_ context.Context, f inbox.Filter) ([]inbox.Task, error) {
	return w.tasks(f, "Overdue", func(_ *rehab.Case, o rehab.Obligation) bool { return o.Status == rehab.Missed })
}

func (w *world) ToSettle(_ context.Context, f inbox.Filter, kinds, above []string) ([]inbox.Task, error) {
	return w.tasks(f, "ToSettle", func(c *rehab.Case, o rehab.Obligation) bool {
		mine := f.Role == rehab.StationHead || f.Role == rehab.Admin || slices.Contains(above, string(o.ID.Kind)) || slices.ContainsFunc(c.Escalations, func(e rehab.Escalation) bool {
			return e.Role == f.Role && e.Obligation.Kind == o.ID.Kind
		})
		return mine && (o.Status == rehab.Missed || o.Status == rehab.Open && o.Due <= f.DueBy && slices.Contains(kinds, string(o.ID.Kind)))
	})
}

func (w *world) LeaveRequests(_ context.Context, f inbox.Filter) ([]inbox.LeaveRequest, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []inbox.LeaveRequest
	for _, c := range w.inScope(board.TaskFilter{Place: f.Place, Worker: f.Worker}) {
		for _, l := range c.Leaves {
			if !l.Approved {
				out = append(out, inbox.LeaveRequest{CaseID: c.ID, Place: c.Place, Worker: c.Worker, Leave: l.ID, From: l.From, To: l.To, ReportedAt: now})
			}
		}
	}
	return pageOf(f, out, func(l inbox.LeaveRequest) inbox.Position {
		return inbox.Position{Day: l.From, CaseID: l.CaseID, N: l.Leave}
	}), w.failing("LeaveRequests")
}

func (w *world) Told(ctx context.Context, f inbox.Filter) ([]board.EscalationRow, error) {
	rows, err := w.Escalations(ctx, board.TaskFilter{Place: f.Place, Worker: f.Worker})
	w.mu.Lock()
	defer w.mu.Unlock()
	rows = slices.DeleteFunc(rows, func(e board.EscalationRow) bool {
		mine := !e.Acknowledged() && (e.Role == f.Role || f.Role == rehab.Admin)
		return !mine || w.asleep(f, inbox.Snooze{CaseID: e.CaseID, Escalation: e.ID})
	})
	return pageOf(f, rows, func(e board.EscalationRow) inbox.Position {
		return inbox.Position{At: e.ToldAt, CaseID: e.CaseID, N: e.ID}
	}), err
}

func (w *world) NoticesTo(_ context.Context, f inbox.Filter) ([]board.NoticeRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []board.NoticeRow
	for _, n := range slices.Backward(w.notices) {
		mine := f.Role == rehab.Admin || n.Role == f.Role && (f.Role == rehab.WorkerRole && n.Worker == f.Actor || f.Role != rehab.WorkerRole && n.Place == f.Place)
		if mine && (f.After.N == 0 || n.Position < f.After.N) && len(out) < f.Limit {
			out = append(out, n)
		}
	}
	return out, w.failing("NoticesTo")
}

func (w *world) Snoozed(_ context.Context, f inbox.Filter) ([]inbox.Snoozed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []inbox.Snoozed
	for k, z := range w.snoozes {
		c := w.cases[k.caseID]
		if k.actor == f.Actor && w.asleep(f, z) && strings.HasPrefix(c.Place, f.Place) {
			row := inbox.Snoozed{Snooze: z, Place: c.Place, Worker: c.Worker}
			if o := c.Obligation(z.Obligation); o != nil {
				row.Due = o.Due
			}
			out = append(out, row)
		}
	}
	return pageOf(f, out, func(z inbox.Snoozed) inbox.Position {
		k := keyOf("", z.Snooze)
		return inbox.Position{Day: z.Until, CaseID: z.CaseID, Kind: rehab.Kind(k.kind), N: k.n}
	}), w.failing("Snoozed")
}

func (w *world) Now(_ context.Context, f inbox.NowFilter) (inbox.NowList, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listed = f
	return w.list, w.failing("Now")
}

func (w *world) Snooze(_ context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.snoozes == nil {
		w.snoozes = make(map[snoozed]inbox.Snooze)
	}
	if err := w.failing("Snooze"); err != nil {
		return err
	}
	w.snoozes[keyOf(actor, z)] = z
	w.keepSnooze(actor, c)
	return nil
}

func (w *world) Unsnooze(_ context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, c.Known = w.snoozes[keyOf(actor, z)]
	delete(w.snoozes, keyOf(actor, z))
	w.keepSnooze(actor, c)
	return c.Known, w.failing("Unsnooze")
}

func (w *world) keepSnooze(actor string, c inbox.SnoozeCommand) {
	if w.shelved == nil {
		w.shelved = make(map[string]inbox.SnoozeCommand)
	}
	w.shelved[actor+"/"+c.ID] = c
}

func (w *world) SnoozeCommand(_ context.Context, actor, id string) (inbox.SnoozeCommand, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, found := w.shelved[actor+"/"+id]
	return c, found, w.failing("SnoozeCommand")
}
