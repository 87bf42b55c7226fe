package rehab

// stationTopic is the station that executes the measure, as far as offices move it among
// themselves: a street was merged or its station closed. A client who moves is a transfer.
func stationTopic() topic {
	return topic{subject: "assignment", commands: []CommandSpec{
		command[MoveStation]("调整工作站", "Hand the case to the station that has taken over the street", by(authorities), afterRelease, example(`{"place":"110101002"}`)),
	}, events: []eventKind{eventOf[StationMoved]()}}
}

// MoveStation hands the case to the station that has taken over. Nothing else changes:
// worker, limits, windows and counters stay.
type MoveStation struct {
	Place string `json:"place"` // code of the street
}

// StationMoved says which station executes the measure from now on.
type StationMoved struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (MoveStation) CommandType() string { return "move-station" }
func (StationMoved) EventType() string  { return "station_moved" }

func (b MoveStation) check() *Error {
	if !PlaceCode(b.Place).IsStreet() {
		return InvalidField("place", "is the code of a street: nine digits")
	}
	return nil
}

func (d StationMoved) apply(c *Case, _ *Event) { c.Place = d.To }
func (StationMoved) tells() []Role             { return []Role{WorkerRole, StationHead} }

func (b MoveStation) decide(d *decision, _ Date) *Error {
	if d.c.Place == b.Place {
		return refuse("place", "", "the case is at this station already")
	}
	if d.c.Transfer.pending() {
		return refuse("place", "DRR art.22", "a transfer to %s is under way: settle it first", d.c.Transfer.To)
	}
	d.emit(StationMoved{d.c.Place, b.Place})
	return nil
}
