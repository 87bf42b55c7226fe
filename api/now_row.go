package api

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"guitu/board"
	"guitu/casework"
	"guitu/inbox"
	"guitu/rehab"
)

// showNow makes the lines of a page, with the names that the actor may see.
func (s *server) showNow(ctx context.Context, a rehab.Actor, f inbox.NowFilter, items []inbox.NowItem, out *Now) error {
	if len(items) == 0 {
		return nil
	}
	names, err := s.placeNames(ctx, f.Today)
	if err != nil {
		return err
	}
	var who map[string]board.Identity
	if a.Role != rehab.CityOffice { // counts and case numbers are all it needs
		ids := make([]string, len(items))
		for i := range items {
			ids[i] = items[i].CaseID
		}
		if who, err = s.Identities.Identities(ctx, ids); err != nil {
			return err
		}
	}
	for i := range items {
		row := s.nowRow(a, f, &items[i], names)
		if id, ok := who[row.CaseID]; ok {
			row.show(id, inFullTo(a, f.Also, &items[i]))
		}
		out.Items = append(out.Items, row)
	}
	return nil
}

func (s *server) placeNames(ctx context.Context, on rehab.Date) (map[string]string, error) {
	list, err := s.Places.Places(ctx, on)
	out := make(map[string]string, len(list))
	for _, p := range list {
		out[p.Code] = p.Name
	}
	return out, err
}

// inFullTo reports whether the actor works with the client. What another station sends is
// nobody's here yet.
func inFullTo(a rehab.Actor, standsInFor []string, i *inbox.NowItem) bool {
	if slices.Contains(standsInFor, i.Worker) {
		a.ID = i.Worker
	}
	return i.Subject != inbox.TransferSubject && casework.Unmasked(a, rehab.Summary{Place: i.Place, Worker: i.Worker})
}

func (r *NowRow) show(id board.Identity, full bool) {
	c := mask(id)
	if full {
		c = inFull(id)
	}
	r.Name, r.Phone, r.Masked = c.Name, c.Phone, !full
}

func (s *server) nowRow(a rehab.Actor, f inbox.NowFilter, i *inbox.NowItem, places map[string]string) NowRow {
	r := NowRow{
		Step: i.Step, CaseID: i.CaseID, Short: shortOf(i.CaseID), Place: i.Place, PlaceName: places[i.Place], Worker: i.Worker, Risk: i.Risk,
		Subject: i.Subject, Kind: i.Kind, Status: i.Status, Due: i.Due, Since: i.Since.UTC(), Citation: i.Cite,
		what: whatWaits(i, places), reason: whyHere(i, f.Today),
	}
	if i.Subject == inbox.DutySubject {
		r.Obligation = i.Obligation().String()
	} else {
		r.Number = i.N
	}
	switch {
	case i.Climb != 0 && !i.NextAt.IsZero():
		r.Until = i.NextAt.UTC()
	case i.Status == rehab.Missed || i.Due == 0:
	case !i.DueAt.IsZero():
		r.Until = i.DueAt.UTC()
	case i.Subject == inbox.LeaveSubject:
		r.Until = i.Due.Start()
	default:
		r.Until = i.Due.End()
	}
	if i.Climb != 0 {
		r.Climb = &NowClimb{i.Climb, i.Rung, i.Told, i.ToldAt.UTC(), i.NextAt, i.Promise, i.AckedBy, i.Mine}
	}
	id, version, _ := strings.Cut(i.Policy, "@")
	if p := s.Policies.Policy(rehab.PolicyRef{ID: id, Version: version}); p != nil && i.Kind != "" {
		r.Mark = p.MarkBehind(rehab.Obligation{ID: i.Obligation(), Citation: i.Cite})
	}
	for _, name := range answersTo(i) {
		c, may := nowCommand(a.Role, name, i)
		switch {
		case !may:
		case r.Command == nil:
			r.Command = &c
		default:
			r.Also = append(r.Also, c)
		}
	}
	r.What, r.Reason = r.what.Message, r.reason.Message
	if r.Obligation != "" { // the Chinese is made of the id
		r.What = strings.Replace(r.What, r.Obligation, i.Obligation().EN(), 1)
	}
	return r
}

// shortOf is the end of a case id: C-7K2Q.
func shortOf(caseID string) string {
	letters := strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, caseID))
	return "C-" + letters[max(0, len(letters)-4):]
}

// whatWaits says what the line is about.
func whatWaits(i *inbox.NowItem, places map[string]string) *rehab.Error {
	e, id := &rehab.Error{}, i.Obligation()
	switch {
	case i.Subject == inbox.LeaveSubject:
		return e.Say("a leave from %s to %s waits for a decision", i.Due, i.Until)
	case i.Subject == inbox.TransferSubject:
		from := places[i.From]
		if from == "" {
			from = i.From
		}
		return e.Say("%s sent a case: accept it or send the file back", from)
	case i.Subject == inbox.ChangeSubject:
		return e.Say("a change of name or document waits for another person")
	case i.Step == inbox.CrisisStep && i.Crisis != "":
		return e.Say("a crisis (%s) is open: 120 and 110 first, then say what was done", i.Crisis)
	case i.Step == inbox.CrisisStep:
		return e.Say("a crisis is open: 120 and 110 first, then say what was done")
	case i.Draft:
		return e.Say("the draft of %s waits to be confirmed by %s", id, instantOr(i))
	case i.Status == rehab.Missed:
		return e.Say("%s was due by %s: the miss is provisional until a person confirms or dismisses it", id, i.Due)
	case i.Status != rehab.Open:
		return e.Say("%s was due by %s: the escalation over it waits for an answer", id, i.Due)
	}
	return e.Say("%s is due by %s", id, instantOr(i))
}

// instantOr is the last instant of a limit in hours, or the last day.
func instantOr(i *inbox.NowItem) string {
	if i.DueAt.IsZero() {
		return i.Due.String()
	}
	return i.DueAt.In(rehab.Shanghai).Format("2006-01-02 15:04")
}

// whyHere says why the line stands where it stands.
func whyHere(i *inbox.NowItem, today rehab.Date) *rehab.Error {
	e := &rehab.Error{}
	switch i.Step {
	case inbox.CrisisStep:
		return e.Say("an open crisis stands before everything else")
	case inbox.HoursStep:
		return e.Say("a limit in hours runs: the least time left stands first")
	case inbox.ClimbStep:
		return e.Say("the escalation has reached the %s and has waited since %s", i.Told, rehab.DateOf(i.ToldAt))
	case inbox.MissStep:
		if i.First == 0 {
			return e.Say("a provisional miss of a limit that the statute sets")
		}
		return e.Say("a provisional miss of a limit that no statute sets")
	case inbox.DecisionStep:
		if i.Subject == inbox.ChangeSubject {
			return e.Say("a decision of yours, asked for on %s", rehab.DateOf(i.Since))
		}
		return e.Say("a decision of yours, by %s", i.Due)
	case inbox.TodayStep:
		return e.Say("its last day is today")
	}
	return e.Say("its last day is %s, in %d day(s)", i.Due, int(i.Due-today))
}

const acknowledgement = "acknowledge-escalation"

// answersTo are the commands that answer the line, the one that settles it first.
func answersTo(i *inbox.NowItem) []string {
	switch i.Subject {
	case inbox.LeaveSubject:
		return []string{"decide-leave"}
	case inbox.ChangeSubject:
		return []string{"confirm-client-change", "decline-client-change"}
	case inbox.TransferSubject:
		return withClimb(i, "accept-transfer", "refuse-transfer")
	}
	settle := rehab.SettledBy(i.Kind, i.Draft)
	decided := i.Draft || !settle.MayGive(rehab.WorkerRole)
	switch {
	case i.Step == inbox.CrisisStep, i.Draft:
		return withClimb(i, settle.Type)
	case i.Status == rehab.Missed:
		answers := []string{missConfirmation, "justify-miss", "dismiss-miss", settle.Type}
		if !slices.Contains(rehab.ClientDuties(), i.Kind) {
			answers = slices.Delete(answers, 1, 2)
		}
		if i.Mine {
			return append([]string{acknowledgement}, answers...)
		}
		return answers
	case i.Step == inbox.ClimbStep:
		return []string{acknowledgement, settle.Type}
	case decided:
		return []string{settle.Type}
	}
	return []string{settle.Type, "assign-worker"}
}

func withClimb(i *inbox.NowItem, answers ...string) []string {
	if i.Mine {
		answers = append(answers, acknowledgement)
	}
	return answers
}

// nowCommand is the command with the fields that are known of the line; false where the role
// may not give it.
func nowCommand(r rehab.Role, name string, i *inbox.NowItem) (NowCommand, bool) {
	c := NowCommand{Type: name, Route: "/v1/cases/" + i.CaseID + "/" + name, Fields: map[string]any{}}
	if i.Subject == inbox.ChangeSubject {
		c.Fields["change"], c.Note = i.N, name == "decline-client-change"
		return c, true
	}
	spec, ok := rehab.SpecOf(name)
	if !ok || !spec.MayGive(r) {
		return c, false
	}
	c.Note = spec.Reason
	t := reflect.TypeOf(spec.Body)
	for n := range t.NumField() {
		field, _, _ := strings.Cut(t.Field(n).Tag.Get("json"), ",")
		if v := knownField(field, i); v != nil {
			c.Fields[field] = v
		}
	}
	return c, true
}

// knownField is what the line says of a field of a command, or nil.
func knownField(field string, i *inbox.NowItem) any {
	number := func(n int64) any {
		if n == 0 {
			return nil
		}
		return n
	}
	switch field {
	case "obligation":
		return i.Obligation().String()
	case "escalation":
		return number(i.Climb)
	case "leave":
		if i.Subject == inbox.LeaveSubject {
			return i.N
		}
		return number(i.About)
	case "transfer":
		if i.Subject == inbox.TransferSubject {
			return i.N
		}
		return number(i.Pending)
	case "test", "crisis", "amendment", "hold", "referral", "placement":
		return number(i.About)
	case "channel":
		if i.Kind == rehab.HomeVisitDuty {
			return rehab.HomeVisit
		}
	}
	return nil
}
