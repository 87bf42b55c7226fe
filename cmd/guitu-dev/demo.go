package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"guitu/internal/roster"
	"guitu/rehab"
)

// demo plays the offices of a roster through the API: orders come in as they are
// served, most of what is due is done, some late, some missed, and some clients never
// answer. What a case does follows from its id, so that every run tells the same lives.
type demo struct {
	stack  *stack
	server string
	http   *http.Client
	orders []roster.Row
	opened map[string]bool // by order number
	tried  map[string]rehab.Date
	out    io.Writer
	done   map[string]int
}

// playDemo runs until ctx ends or a part of the stack fails.
func (s *stack) playDemo(ctx context.Context, o options, out io.Writer) error {
	f, err := os.Open(o.roster)
	if err != nil {
		return fmt.Errorf("the roster of the demonstration: %w", err)
	}
	defer f.Close()
	rows, err := roster.Read(filepath.Base(o.roster), f)
	if err != nil {
		return err
	}
	d := &demo{
		stack: s, server: "http://" + s.apiAddr, http: &http.Client{Timeout: 30 * time.Second}, orders: rows,
		opened: make(map[string]bool), tried: make(map[string]rehab.Date), out: out, done: make(map[string]int),
	}
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
			if err := d.round(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(out, "demonstration:", err)
			}
		}
	}
}

func (d *demo) report() {
	now := d.stack.service.Now().In(rehab.Shanghai).Format("2006-01-02 15:04")
	fmt.Fprintf(d.out, "%s  %d cases opened, commands given: %v\n", now, len(d.opened), d.done)
}

// round does what is to be done by now.
func (d *demo) round(ctx context.Context) error {
	today := rehab.DateOf(d.stack.service.Now())
	if err := d.open(ctx, today); err != nil {
		return err
	}
	// Far enough ahead to see every window of a month, so that a test may be taken in
	// the middle of it.
	tasks, err := d.stack.service.Store.Tasks(ctx, rehab.TaskFilter{DueBy: today.AddDays(95)})
	if err != nil {
		return err
	}
	for _, o := range tasks {
		if err := d.act(ctx, o, today); err != nil {
			return err
		}
	}
	escalations, err := d.stack.service.Store.Escalations(ctx, rehab.TaskFilter{})
	if err != nil {
		return err
	}
	for _, e := range escalations {
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
		if chance(row.OrderNo(), "worker") > 10 {
			row.Request["worker"] = fmt.Sprintf("w-%s-1", row.Request["execution_street"])
		}
		status, answer, err := d.post(ctx, "/v1/cases", "", row.Request)
		if err != nil {
			return err
		}
		if status >= 300 {
			return fmt.Errorf("order %s was refused: %s", row.OrderNo(), answer)
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
func (d *demo) act(ctx context.Context, o rehab.ObligationRow, today rehab.Date) error {
	switch o.ID.Kind {
	case rehab.OutreachDuty:
		return d.reachOut(ctx, o, today)
	case rehab.CrisisFollowUpDuty:
		return nil // a crisis is raised by whoever looks on, and theirs to close
	}
	id := o.ID.String()
	span := int(o.Due - o.Opens)
	day := o.Opens.AddDays(span * (20 + chance(o.CaseID, id)*6/10) / 100)
	theirs := o.ID.Kind == rehab.ReportInDuty || o.ID.Kind == rehab.AgreementDuty || o.ID.Kind == rehab.TestDuty || o.ID.Kind == rehab.ContactDuty ||
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
	return d.command(ctx, o.CaseID, key, today, c)
}

// confirm has the station head confirm a miss some days after it.
func (d *demo) confirm(ctx context.Context, o rehab.ObligationRow, today rehab.Date, after int) error {
	if o.Status != rehab.Missed || today < o.Due.AddDays(after) {
		return nil
	}
	return d.command(ctx, o.CaseID, o.ID.String()+"-confirmed", today, command{"confirm-miss", map[string]any{"obligation": o.ID.String()}})
}

// tellLate tells of a window after it ended: half of them had been done in time.
func (d *demo) tellLate(ctx context.Context, o rehab.ObligationRow, today rehab.Date) error {
	c := commandFor(o, today)
	if chance(o.CaseID, o.ID.String(), "in time") < 50 {
		c.body["occurred_at"] = o.Due.String()
	}
	return d.command(ctx, o.CaseID, o.ID.String()+"-late", today, c)
}

// answer acknowledges most escalations after a while; those over silent clients climb.
func (d *demo) answer(ctx context.Context, e rehab.EscalationRow, today rehab.Date) error {
	if e.Acknowledged() || chance(e.CaseID, fmt.Sprint(e.ID, e.Rung)) < 50 || rehab.DateOf(e.ToldAt).AddDays(1) > today {
		return nil
	}
	return d.command(ctx, e.CaseID, fmt.Sprintf("ack-%d-%d-%d", e.ID, e.Rung, e.ToldAt.Unix()), today, command{"acknowledge-escalation", map[string]any{
		"escalation": e.ID, "promise": today.AddDays(3).String(), "note": "家访核实情况 / a visit to the family will find out",
	}})
}

// command is a command and the body of its request.
type command struct {
	name string
	body map[string]any
}

func commandFor(o rehab.ObligationRow, today rehab.Date) command {
	switch o.ID.Kind {
	case rehab.ReportInDuty:
		return command{"report-in", map[string]any{}}
	case rehab.AgreementDuty:
		return command{"sign-agreement", map[string]any{}}
	case rehab.AssignWorkerDuty:
		return command{"assign-worker", map[string]any{"worker": "w-" + o.Place + "-1"}}
	case rehab.TestDuty:
		result := rehab.Negative
		if chance(o.CaseID, o.ID.String(), "positive") < 2 {
			result = rehab.PositiveProvisional
		}
		return command{"record-test", map[string]any{
			"method": rehab.Urine, "result": result, "staff": []string{"w-" + o.Place + "-1", "w-" + o.Place + "-2"}, "collector_sex": rehab.Female,
		}}
	case rehab.ContactDuty, rehab.WatchContactDuty:
		return command{"record-contact", map[string]any{"channel": rehab.Talk, "outcome": rehab.Met}}
	case rehab.HomeVisitDuty:
		return command{"visit-completed", map[string]any{}}
	case rehab.AssessmentDuty:
		return command{"record-assessment", map[string]any{}}
	case rehab.TestResultDuty:
		return command{"resolve-test", map[string]any{"test": o.Test, "confirmed": chance(o.CaseID, o.ID.String()) < 30}}
	case rehab.LaboratoryDuty:
		return command{"record-laboratory-result", map[string]any{"test": o.Test, "confirmed": chance(o.CaseID, o.ID.String()) < 30}}
	case rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter, rehab.ViolationDocument:
		return command{"issue-measure", map[string]any{"step": o.ID.Kind, "signature": rehab.Signed}}
	case rehab.ReceiptDuty:
		return command{"record-receipt", map[string]any{"obligation": o.ID.String()}}
	case rehab.HelpOfferDuty:
		return command{"record-help-offer", map[string]any{"answer": rehab.HelpAccepted}}
	case rehab.PoliceReportDuty:
		if o.Unconfirmed {
			return command{"confirm-police-report", map[string]any{"obligation": o.ID.String()}}
		}
		return command{"send-police-report", map[string]any{"obligation": o.ID.String()}}
	case rehab.SupervisionDuty:
		return command{"record-supervision", map[string]any{"form": rehab.InternalSupervision}}
	case rehab.LostContactDuty:
		return command{"confirm-lost-contact", map[string]any{}}
	case rehab.ReleaseFileDuty:
		return command{"submit-release-file", map[string]any{}}
	case rehab.FollowUpDuty: // of the clean years
		return command{"record-contact", map[string]any{"channel": rehab.Phone, "outcome": rehab.Met}}
	case rehab.DynamicControlDuty:
		return command{"end-dynamic-control", map[string]any{}}
	case rehab.SealingDuty:
		return command{"seal", map[string]any{}}
	}
	if c, ok := helpFor(o, today); ok {
		return c
	}
	return command{"release", map[string]any{}}
}

// command gives a command once a day at most; a refusal is the engine's good right.
func (d *demo) command(ctx context.Context, caseID, key string, today rehab.Date, c command) error {
	key = "demo-" + key
	if d.tried[caseID+key] == today {
		return nil
	}
	d.tried[caseID+key] = today
	status, answer, err := d.post(ctx, "/v1/cases/"+caseID+"/"+c.name, key, c.body)
	switch {
	case err != nil:
		return err
	case status < 300:
		d.done[c.name]++
	case status >= 500:
		return fmt.Errorf("%s of %s: %d %s", c.name, caseID, status, answer)
	default:
		d.done["refused"]++
	}
	return nil
}

func (d *demo) post(ctx context.Context, path, key string, body any) (int, string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.server+path, bytes.NewReader(raw))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+d.stack.token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := d.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	return res.StatusCode, string(answer), err
}
