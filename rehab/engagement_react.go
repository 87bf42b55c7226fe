package rehab

// reactToEvents answers the events of a command, those from the index since on, with what they
// mean to outreach and risk watch.
// A client who reports in, signs or is assessed has been met; one who is tested was seen.
func (d *decision) reactToEvents(since int) {
	for i, n := since, len(d.events); i < n; i++ {
		switch e := d.events[i].Data.(type) {
		case CaseOpened:
			if e.Measure == Rehabilitation {
				d.watchFrom(AfterIsolation, e.ServedOn)
			}
		case CaseSuspended:
			d.endOutreach(OutreachSuspended)
			d.endWatch()
		case CaseResumed:
			d.openWatch(AfterCustody)
		case ReportedIn:
			d.metAt(e.On)
			d.watchedContact(e.On)
		case AgreementSigned:
			d.metAt(e.On)
		case AssessmentRecorded:
			d.metAt(e.On)
		case TestRecorded:
			if e.Result != TestRefused && e.Result != TestEvaded {
				d.noteSignOfLife(e.On)
			}
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case TestResolved:
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case LaboratoryReported:
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case MaintenanceStopped:
			d.openWatch(AfterTherapy)
		case MissDismissed:
			d.reviewOutreach()
		case MissJustified:
			d.reviewOutreach()
		}
	}
}
