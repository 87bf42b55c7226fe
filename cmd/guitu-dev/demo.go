package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guitu/board"
	"guitu/internal/roster"
	"guitu/rehab"
)

// demo plays the offices of a roster through the API: orders come in as they are
// served, most of what is due is done, some late, some missed, and some clients never
// answer. What a case does follows from its id, so that every run tells the same lives.
type demo struct {
	boards  boards
	now     func() time.Time
	server  string
	token   string
	http    *http.Client
	orders  []roster.Row
	opened  map[string]bool // by order number
	tried   map[string]rehab.Date
	busy    map[string]bool // the cases that got a command in this round: what is known of them is old
	story   *story
	out     io.Writer
	log     *slog.Logger
	done    map[string]int
	refused map[string]int // by command and reason; none is meant to be
}

// boards are the read models. *store.Store is them.
type boards interface {
	CaseIDFor(orderNo string) string
	Case(ctx context.Context, caseID string) (rehab.Summary, error)
	Tasks(ctx context.Context, f board.TaskFilter) ([]board.ObligationRow, error)
	Escalations(ctx context.Context, f board.TaskFilter) ([]board.EscalationRow, error)
	Obligations(ctx context.Context, caseID string) ([]board.ObligationRow, error)
	CaseEscalations(ctx context.Context, caseID string) ([]board.EscalationRow, error)
}

func newDemo(b boards, now func() time.Time, server, token string, orders []roster.Row, told *story, out io.Writer, log *slog.Logger) *demo {
	return &demo{
		boards: b, story: told, now: now, server: server, token: token, http: &http.Client{Timeout: 30 * time.Second}, orders: orders,
		opened: make(map[string]bool), tried: make(map[string]rehab.Date), busy: make(map[string]bool), out: out, log: log,
		done: make(map[string]int), refused: make(map[string]int),
	}
}

// playDemo runs until ctx ends or a part of the stack fails.
func (s *stack) playDemo(ctx context.Context, o options, out io.Writer, log *slog.Logger) error {
	f, err := os.Open(o.roster)
	if err != nil {
		return fmt.Errorf("the roster of the demonstration: %w", err)
	}
	defer f.Close()
	list, err := roster.Read(filepath.Base(o.roster), f, rosterOptions(o.lang))
	if err != nil {
		return err
	}
	told := newStory(s.service.Store, o.lang, "http://"+s.apiAddr, out)
	told.introduce()
	d := newDemo(s.service.Store, s.service.Now, "http://"+s.apiAddr, s.people[0].token, list.Rows, told, out, log)
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	report := time.NewTicker(10 * time.Second)
	defer report.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.failed:
			return err
		case <-report.C:
			d.report()
		case <-tick.C:
			if err := errors.Join(d.round(ctx), told.tell(ctx)); err != nil && ctx.Err() == nil {
				fmt.Fprintln(out, o.lang.Line("demonstration: %s", err))
			}
		}
	}
}

func (d *demo) report() {
	now := d.now().In(rehab.Shanghai).Format("2006-01-02 15:04")
	given := 0
	for _, times := range d.done {
		given += times
	}
	fmt.Fprintln(d.out, d.story.lang.Line("%s  %d cases opened, %d commands given in all", now, len(d.opened), given))
	if n := d.refusals(); n > 0 {
		d.log.Error(d.story.lang.Line("the demonstration was refused commands"), "times", n, "by_reason", d.refused) //nolint:sloglint // in the language of who looks on
	}
}

// refusals is how many commands were refused so far.
func (d *demo) refusals() int {
	n := 0
	for _, times := range d.refused {
		n += times
	}
	return n
}

// round does what is to be done by now.
func (d *demo) round(ctx context.Context) error {
	today := rehab.DateOf(d.now())
	clear(d.busy)
	if err := d.open(ctx, today); err != nil {
		return err
	}
	// Far enough ahead to see every window of a month, so that a test may be taken in
	// the middle of it.
	tasks, err := d.boards.Tasks(ctx, board.TaskFilter{DueBy: today.AddDays(95)})
	if err != nil {
		return err
	}
	for _, o := range tasks {
		if d.busy[o.CaseID] {
			continue // the next round sees what became of it
		}
		if err := d.act(ctx, o, today); err != nil {
			return err
		}
	}
	escalations, err := d.boards.Escalations(ctx, board.TaskFilter{})
	if err != nil {
		return err
	}
	for _, e := range escalations {
		if d.busy[e.CaseID] {
			continue
		}
		if err := d.answer(ctx, e, today); err != nil {
			return err
		}
	}
	return nil
}

// open sends the orders that have been served.
func (d *demo) open(ctx context.Context, today rehab.Date) error {
	for _, row := range d.orders {
		served, err := rehab.ParseDate(fmt.Sprint(row.Request["served_on"]))
		if err != nil || served > today || d.opened[row.OrderNo()] {
			continue
		}
		if name := d.story.cast(row.OrderNo(), d.boards.CaseIDFor(row.OrderNo())); name != "" {
			row.Request["name"] = name
		}
		if chance(row.OrderNo(), "worker") > 10 {
			row.Request["worker"] = workerOf(fmt.Sprint(row.Request["execution_street"]))
		}
		status, answer, err := d.post(ctx, "/v1/cases", "", row.Request)
		if err != nil {
			return err
		}
		if status >= 300 {
			d.opened[row.OrderNo()] = true // it is refused again tomorrow
			d.refuse("open-case", status, answer)
			continue
		}
		d.opened[row.OrderNo()] = true
		d.done["open-case"]++
	}
	return nil
}

// chance is a number from 0 to 99 that follows from the words.
func chance(words ...string) int {
	h := fnv.New32a()
	for _, w := range words {
		_, _ = io.WriteString(h, w+"\x00")
	}
	return int(h.Sum32() % 100)
}

// persona is how the client of the case takes it.
func persona(caseID string) string {
	switch n := chance(caseID); {
	case n < 4:
		return "silent" // never answers
	case n < 8:
		return "evading" // reports in, then will not be met
	case n < 18:
		return "wavering" // misses some
	case n < 28:
		return "late"
	}
	return "steady"
}

// act does one obligation on the day on which this client does it.
func (d *demo) act(ctx context.Context, o board.ObligationRow, today rehab.Date) error {
	switch o.ID.Kind {
	case rehab.OutreachDuty:
		return d.reachOut(ctx, o, today)
	case rehab.AgreementDuty:
		if row, err := d.boards.Case(ctx, o.CaseID); err != nil || row.Phase == rehab.AwaitingReportIn {
			return err
		}
	}
	if ofOnlookers(o.ID.Kind) {
		return nil
	}
	id := o.ID.String()
	span := int(o.Due - o.Opens)
	day := o.Opens.AddDays(span * (20 + chance(o.CaseID, id)*6/10) / 100)
	theirs := o.ID.Kind == rehab.ReportInDuty || o.ID.Kind == rehab.AgreementDuty || o.ID.Kind == rehab.TestDuty || o.ID.Kind == rehab.SurpriseTestDuty || o.ID.Kind == rehab.ContactDuty ||
		o.ID.Kind == rehab.WatchContactDuty || o.ID.Kind == rehab.HomeVisitDuty || o.ID.Kind == rehab.AssessmentDuty
	switch p := persona(o.CaseID); {
	case !theirs:
		day = o.Opens.AddDays(span / 2)
	case p == "silent":
		return d.confirm(ctx, o, today, 20)
	case p == "evading" && evades(o):
		return d.confirm(ctx, o, today, 20)
	case p == "wavering" && chance(o.CaseID, id, "miss") < 30:
		return d.confirm(ctx, o, today, 3)
	case p == "late" && chance(o.CaseID, id, "late") < 40:
		day = o.Due.AddDays(2)
	}
	if today < day {
		return nil
	}
	if o.Status == rehab.Missed && o.ID.Kind != rehab.ReportInDuty && theirs && o.ID.Kind != rehab.AgreementDuty {
		return d.tellLate(ctx, o, today)
	}
	c, key := commandFor(o, today), id+"-done"
	if o.Unconfirmed {
		key = id + "-confirmed" // the report itself goes out after it
	}
	return d.do(ctx, o, key, today, c)
}

// ofOnlookers are the duties that come of what the demonstration does not do: whoever
// looks on raises a crisis, moves a client or records custody, and sees to what follows.
func ofOnlookers(k rehab.Kind) bool {
	switch k {
	case rehab.CrisisFollowUpDuty, rehab.SuspensionReviewDuty, rehab.TermConfirmationDuty, rehab.LeaveReturnDuty, rehab.HoldReviewDuty,
		rehab.ForwardFileDuty, rehab.TransferDecisionDuty, rehab.TransferReceiptDuty, rehab.TransferSettleDuty, rehab.TransferReportInDuty, rehab.ArrivalReportDuty:
		return true
	}
	return false
}

// confirm has the station head confirm a miss some days after it.
func (d *demo) confirm(ctx context.Context, o board.ObligationRow, today rehab.Date, after int) error {
	if o.Status != rehab.Missed || today < o.Due.AddDays(after) {
		return nil
	}
	return d.do(ctx, o, o.ID.String()+"-confirmed", today, command{"confirm-miss", map[string]any{"obligation": o.ID.String()}})
}

// tellLate tells of a window after it ended: half of them had been done in time.
func (d *demo) tellLate(ctx context.Context, o board.ObligationRow, today rehab.Date) error {
	c := commandFor(o, today)
	if chance(o.CaseID, o.ID.String(), "in time") < 50 {
		c.body["occurred_at"] = o.Due.String()
	}
	return d.do(ctx, o, o.ID.String()+"-late", today, c)
}

// answer acknowledges most escalations after a while; those over silent clients climb.
func (d *demo) answer(ctx context.Context, e board.EscalationRow, today rehab.Date) error {
	if e.Acknowledged() || chance(e.CaseID, fmt.Sprint(e.ID, e.Rung)) < 50 || rehab.DateOf(e.ToldAt).AddDays(1) > today {
		return nil
	}
	key := fmt.Sprintf("ack-%d-%d-%d", e.ID, e.Rung, e.ToldAt.Unix())
	still := func() (bool, error) {
		rows, err := d.boards.CaseEscalations(ctx, e.CaseID)
		return slices.ContainsFunc(rows, func(x board.EscalationRow) bool {
			return x.ID == e.ID && x.Rung == e.Rung && x.ClosedAt.IsZero() && !x.Acknowledged()
		}), err
	}
	return d.command(ctx, e.CaseID, key, today, command{"acknowledge-escalation", map[string]any{
		"escalation": e.ID, "promise": today.AddDays(3).String(), "note": "家访核实情况 / a visit to the family will find out",
	}}, still)
}
