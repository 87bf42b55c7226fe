package rehab

import "fmt"

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
	return Line{On: d.On, Citation: "DRR art.34", ZH: fmt.Sprintf("登记强制隔离戒毒所通知：%s出所", d.ReleaseOn), EN: fmt.Sprintf("recorded the coming release from isolation on %s", d.ReleaseOn)}
}
