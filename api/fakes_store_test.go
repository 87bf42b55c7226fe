package api_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"guitu/board"
	"guitu/inbox"
	"guitu/rehab"
)

func notFound(what string) error {
	return &rehab.Error{Code: rehab.NotFound, Message: "there is no such " + what}
}

// The ledger.

func (w *world) Load(ctx context.Context, id string) (*rehab.Case, error) {
	return w.LoadUntil(ctx, id, now.AddDate(100, 0, 0))
}

func (w *world) LoadUntil(_ context.Context, id string, until time.Time) (*rehab.Case, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Load"); err != nil {
		return nil, err
	}
	c := &rehab.Case{ID: id}
	for _, e := range w.events[id] {
		if e.RecordedAt.Before(until) {
			c.Apply(e)
		}
	}
	return c, nil
}

func (w *world) Timeline(_ context.Context, id string, after int64, limit int) ([]board.TimelineEntry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Timeline"); err != nil {
		return nil, err
	}
	var out []board.TimelineEntry
	for _, e := range w.events[id] {
		if e.Seq > after && len(out) < limit {
			out = append(out, board.TimelineEntry{Event: e, Texts: w.texts[id+"/"+e.Command]})
		}
	}
	return out, nil
}

func (w *world) TakenBack(_ context.Context, id string) (map[int64]board.Struck, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make(map[int64]board.Struck)
	for _, e := range w.events[id] {
		if d, ok := e.Data.(rehab.LifeRevised); ok {
			for _, x := range d.Taken {
				out[x.Seq] = board.Struck{By: e.Seq, Instead: x.Instead}
			}
		}
	}
	return out, nil
}

func (w *world) CommandReceipt(_ context.Context, id, command string) (board.Receipt, string, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("CommandReceipt"); err != nil {
		return board.Receipt{}, "", false, err
	}
	r, ok := w.receipts[id+"/"+command]
	return r.Receipt, r.digest, ok, nil
}

// The board.

func (w *world) Cases(_ context.Context, f board.CaseFilter) ([]rehab.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queries++
	if err := w.failing("Cases"); err != nil {
		return nil, err
	}
	var out []rehab.Summary
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		s := w.cases[id].Summary()
		if id > f.After && strings.HasPrefix(s.Place, f.Place) && (f.Worker == "" || s.Worker == f.Worker) &&
			(f.Phase == "" || s.Phase == f.Phase) && (f.Risk == "" || s.Risk == f.Risk) && (f.Measure == "" || s.Measure == f.Measure) &&
			(!f.Overdue || s.Overdue > 0) && (!f.Escalated || s.Escalations > 0) && (f.Engaged == "" || s.Engagement == f.Engaged) && (!f.Crisis || s.Crises > 0) && (!f.Open || s.Phase != rehab.Released) && len(out) < f.Limit {
			out = append(out, s)
		}
	}
	return out, nil
}

func (w *world) DueByDay(_ context.Context, f board.CalendarFilter) ([]board.DueCount, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []board.DueCount
	for _, c := range w.inScope(board.TaskFilter{Place: f.Place}) {
		for _, o := range c.Obligations {
			if f.Workers != nil && !slices.Contains(f.Workers, c.Worker) {
				continue
			}
			switch {
			case o.Status == rehab.Missed:
				out = append(out, board.DueCount{Worker: c.Worker, Status: o.Status, Kind: o.ID.Kind, N: 1})
			case o.Status == rehab.Open && f.From <= o.Due && o.Due <= f.To:
				out = append(out, board.DueCount{Worker: c.Worker, Status: o.Status, On: o.Due, Kind: o.ID.Kind, N: 1})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b board.DueCount) int { return strings.Compare(a.Worker, b.Worker) })
	return out, w.failing("DueByDay")
}

func (w *world) CaseCounts(_ context.Context, place string) ([]board.CaseCount, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []board.CaseCount
	for _, c := range w.cases {
		s := c.Summary()
		if !strings.HasPrefix(s.Place, place) || s.Phase == rehab.Void || s.Phase == rehab.Sealed {
			continue
		}
		n := board.CaseCount{Place: s.Place, Worker: s.Worker, Phase: s.Phase, Risk: s.Risk, Cases: 1, Overdue: min(s.Overdue, 1), Escalated: min(s.Escalations, 1), Escalations: s.Escalations}
		out = append(out, n)
	}
	return out, w.failing("CaseCounts")
}

func (w *world) PolicyCounts(_ context.Context, place string) ([]board.PolicyCount, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []board.PolicyCount
	for _, c := range w.cases {
		if strings.HasPrefix(c.Place, place) && c.Phase != rehab.Void && c.Phase != rehab.Sealed {
			n := board.PolicyCount{Policy: c.Policy, Cases: 1}
			if slices.Contains(rehab.OpenPhases(), c.Phase) {
				n.Open = 1
			}
			i := slices.IndexFunc(out, func(x board.PolicyCount) bool { return x.Policy == c.Policy })
			if i < 0 {
				out = append(out, n)
				continue
			}
			out[i].Cases, out[i].Open = out[i].Cases+1, out[i].Open+n.Open
		}
	}
	return out, w.failing("PolicyCounts")
}

func (w *world) Case(_ context.Context, id string) (rehab.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queries++
	if err := w.failing("Case"); err != nil {
		return rehab.Summary{}, err
	}
	c := w.cases[id]
	if c == nil {
		return rehab.Summary{}, notFound("case")
	}
	return c.Summary(), nil
}

func (w *world) Obligations(_ context.Context, id string) ([]board.ObligationRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Obligations"); err != nil {
		return nil, err
	}
	out := rowsOf(w.cases[id])
	if w.doneToo {
		for _, o := range rehab.LifeRows(w.events[id]).Obligations {
			if o.Status == rehab.Done {
				out = append(out, board.ObligationRow{CaseID: id, Obligation: o.Obligation, MetOn: o.MetOn})
			}
		}
	}
	return out, nil
}

func rowsOf(c *rehab.Case) []board.ObligationRow {
	var out []board.ObligationRow
	for _, o := range c.Obligations {
		out = append(out, board.ObligationRow{CaseID: c.ID, Place: c.Place, Worker: c.Worker, Risk: c.Risk, Obligation: o})
	}
	return out
}

func (w *world) inScope(f board.TaskFilter) []*rehab.Case {
	var out []*rehab.Case
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		if c := w.cases[id]; strings.HasPrefix(c.Place, f.Place) && (f.Worker == "" || c.Worker == f.Worker) {
			out = append(out, c)
		}
	}
	return out
}

func (w *world) Escalations(_ context.Context, f board.TaskFilter) ([]board.EscalationRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Escalations"); err != nil {
		return nil, err
	}
	var out []board.EscalationRow
	for _, c := range w.inScope(f) {
		for _, e := range c.Escalations {
			out = append(out, board.EscalationRow{CaseID: c.ID, Place: c.Place, Worker: c.Worker, OpenedAt: e.ToldAt, Escalation: e})
		}
	}
	after := inbox.Position{At: f.AfterTold, CaseID: f.AfterCase, N: f.AfterID}
	return pageOf(inbox.Filter{After: after, Limit: cmp.Or(f.Limit, len(out))}, out, func(e board.EscalationRow) inbox.Position {
		return inbox.Position{At: e.ToldAt, CaseID: e.CaseID, N: e.ID}
	}), nil
}

func (w *world) ObligationsOf(ctx context.Context, ids []string) (out []board.ObligationRow, err error) {
	for _, id := range ids {
		list, err := w.Obligations(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (w *world) OpenEscalationsOf(ctx context.Context, ids []string) (out []board.EscalationRow, err error) {
	for _, id := range ids {
		list, err := w.CaseEscalations(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(list, func(e board.EscalationRow) bool { return !e.ClosedAt.IsZero() })...)
	}
	return out, nil
}

func (w *world) CaseEscalations(ctx context.Context, id string) ([]board.EscalationRow, error) {
	all, err := w.Escalations(ctx, board.TaskFilter{})
	return slices.DeleteFunc(all, func(e board.EscalationRow) bool { return e.CaseID != id }), err
}

func (w *world) Notices(_ context.Context, after board.Cursor, limit int) ([]board.NoticeRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Notices"); err != nil {
		return nil, err
	}
	rest := behind(w.notices, after)
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (w *world) Notice(_ context.Context, position int64) (board.NoticeRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.notices {
		if n.Position == position {
			return n, w.failing("Notice")
		}
	}
	return board.NoticeRow{}, notFound("notice")
}

func (w *world) Changes(_ context.Context, after board.Cursor, limit int) ([]board.Change, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.polls++
	if err := w.failing("Changes"); err != nil {
		return nil, err
	}
	rest := behind(w.changes, after)
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func behind[T interface{ Cursor() board.Cursor }](rows []T, c board.Cursor) []T {
	return rows[sort.Search(len(rows), func(i int) bool { return rows[i].Cursor().Compare(c) > 0 }):]
}

func (w *world) Head(context.Context) (board.Cursor, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return board.Cursor{Tx: w.tx + 1}, w.failing("Head")
}

func (w *world) CursorsOf(_ context.Context, change, notice int64) (changes, notices board.Cursor, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changes.Tx, notices.Tx = w.tx+1, w.tx+1
	if int(change) < len(w.changes) {
		changes.Tx = w.changes[change].Tx
	}
	if int(notice) < len(w.notices) {
		notices.Tx = w.notices[notice].Tx
	}
	return changes, notices, w.failing("CursorsOf")
}

func (w *world) Counts(context.Context) (map[string]int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counted++
	return map[string]int64{"open": int64(len(w.cases))}, w.failing("Counts")
}

func (w *world) Coverage(_ context.Context, place string, now time.Time) (board.Coverage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := board.Coverage{TakenAt: now, Place: place, Gaps: []board.Gap{}, Streets: []board.PlaceCoverage{}}
	for _, c := range w.cases {
		if strings.HasPrefix(c.Place, place) {
			out.Open++
			out.Gaps = append(out.Gaps, board.Gap{Kind: board.NoWorker, CaseID: c.ID, Place: c.Place})
		}
	}
	return out, w.failing("Coverage")
}

func (w *world) CoverageRuns(_ context.Context, place string, before time.Time, _ int) ([]board.CoverageRun, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return []board.CoverageRun{{Place: place, TakenAt: before.Add(-time.Hour), Open: len(w.cases), Gaps: map[board.GapKind]int{}}}, w.failing("Coverage")
}

func (w *world) CoverageAt(_ context.Context, place string, at time.Time) ([]board.CoverageRun, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return []board.CoverageRun{{Place: place, TakenAt: at.Truncate(time.Hour), Open: len(w.cases), Gaps: map[board.GapKind]int{}}}, w.failing("Coverage")
}

// Identities and texts.

func (w *world) CaseIDFor(orderNo string) string {
	sum := sha256.Sum256([]byte("key" + orderNo))
	return "c-" + hex.EncodeToString(sum[:8])
}

func (w *world) SaveIdentity(_ context.Context, id string, who board.Identity) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("SaveIdentity"); err != nil {
		return err
	}
	if old, ok := w.identities[id]; ok && old != who { // as the store does: the first stays
		return &rehab.Error{Code: rehab.Conflict, Message: "other content"}
	}
	w.identities[id] = who
	return nil
}

func (w *world) Identity(_ context.Context, id string) (board.Identity, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Identity"); err != nil {
		return board.Identity{}, err
	}
	who, ok := w.identities[id]
	if !ok {
		return who, notFound("identity")
	}
	return who, nil
}

func (w *world) Identities(_ context.Context, ids []string) (map[string]board.Identity, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]board.Identity{}
	for _, id := range ids {
		if who, ok := w.identities[id]; ok {
			out[id] = who
		}
	}
	return out, w.failing("Identities")
}

func (w *world) CasesOfPerson(_ context.Context, idNumber string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w.identities)) {
		if w.identities[id].IDNumber == idNumber {
			out = append(out, id)
		}
	}
	return out, w.failing("CasesOfPerson")
}

func (w *world) DropIdentity(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events[id]) == 0 {
		delete(w.identities, id)
	}
	return w.failing("DropIdentity")
}

func (w *world) SaveTexts(_ context.Context, id, command string, texts map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("SaveTexts"); err != nil {
		return err
	}
	if _, ok := w.texts[id+"/"+command]; !ok {
		w.texts[id+"/"+command] = texts
	}
	return nil
}

func (w *world) DropTexts(_ context.Context, id, command string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, acted := w.receipts[id+"/"+command]; !acted {
		delete(w.texts, id+"/"+command)
	}
	return w.failing("DropTexts")
}

// The organisation.

const (
	street      = "110101001"
	otherStreet = "110102003"
)

var organisation = []board.Place{
	{Code: "11", Level: "city", Name: "北京市"},
	{Code: "110101", Parent: "11", Level: "district", Name: "东城区"}, {Code: street, Parent: "110101", Level: "street", Name: "东华门街道"},
	{Code: "110101002", Parent: "110101", Level: "street", Name: "景山街道"},
	{Code: "110102", Parent: "11", Level: "district", Name: "西城区"}, {Code: otherStreet, Parent: "110102", Level: "street", Name: "新街口街道"},
}

func (w *world) Refs() []rehab.PolicyRef { return w.rules.Refs() }

func (w *world) Policy(ref rehab.PolicyRef) *rehab.Policy { return w.rules.Policy(ref) }

// actors are the tokens that the tests use: each is its own name.
var actors = map[string]rehab.Actor{
	"worker":       {ID: "w-1", Role: rehab.WorkerRole, Place: street},
	"colleague":    {ID: "w-2", Role: rehab.WorkerRole, Place: street},
	"elsewhere":    {ID: "w-9", Role: rehab.WorkerRole, Place: otherStreet},
	"head":         {ID: "h-1", Role: rehab.StationHead, Place: street},
	"other-head":   {ID: "h-2", Role: rehab.StationHead, Place: otherStreet},
	"district":     {ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"},
	"other-office": {ID: "d-2", Role: rehab.DistrictOffice, Place: "110102"},
	"city":         {ID: "c-1", Role: rehab.CityOffice, Place: "11"},
	"city-2":       {ID: "c-2", Role: rehab.CityOffice, Place: "11"},
	"admin":        {ID: "a-1", Role: rehab.Admin},
	"integration":  {ID: "i-1", Role: rehab.IntegrationRole},
	"placeless":    {ID: "x-1", Role: rehab.DistrictOffice},
	"system":       {ID: "guitu", Role: rehab.SystemRole},
	"partner":      {ID: "p-1", Role: rehab.PartnerRole, Organisation: "org-1"},
	"nameless":     {ID: "p-2", Role: rehab.PartnerRole},
	"police":       {ID: "o-1", Role: rehab.PoliceRole, Place: "110101"},
	"other-police": {ID: "o-2", Role: rehab.PoliceRole, Place: "110102"},
	"settings":     {ID: "s-1", Role: rehab.SystemAdmin, Place: "11"},
	"security":     {ID: "s-2", Role: rehab.SecurityAdmin, Place: "11"},
	"auditor":      {ID: "s-3", Role: rehab.Auditor, Place: "11"},
}

func (w *world) Actor(_ context.Context, token string) (rehab.Actor, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if err := w.failing("Actor"); err != nil {
		return rehab.Actor{}, err
	}
	if a, ok := actors[token]; ok {
		return a, nil
	}
	w.accounts.mu.Lock()
	defer w.accounts.mu.Unlock()
	if t, ok := w.accounts.tokens[token]; ok && t.Revoked.IsZero() {
		return t.Actor, nil
	}
	return rehab.Actor{}, notFound("token")
}

func (w *world) Check(context.Context) map[string]error {
	return map[string]error{"database": w.failing("database"), "engine": w.failing("engine")}
}
