package rehab

import "time"

// knew is when the office knew of what makes the duty due, which has its whole limit from
// then on. Where a revision brings a duty that no life before had, that is now, however old
// the facts are; one that a life before had keeps its days, and so does one that stands and
// has another cause now.
func (d *decision) knew(k Kind, g Ground) time.Time {
	r := d.again
	if r == nil {
		return d.env.Now
	}
	var stands *Obligation
	for i := range r.old {
		var ended ObligationID
		switch e := r.old[i].Data.(type) {
		case ObligationOpened:
			o := &e.Obligation
			switch {
			case o.ID.Kind != k || o.Ground != g:
			case r.old[i].Command == d.command && (d.command != "" || r.old[i].OccurredAt.Equal(d.occurred)):
				return d.since(o)
			case i < r.holds:
				stands = o
			}
		case ObligationMet:
			ended = e.ID
		case ObligationSuperseded:
			ended = e.ID
		}
		if stands != nil && i < r.holds && ended == stands.ID {
			stands = nil
		}
	}
	at := r.now
	if stands != nil {
		at = d.since(stands)
	}
	if at.Before(d.env.Now) {
		return d.env.Now
	}
	return at
}

// since is the instant, or the day, from which the limit of the duty runs.
func (d *decision) since(o *Obligation) time.Time {
	switch {
	case !o.DueAt.IsZero():
		return o.DueAt.Add(-time.Duration(d.env.Policy.PoliceReport.N) * time.Hour)
	case o.From != 0:
		return o.From.Start()
	}
	return o.Opens.Start()
}
