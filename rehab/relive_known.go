package rehab

// Occasion is a fact of the latest day that anything happened on. The same fact told again
// by somebody else is known: two people wrote down one thing.
type Occasion struct {
	What string `json:"what"`
	Of   string `json:"of,omitempty"`
	How  string `json:"how,omitempty"`
	By   string `json:"by"`
	Seq  int64  `json:"seq"`
}

// Another says of a fact that it was one more of its kind on its day, and not the one that
// is in the record already.
type Another struct {
	Another bool `json:"another,omitempty"`
}

func (a Another) isAnother() bool { return a.Another }

// tellable is a command that tells a fact; the event that comes of it notes the same.
type tellable interface {
	occasion() Occasion
	isAnother() bool
}

// note keeps the occasion of an event, as long as its day is the latest.
func (c *Case) note(o Occasion, e *Event) {
	switch day := DateOf(e.OccurredAt); {
	case day < c.OccasionDay:
		return
	case day > c.OccasionDay:
		c.OccasionDay, c.Occasions = day, c.Occasions[:0]
	}
	o.By, o.Seq = e.Actor.ID, e.Seq
	c.Occasions = append(c.Occasions, o)
	for i := len(c.Occasions) - 1; i > 0 && c.Occasions[i-1].Seq > o.Seq; i-- { // whatever the order in which they were told
		c.Occasions[i-1], c.Occasions[i] = c.Occasions[i], c.Occasions[i-1]
	}
}

// known answers a fact that is in the record already with the record that has it.
func (d *decision) known(body CommandBody, on Date) *Error {
	t, ok := body.(tellable)
	if !ok || t.isAnother() || on != d.c.OccasionDay || len(d.c.Occasions) == 0 {
		return nil
	}
	once := specOf(body).OnceADay // a client refuses a test once, and gives one sample
	told := t.occasion()
	for _, o := range d.c.Occasions {
		if o.What == told.What && o.Of == told.Of && o.How == told.How && (once || o.By != d.actor.ID) {
			return &Error{Code: Known, Record: o.Seq, Message: "this is in the record already; say another: true where it was one more"}
		}
	}
	return nil
}
