package rehab

import "fmt"

// What each body can be refused for without knowing the case. Order of the checks:
// the order of the fields.

// inForce is the first day of the Narcotics Control Law, 2008-06-01 (NCL art.71).
const inForce Date = 14031

func (b OpenCase) check() *Error {
	if err := notOneOf("measure", b.Measure, Treatment, Rehabilitation); err != nil {
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
	if err := notOneOf("risk", b.Risk, High, Medium, Low); err != nil {
		return err
	}
	if b.Sex != "" {
		if err := notOneOf("sex", b.Sex, Male, Female); err != nil {
			return err
		}
	}
	return b.Carried.check(b.ServedOn)
}

func (ReportIn) check() *Error          { return nil }
func (SignAgreement) check() *Error     { return nil }
func (RecordAssessment) check() *Error  { return nil }
func (SubmitReleaseFile) check() *Error { return nil }
func (Release) check() *Error           { return nil }

func (id ObligationID) check() *Error {
	if id.Kind == "" || id.N < 1 {
		return missing("obligation")
	}
	return nil
}

func (b ConfirmMiss) check() *Error {
	if err := b.Obligation.check(); err != nil {
		return err
	}
	if b.Evasion && b.Obligation.Kind != TestDuty {
		return &Error{Code: Invalid, Message: "only a missed test can be evasion", Field: "evasion", Citation: "DRR art.20"}
	}
	return nil
}

func (b DismissMiss) check() *Error { return b.Obligation.check() }

func (b JustifyMiss) check() *Error {
	if err := b.Obligation.check(); err != nil {
		return err
	}
	return notOneOf("reason", b.Reason, InCustody, Illness, Bereaved, Disaster, WorkReason, OtherCause)
}

func (b AcknowledgeEscalation) check() *Error {
	switch {
	case b.Escalation < 1:
		return missing("escalation")
	case b.Promise.IsZero():
		return missing("promise")
	}
	return nil
}

func (b ChangeRisk) check() *Error { return notOneOf("risk", b.Risk, High, Medium, Low) }

func (b AssignWorker) check() *Error {
	if b.Worker == "" || len(b.Worker) > 64 {
		return InvalidField("worker", "a worker id has 1 to 64 characters")
	}
	return nil
}
