package rehab

// window is a stretch of days in which a recurring duty is to be done once.
type window struct {
	start, opens, due Date
	cite              string
}

// window k of the schedule, always counted from the anchor (docs/law.md: no drift).
func (s Schedule) window(anchor Date, k int) (window, bool) {
	months := 0
	for _, seg := range s.Segments {
		split := max(seg.Split, 1)
		if k <= seg.Periods*split {
			period, part := (k-1)/split, (k-1)%split
			from := anchor.AddMonths(months + period*seg.Months)
			length := int(anchor.AddMonths(months+(period+1)*seg.Months) - from)
			w := window{start: from.AddDays(length * part / split), cite: s.Cite}
			w.opens, w.due = w.start, from.AddDays(length*(part+1)/split)-1
			return w, true
		}
		k -= seg.Periods * split
		months += seg.Periods * seg.Months
	}
	return window{}, false
}

// window k of the cadence, always counted from the anchor.
func (c Cadence) window(anchor Date, k int) (window, bool) {
	w := window{cite: c.Every.Cite}
	if c.Every.Unit == Months {
		w.start, w.due = anchor.AddMonths((k-1)*c.Every.N), anchor.AddMonths(k*c.Every.N)-1
	} else {
		w.start, w.due = anchor.AddDays((k-1)*c.Every.N), anchor.AddDays(k*c.Every.N)-1
	}
	w.opens = w.start
	if c.Lead > 0 {
		w.opens = max(w.start, w.due.AddDays(-c.Lead))
	}
	return w, c.Every.N > 0
}

// openWindow opens the next window of a series.
func (d *decision) openWindow(s Series) {
	w, _ := d.window(s, s.K+1)
	o := Obligation{
		ID: ObligationID{s.Kind, s.N + 1}, Opens: w.opens, Due: w.due, Status: Open, Citation: w.cite,
	}
	next, ok := d.window(s, s.K+2)
	if !ok {
		next.opens = 0
	}
	d.emit(ObligationOpened{o, s.K + 1, next.opens})
}

// window k of the series, counted from 1. False where the term leaves no room for it: a
// window that the end of the term cuts to less than half of its length is not opened.
func (d *decision) window(s Series, k int) (window, bool) {
	p := d.env.Policy
	var w window
	var ok bool
	switch s.Kind {
	case TestDuty:
		sched := p.tests(d.c.Measure, d.c.TermMonths)
		w, ok = sched.window(s.Anchor, k)
	case ContactDuty:
		w, ok = p.Contact[d.c.Risk].window(s.Anchor, k)
	case HomeVisitDuty:
		w, ok = p.HomeVisit.window(s.Anchor, k)
	case SurpriseTestDuty:
		w, ok = p.SurpriseTests.window(s.Anchor, k)
	case AssessmentDuty:
		w, ok = p.Assessment.window(s.Anchor, k)
	case FollowUpDuty:
		w, ok = p.FollowUp.window(s.Anchor, k)
		return w, ok && w.due <= d.c.AfterCareEnd
	case ReleaseFileDuty:
		due := p.ReleaseFile.Before(s.Anchor, d.env.Calendar)
		w = window{s.Next, min(p.ReleaseReminder.Before(s.Anchor, d.env.Calendar), due), due, p.ReleaseFile.Cite}
		return w, k == 1
	}
	w.start, w.opens, w.due = w.start.AddDays(s.Shift), w.opens.AddDays(s.Shift), w.due.AddDays(s.Shift)
	if !ok || w.start > d.c.TermEnd {
		return w, false
	}
	if cut := min(w.due, d.c.TermEnd); cut < w.due {
		ok = 2*(cut-w.start+1) >= w.due-w.start+1
		w.due, w.opens = cut, min(w.opens, cut)
	}
	return w, ok
}
