package rehab

// What each body can be refused for without knowing the case. Order of the checks:
// the order of the fields.

// inForce is the first day of the Narcotics Control Law, 2008-06-01 (NCL art.71).
const inForce Date = 14031

func (b OpenCase) check() *Error {
	if err := notOneOf("measure", b.Measure, Treatment, Rehabilitation); err != nil {
		return err
	}
	if b.TermMonths < 1 || b.TermMonths > 36 {
		return &Error{Invalid, "a term has 1 to 36 months", "term_months", "DRR art.14, 37"}
	}
	if b.Measure == Treatment && b.TermMonths != 36 {
		return &Error{Invalid, "community drug treatment has a term of 36 months, neither shorter nor longer", "term_months", "DRR art.14"}
	}
	switch {
	case b.DecidedOn.IsZero():
		return missing("decided_on")
	case b.DecidedOn < inForce:
		return &Error{Invalid, "the order was decided before the law was in force on " + inForce.String(), "decided_on", "NCL art.71"}
	case b.ServedOn.IsZero():
		return missing("served_on")
	case b.ServedOn < b.DecidedOn:
		return &Error{Invalid, "the order was served on " + b.ServedOn.String() + ", before it was decided on " + b.DecidedOn.String(), "served_on", "DRR art.13"}
	}
	if err := notOneOf("service_method", b.Method, ServedDirect, ServedEntrusted, ServedSubstituted, ServedByPost); err != nil {
		return err
	}
	switch {
	case !b.PrintedEnd.IsZero() && b.PrintedEnd <= b.ServedOn:
		return InvalidField("printed_end", "lies before service of the order")
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
		return &Error{Invalid, "only a missed test can be evasion", "evasion", "DRR art.20"}
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

func (b RecordLeaving) check() *Error {
	switch {
	case b.From.IsZero():
		return missing("from")
	case b.To.IsZero():
		return missing("to")
	case b.To < b.From:
		return InvalidField("to", "lies before from")
	}
	return nil
}
