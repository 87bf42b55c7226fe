package rehab

import "slices"

// SealingProposed is the first person's word that the record be sealed. It stands until
// another person's, or until a hold is placed.
type SealingProposed struct {
	On Date   `json:"on"`
	By string `json:"by"`
}

// EventType is the name of the event.
func (SealingProposed) EventType() string { return "sealing_proposed" }

func (SealingProposed) tells() []Role { return []Role{DistrictOffice} }

func (d SealingProposed) apply(c *Case, _ *Event) { c.SealingBy = d.By }

func (d SealingProposed) decided(*Case) Line {
	return Line{On: d.On, ZH: "提请封存", EN: "proposed to seal the record"}
}

// decide seals only what has been kept long enough and what nobody holds, and takes two people.
func (Seal) decide(d *decision, on Date) *Error {
	if err := d.sealable(on); err != nil {
		return err
	}
	switch d.c.SealingBy {
	case "":
		d.emit(SealingProposed{on, d.actor.ID})
		return nil
	case d.actor.ID:
		return refuse("", "PIPL art.47", "%s proposed to seal the record: another person confirms it", d.actor.ID)
	}
	if duty := d.first(SealingDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.emit(CaseSealed{on})
	return nil
}

// sealable refuses what must stay readable. A case that ended without after-care, or was void,
// has no day on which its sealing falls due: it is kept as long from the day it ended.
func (d *decision) sealable(on Date) *Error {
	keep, over := d.c.KeepUntil, d.c.endedOn()
	if over != 0 {
		keep = d.env.Policy.KeepRecord.After(over, d.env.Calendar)
	}
	switch {
	case d.c.Phase != AwaitingSealing && over == 0:
		return refuse("", "DRR art.7", "dynamic control has not ended: the case is %s", d.c.Phase)
	case len(d.c.Holds) > 0:
		return refuse("", "PIPL art.47", "%d hold(s) keep the record from being sealed", len(d.c.Holds))
	case slices.ContainsFunc(d.c.Obligations, func(o Obligation) bool { return o.ID.Kind.outlivesEnd() }):
		return refuse("", "PIPL art.46", "the record is not right yet: a correction or an amendment waits for somebody")
	case over == 0 && d.first(SealingDuty) == nil || on <= keep:
		return refuse("occurred_at", d.env.Policy.KeepRecord.Cite, "the record is kept until the end of %s", keep)
	}
	return nil
}

// endedOn is the day on which a case ended that has no after-care, or was void; 0 in any other.
func (c *Case) endedOn() Date {
	switch {
	case c.Phase == Terminated:
		return c.TerminatedOn
	case c.Phase == TransferredAway:
		return c.TransferredOn
	case c.Phase == Void && c.SealedOn == 0:
		return c.VoidedOn
	case c.isOver():
		return c.ReleasedOn
	}
	return 0
}

// sealsWhatEnded reports whether the command is to seal a case that has ended.
func (c *Case) sealsWhatEnded(body CommandBody) bool {
	_, seal := body.(Seal)
	return seal && c.endedOn() != 0
}
