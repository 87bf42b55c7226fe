package rehab

import (
	"cmp"
	"slices"
)

// CircumstanceFact is a fact about the client that the police have to know before they
// decide, from the day From to the day Until (zero: no end is known).
type CircumstanceFact struct {
	Kind  Circumstance `json:"kind"`
	From  Date         `json:"from"`
	Until Date         `json:"until,omitzero"`
}

func (f *CircumstanceFact) holds(on Date) bool {
	return f.From <= on && (f.Until == 0 || on <= f.Until)
}

func (k Circumstance) meaning() (zh, en string) {
	switch k {
	case Pregnant:
		return "怀孕：不适用强制隔离戒毒", "pregnant: compulsory isolation does not apply"
	case Nursing:
		return "正在哺乳自己不满一周岁婴儿：不适用强制隔离戒毒", "nursing a baby under 1: compulsory isolation does not apply"
	}
	return "不满十六周岁：可以不适用强制隔离戒毒", "under 16: compulsory isolation may be withheld"
}

// RecordCircumstance keeps the fact; it replaces what was known of the same days and kind.
type RecordCircumstance struct {
	Circumstance Circumstance `json:"circumstance"`
	From         Date         `json:"from"`
	Until        Date         `json:"until,omitzero"`
}

func (RecordCircumstance) CommandType() string { return "record-circumstance" }

func (b RecordCircumstance) check() *Error {
	if err := circumstances.check("circumstance", b.Circumstance); err != nil {
		return err
	}
	switch {
	case b.From == 0:
		return missing("from")
	case b.Until == 0 && b.Circumstance != Pregnant:
		return missing("until") // a birthday ends it
	case b.Until != 0 && b.Until < b.From:
		return InvalidField("until", "lies before from")
	case b.Until > b.Circumstance.lastFrom(b.From):
		return &Error{Code: Invalid, Message: "no such fact lasts beyond " + b.Circumstance.lastFrom(b.From).String(), Field: "until", Citation: "NCL art.39"}
	}
	return nil
}

// lastFrom is the last day that a fact can hold which held on the day: a baby is under 1
// for a year, a pregnancy lasts ten months at most, and nobody is under 16 for longer than
// 16 years.
func (k Circumstance) lastFrom(from Date) Date {
	switch k {
	case Pregnant:
		return from.AddMonths(10)
	case Nursing:
		return from.AddMonths(12)
	}
	return from.AddMonths(16*12) - 1
}

// CircumstanceRecorded is the fact in the ledger.
type CircumstanceRecorded struct {
	Circumstance Circumstance `json:"circumstance"`
	From         Date         `json:"from"`
	Until        Date         `json:"until,omitzero"`
}

func (CircumstanceRecorded) EventType() string { return "circumstance_recorded" }

func (d CircumstanceRecorded) apply(c *Case, _ *Event) {
	c.Circumstances = slices.DeleteFunc(c.Circumstances, func(f CircumstanceFact) bool {
		return f.Kind == d.Circumstance && (d.Until == 0 || f.From <= d.Until) && (f.Until == 0 || d.From <= f.Until)
	})
	c.Circumstances = append(c.Circumstances, CircumstanceFact{d.Circumstance, d.From, d.Until})
	slices.SortStableFunc(c.Circumstances, func(a, b CircumstanceFact) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), int(a.From-b.From)) })
}

func (b RecordCircumstance) decide(d *decision, _ Date) *Error {
	if b.Circumstance != Under16 && d.c.Sex == Male {
		return refuse("circumstance", "NCL art.39", "the client is a man")
	}
	if err := d.dayNotFuture("from", b.From); err != nil {
		return err
	}
	if b.Until == 0 {
		b.Until = b.Circumstance.lastFrom(b.From) // a pregnancy whose end is not known ends all the same
	}
	if b.Until < d.c.DecidedOn.AddMonths(-24) {
		return refuse("until", "NCL art.39", "%s lies long before the order of %s: it bears on nothing that the police decide", b.Until, d.c.DecidedOn)
	}
	d.emit(CircumstanceRecorded(b))
	return nil
}
