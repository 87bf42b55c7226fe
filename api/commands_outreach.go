package api

import (
	"errors"

	"guitu/rehab"
)

// The bodies of outreach, lost contact and crisis.
type (
	recordSupervision struct {
		rehab.RecordSupervision
		Facts
	}
	confirmLostContact struct {
		rehab.ConfirmLostContact
		Facts
	}
	dismissLostContact struct {
		rehab.DismissLostContact
		Reasoned
	}
	raiseCrisis struct {
		rehab.RaiseCrisis
		Facts
	}
	closeCrisis struct {
		rehab.CloseCrisis
		Reasoned
	}
)

func (b recordSupervision) command() rehab.CommandBody  { return b.RecordSupervision }
func (b confirmLostContact) command() rehab.CommandBody { return b.ConfirmLostContact }
func (b dismissLostContact) command() rehab.CommandBody { return b.DismissLostContact }
func (b raiseCrisis) command() rehab.CommandBody        { return b.RaiseCrisis }
func (b closeCrisis) command() rehab.CommandBody        { return b.CloseCrisis }

func (s *server) outreachRoutes() {
	command[recordSupervision](s, "record-supervision", "Say that a stalled engagement was supervised, and at which step the outreach goes on")
	command[confirmLostContact](s, "confirm-lost-contact", "Confirm that contact with the client is lost")
	command[dismissLostContact](s, "dismiss-lost-contact", "Say that contact is not lost, and why")
	command[raiseCrisis](s, "raise-crisis", "Say that there are signs of a crisis: the answer names the calls to make now")
	command[closeCrisis](s, "close-crisis", "Say that a crisis is over, and what was done")
}

// Care is how the client stands to those who help.
type Care struct {
	Outreach *rehab.Outreach  `json:"outreach,omitempty" doc:"While the client is being won back."`
	Watch    *rehab.RiskWatch `json:"risk_watch,omitempty" doc:"While the risk of relapse and overdose is higher."`
	Crises   []rehab.Crisis   `json:"crises" nullable:"false" doc:"Open ones; close-crisis takes their ids."`
	Mood     rehab.Mood       `json:"mood,omitempty" doc:"As last observed."`
	MoodOn   rehab.Date       `json:"mood_on,omitzero"`
}

func careOf(c *rehab.Case) Care {
	care := Care{Crises: append([]rehab.Crisis{}, c.Crises...), Mood: c.Mood, MoodOn: c.MoodOn}
	if c.Outreach.Active() {
		o := c.Outreach
		care.Outreach = &o
	}
	if c.Watch.Until != 0 {
		w := c.Watch
		care.Watch = &w
	}
	return care
}

// instructions are what whoever gives the command has to do at once, whatever the engine
// does with it.
func instructions(body rehab.CommandBody) []rehab.Line {
	if b, ok := body.(rehab.RaiseCrisis); ok {
		return b.Instructions()
	}
	return nil
}

// urgently says in the refusal of a crisis what has to be done all the same.
func urgently(body rehab.CommandBody, err error) error {
	lines := instructions(body)
	var e *rehab.Error
	if err == nil || len(lines) == 0 || !errors.As(err, &e) {
		return err
	}
	said := *e
	said.Message += " - do not wait for this system: " + lines[0].EN + " / " + lines[0].ZH
	return &said
}
