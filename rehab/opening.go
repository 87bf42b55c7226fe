package rehab

import (
	"fmt"
	"time"
)

// What the law says about the order and its service (NCL art.33, DRR art.13, APR art.36).

// NoticePeriod is how many days a public notice hangs until it counts as service
// (公告送达, APR art.36), promptService within how many days after the decision the order
// reaches the client, and handOverAhead how far ahead an isolation centre names the day of
// a release: the law asks for three days (DRR art.34), so a month is a slip of the pen.
const (
	NoticePeriod  = 60
	promptService = 7
	handOverAhead = 31
)

// inForce is the first day of the Narcotics Control Law, 2008-06-01 (NCL art.71).
const inForce Date = 14031

// lateness is how many months a report-in may be put off, for whatever reason. A day that
// lies further ahead is a slip of the pen, with which the client would be forgotten.
const lateness = 12

// openingTopic is the way into the measure: service of the order, report-in, agreement.
func openingTopic() topic {
	return topic{
		subject: "opening",
		commands: []CommandSpec{
			command[OpenCase]("立案", "Open a case with the service of an order", by(offices), under("cases")),
			command[RecordHandOver]("登记强制隔离戒毒所衔接通知", "Record the isolation centre's word of the coming release into rehabilitation", by(everyone), example(`{"release_on":"2026-10-22"}`)),
			command[ReportIn]("登记报到", "The client reported in at the station", by(everyone), witnessed, settles(ReportInDuty, TransferReportInDuty), movesClock),
			command[SignAgreement]("登记协议", "The agreement was signed", by(everyone), witnessed, settles(AgreementDuty), movesClock),
		},
		events: []eventKind{
			eventOf[CaseOpened](), eventOf[ObligationOpened](), eventOf[ReportedIn](), eventOf[CarriedOver](), eventOf[AgreementSigned](),
			eventOf[HandOverRecorded](), eventOf[CommandRefused](),
		},
		duties: []duty{
			{kind: ReportInDuty, zh: "报到", en: "report-in", client: true, limit: func(p *Policy) *Limit { return &p.ReportIn }},
			{kind: AgreementDuty, zh: "签订协议", en: "signing of the agreement", client: true, limit: func(p *Policy) *Limit { return &p.Agreement }},
		},
		why: openingWhy{},
	}
}

// ServiceMethods are the ways in which an order reaches the client.
func ServiceMethods() []ServiceMethod { return serviceMethods.values() }

// LastPossibleEnd is the last day on which the term of an order of today can end: 36 months
// from the latest report-in.
func LastPossibleEnd(today Date) Date { return today.AddMonths(36 + lateness) }

// OpenCase opens the case with the service of the order. All other commands need an
// open case. Carried tells what was done before the case came into the system.
type OpenCase struct {
	Measure     Measure       `json:"measure"`
	TermMonths  int           `json:"term_months"`
	DecidedOn   Date          `json:"decided_on"`
	ServedOn    Date          `json:"served_on"`
	Method      ServiceMethod `json:"service_method"`
	FamilyTold  Date          `json:"family_told_on,omitzero"` // when the family had the order (DRR art.13)
	PrintedEnd  Date          `json:"printed_end,omitzero"`
	CreditDays  int           `json:"credit_days,omitempty"`
	Place       string        `json:"place"`
	Worker      string        `json:"worker,omitempty"`
	Risk        Risk          `json:"risk"`
	Maintenance bool          `json:"maintenance_therapy,omitempty"`
	WantsWork   bool          `json:"employment_intent,omitempty"`
	Sex         Sex           `json:"sex,omitempty"` // missing in cases opened before it was asked
	Policy      PolicyRef     `json:"policy"`
	Carried     *Carried      `json:"carried,omitempty"`
}

func (OpenCase) CommandType() string { return "open-case" }

// checkService holds the days of service against the decision.
func (b OpenCase) checkService() *Error {
	switch {
	case b.DecidedOn.IsZero():
		return missing("decided_on")
	case b.DecidedOn < inForce:
		return &Error{Code: Invalid, Message: "the order was decided before the law was in force on " + inForce.String(), Field: "decided_on", Citation: "NCL art.71"}
	case b.ServedOn.IsZero():
		return missing("served_on")
	case b.ServedOn < b.DecidedOn:
		return &Error{Code: Invalid, Message: "the order was served on " + b.ServedOn.String() + ", before it was decided on " + b.DecidedOn.String(), Field: "served_on", Citation: "DRR art.13"}
	}
	if err := serviceMethods.check("service_method", b.Method); err != nil {
		return err
	}
	switch {
	case b.Method == ServedByNotice && b.ServedOn < b.DecidedOn+NoticePeriod:
		return &Error{Code: Invalid, Message: fmt.Sprintf("a public notice counts as service after %d days, on %s at the earliest", NoticePeriod, b.DecidedOn+NoticePeriod), Field: "served_on", Citation: "APR art.36"}
	case b.FamilyTold != 0 && b.FamilyTold < b.DecidedOn:
		return &Error{Code: Invalid, Message: "the family was told on " + b.FamilyTold.String() + ", before the order was decided on " + b.DecidedOn.String(), Field: "family_told_on", Citation: "DRR art.13"}
	}
	return nil
}

func (b OpenCase) check() *Error {
	if err := measures.check("measure", b.Measure); err != nil {
		return err
	}
	if b.TermMonths < 1 || b.TermMonths > 36 {
		return &Error{Code: Invalid, Message: "a term has 1 to 36 months", Field: "term_months", Citation: "DRR art.14, 37"}
	}
	if b.Measure == Treatment && b.TermMonths != 36 {
		return &Error{Code: Invalid, Message: "community drug treatment has a term of 36 months, neither shorter nor longer", Field: "term_months", Citation: "DRR art.14"}
	}
	if err := b.checkService(); err != nil {
		return err
	}
	switch {
	case !b.PrintedEnd.IsZero() && b.PrintedEnd <= b.ServedOn:
		return InvalidField("printed_end", "lies before service of the order")
	case b.PrintedEnd > b.ServedOn.AddMonths(b.TermMonths+lateness):
		return &Error{Code: Invalid, Message: fmt.Sprintf("lies more than %d months after the %d months of the term, counted from service", lateness, b.TermMonths), Field: "printed_end", Citation: "DRR art.14, 37"}
	case b.CreditDays < 0 || b.CreditDays > 3*366:
		return InvalidField("credit_days", "is between 0 and 1098")
	case b.Place == "":
		return missing("place")
	case b.Policy.ID == "" || b.Policy.Version == "":
		return missing("policy")
	}
	if err := risks.check("risk", b.Risk); err != nil {
		return err
	}
	if b.Sex != "" {
		if err := sexes.check("sex", b.Sex); err != nil {
			return err
		}
	}
	return b.Carried.check(b.ServedOn)
}

// CaseOpened starts a case. The start of the law's clock is ServedOn, not DecidedOn (DRR art.13, 14).
type CaseOpened struct {
	Measure     Measure       `json:"measure"`
	TermMonths  int           `json:"term_months"`
	DecidedOn   Date          `json:"decided_on"`
	ServedOn    Date          `json:"served_on"`
	Method      ServiceMethod `json:"service_method"`
	PrintedEnd  Date          `json:"printed_end,omitzero"`  // the term's last day as printed on the order; it overrides ours
	CreditDays  int           `json:"credit_days,omitempty"` // days served in isolation, credited to treatment alone (DRR art.31)
	Place       string        `json:"place"`                 // code of the street that executes
	Worker      string        `json:"worker,omitempty"`
	Risk        Risk          `json:"risk"`
	Maintenance bool          `json:"maintenance_therapy,omitempty"`
	WantsWork   bool          `json:"employment_intent,omitempty"`
	Sex         Sex           `json:"sex,omitempty"` // missing in cases opened before it was asked
	Policy      PolicyRef     `json:"policy"`
	FamilyTold  Date          `json:"family_told_on,omitzero"`
	OpenedAt    time.Time     `json:"opened_at,omitzero"` // of an opening that was corrected since: when it was told
}

// EventType names the type in the ledger.
func (CaseOpened) EventType() string { return "case_opened" }

func (d CaseOpened) apply(c *Case, e *Event) {
	c.Phase, c.OpenedAt = AwaitingReportIn, e.RecordedAt
	if !d.OpenedAt.IsZero() {
		c.OpenedAt = d.OpenedAt
	}
	c.Measure, c.TermMonths, c.DecidedOn, c.ServedOn, c.Method = d.Measure, d.TermMonths, d.DecidedOn, d.ServedOn, d.Method
	c.PrintedEnd, c.CreditDays, c.Maintenance, c.WantsWork = d.PrintedEnd, d.CreditDays, d.Maintenance, d.WantsWork
	c.Sex, c.FamilyTold = d.Sex, d.FamilyTold
	c.Place, c.Worker, c.Risk, c.Policy = d.Place, d.Worker, d.Risk, d.Policy
}

// decide starts the clock of the law at service of the order (DRR art.13, 14).
func (b OpenCase) decide(d *decision, _ Date) *Error {
	p := d.env.Policy
	switch {
	case p == nil || p.Ref() != b.Policy:
		return InvalidField("policy", "there is no policy %s", b.Policy)
	case b.Measure == Rehabilitation && b.TermMonths > p.MaxRehabTerm.N:
		return &Error{Code: Invalid, Message: "the term of rehabilitation is too long", Field: "term_months", Citation: p.MaxRehabTerm.Cite}
	}
	if err := d.dayNotFuture("served_on", b.ServedOn); err != nil {
		return err
	}
	if err := d.dayNotFuture("family_told_on", b.FamilyTold); err != nil {
		return err
	}
	if b.PrintedEnd > LastPossibleEnd(d.env.Today()) {
		return &Error{Code: Invalid, Message: "lies more than four years ahead, and no term is longer than 36 months", Field: "printed_end", Citation: "DRR art.14, 37"}
	}
	if err := d.admitCarried(b.Carried); err != nil {
		return err
	}
	told := time.Time{}
	if !d.correctedAt.IsZero() {
		told = instant(d.env.Now)
	}
	d.emit(CaseOpened{
		b.Measure, b.TermMonths, b.DecidedOn, b.ServedOn, b.Method, b.PrintedEnd, b.CreditDays,
		b.Place, b.Worker, b.Risk, b.Maintenance, b.WantsWork, b.Sex, b.Policy, b.FamilyTold, told,
	})
	if b.Worker == "" {
		today := d.env.Today()
		d.oblige(Obligation{
			ID: d.number(AssignWorkerDuty), Opens: today, Due: p.AssignWorker.After(today, d.env.Calendar), From: today, Citation: p.AssignWorker.Cite,
		})
	}
	if b.Carried != nil {
		d.carryOver(b.Carried)
		return nil
	}
	cite := p.ReportIn.Cite
	if b.Measure == Rehabilitation {
		cite = citeRehabilitation
	}
	d.oblige(Obligation{
		ID: d.number(ReportInDuty), Opens: b.ServedOn, Due: p.ReportIn.After(b.ServedOn, d.env.Calendar), From: b.ServedOn, Citation: cite,
	})
	return nil
}

func (d CaseOpened) decided(*Case) Line {
	return Line{Citation: "NCL art.33; DRR art.13", ZH: fmt.Sprintf("立案，适用政策%s", d.Policy), EN: fmt.Sprintf("opened the case under policy %s", d.Policy)}
}

type openingWhy struct{}

// explain says what of the order and its service has to be seen.
func (openingWhy) explain(c *Case, _ Env, x *Explanation) {
	if late := int(c.ServedOn - c.DecidedOn); late > promptService && c.Method != ServedByNotice && c.ReportedOn == 0 {
		x.Warnings = append(x.Warnings, Line{Code: "served_late", On: c.ServedOn, Citation: "NCL art.33; APR art.36", Mark: Law,
			ZH: fmt.Sprintf("决定书作出后第%d日才送达（应在%d日内）；期限自送达之日起算", late, promptService),
			EN: fmt.Sprintf("the order was served %d days after the decision (%d are allowed); the limits count from service", late, promptService)})
	}
	if c.Measure == Rehabilitation && c.CreditDays > 0 && c.IsOpen() {
		x.Warnings = append(x.Warnings, Line{Code: "credit_without_effect", Citation: "DRR art.31", Mark: Law,
			ZH: fmt.Sprintf("强制隔离戒毒%d日不折抵社区康复期限：仅折抵社区戒毒", c.CreditDays),
			EN: fmt.Sprintf("%d days of isolation are not credited: only treatment is credited, never rehabilitation", c.CreditDays)})
	}
	if end := c.TermEnd.AddMonths(2); c.IsOpen() && c.TermEnd != 0 && end < c.ReportedOn.AddMonths(c.TermMonths).AddDays(-c.CreditDays) {
		x.Warnings = append(x.Warnings, Line{Code: "term_shorter", On: c.TermEnd, Citation: "DRR art.14, 31, 37", Mark: Law,
			ZH: fmt.Sprintf("期限至%s，明显短于决定书的%d个月；无提前解除，请核对公安机关确认的日期", c.TermEnd, c.TermMonths),
			EN: fmt.Sprintf("the term ends on %s, well before the %d months of the order are over: there is no early release, check the day with the police", c.TermEnd, c.TermMonths)})
	}
	if c.FromIsolation != 0 && c.ReportedOn == 0 {
		x.Waiting = append(x.Waiting, Line{Code: "hand_over", On: c.FromIsolation, Citation: "DRR art.34", Mark: Law,
			ZH: fmt.Sprintf("%s自强制隔离戒毒所出所：由家属或者工作站接回", c.FromIsolation),
			EN: fmt.Sprintf("released from isolation on %s: family or station meet the client there", c.FromIsolation)})
	}
}
