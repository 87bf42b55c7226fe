package api

import (
	"errors"

	"guitu/rehab"
)

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
	return said.Say("%s - do not wait for this system: %s / %s", e.Message, lines[0].EN, lines[0].ZH)
}
