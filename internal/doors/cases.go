package doors

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"guitu/rehab"
)

// Case is a case of the house with the words by which its client is told in an answer.
type Case struct {
	Key, ID       string
	Order         map[string]any
	Place, Worker string // as it was when the house was made ready
	Sealed        bool

	// Who are words of the identity, which only who works with the client reads; Waiting is the
	// name that waits to be confirmed, and Text what was written. First is the sign with which the
	// name begins, which a masked name shows. No other client has any of them.
	Who           []string
	Waiting, Text string
	First         string

	Transfer, Attachment, Supervision string // ids
	Report, ReportedAt                string // the sequence of a report to the police, and the street that had the case then
}

// population are the cases by what they are to the street Own. The last two lie in an area of
// their own (Island), where of all the people the city and the ones without a place act.
var population = []struct{ key, place, worker, first string }{
	{"own", Own, "w-1", "魑"}, {"colleague's", Own, "w-2", "魅"}, {"free", Own, "", "魍"}, {"sibling", Sibling, "w-3", "魉"},
	{"foreign", Foreign, "w-9", "魈"}, {"moved", Own, "w-1", "魃"}, {"sealed", Own, "w-1", "魇"}, {"arriving", Foreign, "w-9", "魋"},
	{"reported", Own, "w-1", "魖"},
	{"island", Island, "", "魌"}, {"other island", Island, "", "魕"},
}

// Island is a street of a district from which nobody asks.
const Island = "110105001"

// populate opens the cases over the API and writes about each what should not be read elsewhere.
func (h *House) populate(ctx context.Context) error {
	for i, p := range population {
		c := &Case{Key: p.key, Place: p.place, Worker: p.worker, First: p.first}
		c.Order = orderOf(i, p.first, p.place, p.worker)
		c.Text, c.Waiting = p.first+"事不可外传", p.first+"新某"
		for _, field := range []string{"name", "id_number", "phone", "family_phone", "family_contact"} {
			c.Who = append(c.Who, c.Order[field].(string))
		}
		answer, err := h.must(ctx, "city", http.MethodPost, "/v1/cases", c.Order)
		if err != nil {
			return err
		}
		c.ID, _ = answer["case_id"].(string)
		h.Cases[p.key] = c
		if err := h.writeAbout(ctx, c); err != nil {
			return fmt.Errorf("case %s: %w", p.key, err)
		}
	}
	if err := h.report(ctx, h.Cases["reported"]); err != nil {
		return err
	}
	if err := h.move(ctx); err != nil {
		return err
	}
	return h.seal(ctx, h.Cases["sealed"])
}

func orderOf(n int, first, place, worker string) map[string]any {
	o := map[string]any{
		"order_no": fmt.Sprintf("京公戒字〔2026〕%06d号", 900+n), "measure": "treatment", "term_months": 36,
		"decided_on": "2026-10-01", "served_on": "2026-10-12", "service_method": "direct", "name": first + "某门", "sex": "男",
		"id_number": idNumber(n), "phone": fmt.Sprintf("1390000%04d", 1000+n), "household_street": place, "residence_street": place,
		"execution_street": place, "risk": "medium", "maintenance_therapy": false, "employment_intent": true,
		"family_contact": first + "亲某", "family_phone": fmt.Sprintf("1380000%04d", 1000+n),
	}
	if worker != "" {
		o["worker"] = worker
	}
	return o
}

// idNumber of the n-th person.
func idNumber(n int) string {
	digits := fmt.Sprintf("11019919870210%03d", 100+n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

// writeAbout writes a note, a supervision, an attachment, the answers of a form, a change of the name that waits and a snooze.
func (h *House) writeAbout(ctx context.Context, c *Case) error {
	who := h.worksWith(c)
	post := func(token, path string, body any) (map[string]any, error) {
		return h.must(ctx, token, http.MethodPost, path, body)
	}
	note := c.Text
	at := "/v1/cases/" + c.ID
	if _, err := post(who, at+"/report-in", map[string]any{"note": note, "occurred_at": "2026-10-13"}); err != nil {
		return err
	}
	if _, err := post(who, at+"/record-contact", map[string]any{"channel": "phone", "outcome": "met", "note": note}); err != nil {
		return err
	}
	if _, err := post(who, at+"/update-client", map[string]any{"name": c.Waiting, "note": note}); err != nil {
		return err
	}
	s, err := post(who, "/v1/supervisions", map[string]any{"case_id": c.ID, "topic": "crisis", "help": "internal", "supervisees": []string{cmp.Or(c.Worker, "w-1")}, "note": note})
	if err != nil {
		return err
	}
	c.Supervision, _ = s["id"].(string)
	if who == "city" { // an office writes no forms and adds no attachments
		return nil
	}
	if _, err := post(who, at+"/forms", map[string]any{"form": "phone_record", "version": 1, "answers": map[string]any{"outcome": "no_answer", "next": "sooner"}, "reason": note}); err != nil {
		return err
	}
	r := h.Ask(ctx, who, http.MethodPost, at+"/attachments?kind=photo", picture, "Content-Type", "image/png")
	if r.Status != http.StatusCreated {
		return fmt.Errorf("attach: %d %s", r.Status, r.Body)
	}
	var a map[string]any
	if err := json.Unmarshal([]byte(r.Body), &a); err != nil {
		return err
	}
	c.Attachment, _ = a["id"].(string)
	return nil
}

// worksWith is who of the house writes about the client.
func (h *House) worksWith(c *Case) string {
	for token, a := range Actors {
		if readsInFull(a, c.Place, c.Worker) && a.Role == rehab.WorkerRole {
			return token
		}
	}
	for token, a := range Actors {
		if a.Role == rehab.StationHead && a.Place == c.Place {
			return token
		}
	}
	return "city"
}

// report has a test turn out positive and the police told of it.
func (h *House) report(ctx context.Context, c *Case) error {
	at := "/v1/cases/" + c.ID + "/"
	duty := map[string]any{"obligation": "police_report-1"}
	if _, err := h.must(ctx, "worker", http.MethodPost, at+"sign-agreement", map[string]any{"occurred_at": "2026-10-13"}); err != nil {
		return err
	}
	if _, err := h.must(ctx, "worker", http.MethodPost, at+"record-test", map[string]any{"method": "urine", "result": "positive_provisional", "staff": []string{"w-1", "w-2"}, "collector_sex": "male", "occurred_at": "2026-10-14"}); err != nil {
		return err
	}
	now, err := h.store.Load(ctx, c.ID)
	if err != nil {
		return err
	}
	if _, err := h.must(ctx, "head", http.MethodPost, at+"resolve-test", map[string]any{"test": now.Pending[0].Test, "confirmed": true}); err != nil {
		return err
	}
	if _, err := h.must(ctx, "head", http.MethodPost, at+"confirm-police-report", duty); err != nil {
		return err
	}
	if _, err = h.must(ctx, "worker", http.MethodPost, at+"send-police-report", duty); err != nil {
		return err
	}
	list, err := h.must(ctx, "police", http.MethodGet, "/v1/police-reports", nil)
	if err != nil {
		return err
	}
	for _, x := range list["reports"].([]any) {
		c.Report, c.ReportedAt = fmt.Sprint(x.(map[string]any)["seq"]), c.Place
	}
	if c.Report == "" {
		return fmt.Errorf("the police have no report of %s in %v", c.ID, list)
	}
	return nil
}

// addressed reports whether the case was reported to the police who ask.
func (c *Case) addressed(a rehab.Actor) bool {
	return a.Role == rehab.PoliceRole && c.ReportedAt != "" && strings.HasPrefix(c.ReportedAt, a.Place)
}

// move has one case moved for good to the foreign street, and another forwarded to Own, where it is not yet.
func (h *House) move(ctx context.Context) error {
	moved, arriving := h.Cases["moved"], h.Cases["arriving"]
	for _, step := range []struct {
		token, path string
		body        map[string]any
	}{
		{"city", "/v1/cases/" + moved.ID + "/move-station", map[string]any{"place": Foreign}},
		{"city", "/v1/cases/" + moved.ID + "/assign-worker", map[string]any{"worker": "w-9"}},
		{"foreign-worker", "/v1/cases/" + arriving.ID + "/sign-agreement", map[string]any{}},
		{"foreign-worker", "/v1/cases/" + arriving.ID + "/request-transfer", map[string]any{"to": Own, "reason": "household"}},
		{"foreign-worker", "/v1/cases/" + arriving.ID + "/forward-file", map[string]any{}},
	} {
		if _, err := h.must(ctx, step.token, http.MethodPost, step.path, step.body); err != nil {
			return err
		}
	}
	moved.Place, moved.Worker = Foreign, "w-9"
	list, err := h.must(ctx, "foreign-head", http.MethodGet, "/v1/transfers", nil)
	if err != nil {
		return err
	}
	for _, x := range list["transfers"].([]any) {
		if t := x.(map[string]any); t["case_id"] == arriving.ID {
			arriving.Transfer, _ = t["id"].(string)
		}
	}
	if arriving.Transfer == "" {
		return fmt.Errorf("there is no transfer of %s in %v", arriving.ID, list)
	}
	return nil
}

// seal closes the case for good, as after all the years.
func (h *House) seal(ctx context.Context, c *Case) error {
	now, err := h.store.Load(ctx, c.ID)
	if err != nil {
		return err
	}
	at := h.service.Now().UTC()
	e := rehab.Event{Seq: now.Seq + 1, RecordedAt: at, OccurredAt: at, Actor: Actors["city"], Data: rehab.CaseSealed{On: rehab.DateOf(at)}}
	_, err = h.store.Record(ctx, rehab.NewRecord(now, rehab.Command{}, []rehab.Event{e}))
	c.Sealed = true
	return err
}

// must asks for what has to succeed, with an answer in JSON.
func (h *House) must(ctx context.Context, token, method, path string, body any) (map[string]any, error) {
	text := ""
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = string(raw)
	}
	r := h.Ask(ctx, token, method, path, text)
	if r.Status/100 != 2 {
		return nil, fmt.Errorf("%s %s as %s: %d %s", method, path, token, r.Status, r.Body)
	}
	var v map[string]any
	return v, json.Unmarshal([]byte(r.Body), &v)
}

// Heads are the sequences of the cases.
func (h *House) Heads(ctx context.Context) (map[string]int64, error) {
	out := make(map[string]int64, len(h.Cases))
	for _, c := range h.Cases {
		row, err := h.store.Case(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		out[c.Key] = row.Seq
	}
	return out, nil
}

func (h *House) keys() []string {
	out := make([]string, 0, len(population))
	for _, p := range population {
		if h.Cases[p.key] != nil {
			out = append(out, p.key)
		}
	}
	return out
}
