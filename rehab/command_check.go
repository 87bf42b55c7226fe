package rehab

// What each body can be refused for without knowing the case. Order of the checks:
// the order of the fields.

// inForce is the first day of the Narcotics Control Law, 2008-06-01 (NCL art.71).
const inForce Date = 14031

func (c OpenCase) check() *Error {
	if err := notOneOf("measure", c.Measure, Treatment, Rehabilitation); err != nil {
		return err
	}
	if c.TermMonths < 1 || c.TermMonths > 36 {
		return &Error{Invalid, "a term has 1 to 36 months", "term_months", "DRR art.14, 37"}
	}
	if c.Measure == Treatment && c.TermMonths != 36 {
		return &Error{Invalid, "community drug treatment has a term of 36 months, neither shorter nor longer", "term_months", "DRR art.14"}
	}
	switch {
	case c.DecidedOn.IsZero():
		return missing("decided_on")
	case c.DecidedOn < inForce:
		return &Error{Invalid, "the order was decided before the law was in force on " + inForce.String(), "decided_on", "NCL art.71"}
	case c.ServedOn.IsZero():
		return missing("served_on")
	case c.ServedOn < c.DecidedOn:
		return &Error{Invalid, "the order was served on " + c.ServedOn.String() + ", before it was decided on " + c.DecidedOn.String(), "served_on", "DRR art.13"}
	}
	if err := notOneOf("service_method", c.Method, ServedDirect, ServedEntrusted, ServedSubstituted, ServedByPost); err != nil {
		return err
	}
	switch {
	case !c.PrintedEnd.IsZero() && c.PrintedEnd <= c.ServedOn:
		return InvalidField("printed_end", "lies before service of the order")
	case c.CreditDays < 0 || c.CreditDays > 3*366:
		return InvalidField("credit_days", "is between 0 and 1098")
	case c.Place == "":
		return missing("place")
	case c.Policy.ID == "" || c.Policy.Version == "":
		return missing("policy")
	}
	if err := notOneOf("risk", c.Risk, High, Medium, Low); err != nil {
		return err
	}
	if c.Sex != "" {
		if err := notOneOf("sex", c.Sex, Male, Female); err != nil {
			return err
		}
	}
	return c.Carried.check(c.ServedOn)
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

func (c ConfirmMiss) check() *Error {
	if err := c.Obligation.check(); err != nil {
		return err
	}
	if c.Evasion && c.Obligation.Kind != TestDuty {
		return &Error{Invalid, "only a missed test can be evasion", "evasion", "DRR art.20"}
	}
	return nil
}

func (c DismissMiss) check() *Error { return c.Obligation.check() }

func (c JustifyMiss) check() *Error {
	if err := c.Obligation.check(); err != nil {
		return err
	}
	return notOneOf("reason", c.Reason, InCustody, Illness, Bereaved, Disaster, WorkReason, OtherCause)
}

func (c AcknowledgeEscalation) check() *Error {
	switch {
	case c.Escalation < 1:
		return missing("escalation")
	case c.Promise.IsZero():
		return missing("promise")
	}
	return nil
}

func (c ChangeRisk) check() *Error { return notOneOf("risk", c.Risk, High, Medium, Low) }

func (c AssignWorker) check() *Error {
	if c.Worker == "" || len(c.Worker) > 64 {
		return InvalidField("worker", "a worker id has 1 to 64 characters")
	}
	return nil
}

func (c RecordLeaving) check() *Error {
	switch {
	case c.From.IsZero():
		return missing("from")
	case c.To.IsZero():
		return missing("to")
	case c.To < c.From:
		return InvalidField("to", "lies before from")
	}
	return nil
}
