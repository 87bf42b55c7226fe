package rehab

import "fmt"

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

// ServiceMethods are the ways in which an order reaches the client.
func ServiceMethods() []ServiceMethod {
	return []ServiceMethod{ServedDirect, ServedEntrusted, ServedSubstituted, ServedByPost, ServedWithWitness, ServedElectronically, ServedByNotice}
}

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
	if err := notOneOf("service_method", b.Method, ServiceMethods()...); err != nil {
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

// RecordHandOver is the isolation centre's word, three days ahead, of the day on which it
// releases the client into rehabilitation (DRR art.34).
type RecordHandOver struct {
	ReleaseOn Date `json:"release_on"`
}

func (RecordHandOver) CommandType() string { return "record-hand-over" }

func (b RecordHandOver) check() *Error {
	if b.ReleaseOn == 0 {
		return missing("release_on")
	}
	return nil
}

// HandOverRecorded keeps the day of release from isolation.
type HandOverRecorded struct {
	On        Date `json:"on"`
	ReleaseOn Date `json:"release_on"`
}

func (HandOverRecorded) EventType() string { return "hand_over_recorded" }

func (d HandOverRecorded) apply(c *Case, _ *Event) { c.FromIsolation = d.ReleaseOn }

// decide watches the client from the day of release on: the risk of relapse and overdose
// is highest then.
func (b RecordHandOver) decide(d *decision, on Date) *Error {
	c := d.c
	switch {
	case c.Measure != Rehabilitation:
		return refuse("", "DRR art.34, 37", "only rehabilitation follows isolation: the order is one of treatment")
	case !c.reachable():
		return refuse("", "DRR art.34", "the measure is not under way: the case is %s", c.Phase)
	case c.FromIsolation == b.ReleaseOn:
		return refuse("release_on", "DRR art.34", "the release on %s is known already", b.ReleaseOn)
	case b.ReleaseOn < c.DecidedOn:
		return refuse("release_on", "DRR art.34, 37", "%s lies before the order was decided on %s", b.ReleaseOn, c.DecidedOn)
	case c.ReportedOn != 0 && b.ReleaseOn > c.ReportedOn:
		return refuse("release_on", "DRR art.34, 38", "%s lies after report-in on %s", b.ReleaseOn, c.ReportedOn)
	case b.ReleaseOn > on+handOverAhead:
		return refuse("release_on", "DRR art.34", "%s lies more than %d days ahead: the centre tells 3 days before", b.ReleaseOn, handOverAhead)
	}
	d.emit(HandOverRecorded{on, b.ReleaseOn})
	d.watchFrom(AfterIsolation, b.ReleaseOn)
	return nil
}

func (d HandOverRecorded) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.34", ZH: fmt.Sprintf("登记强制隔离戒毒所通知:%s出所", d.ReleaseOn), EN: fmt.Sprintf("recorded the coming release from isolation on %s", d.ReleaseOn)}
}

type openingWhy struct{}

// explain says what of the order and its service has to be seen.
func (openingWhy) explain(c *Case, _ Env, x *Explanation) {
	if late := int(c.ServedOn - c.DecidedOn); late > promptService && c.Method != ServedByNotice && c.ReportedOn == 0 {
		x.Warnings = append(x.Warnings, Line{Code: "served_late", On: c.ServedOn, Citation: "NCL art.33; APR art.36", Mark: Law,
			ZH: fmt.Sprintf("决定书作出后第%d日才送达(应在%d日内);期限自送达之日起算", late, promptService),
			EN: fmt.Sprintf("the order was served %d days after the decision (%d are allowed); the limits count from service", late, promptService)})
	}
	if c.Measure == Rehabilitation && c.CreditDays > 0 && c.IsOpen() {
		x.Warnings = append(x.Warnings, Line{Code: "credit_without_effect", Citation: "DRR art.31", Mark: Law,
			ZH: fmt.Sprintf("强制隔离戒毒%d日不折抵社区康复期限:仅折抵社区戒毒", c.CreditDays),
			EN: fmt.Sprintf("%d days of isolation are not credited: only treatment is credited, never rehabilitation", c.CreditDays)})
	}
	if c.FromIsolation != 0 && c.ReportedOn == 0 {
		x.Waiting = append(x.Waiting, Line{Code: "hand_over", On: c.FromIsolation, Citation: "DRR art.34", Mark: Law,
			ZH: fmt.Sprintf("%s自强制隔离戒毒所出所:由家属或者工作站接回", c.FromIsolation),
			EN: fmt.Sprintf("released from isolation on %s: family or station meet the client there", c.FromIsolation)})
	}
}
