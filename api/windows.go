package api

import (
	"context"

	"guitu/casework"
	"guitu/rehab"
)

// windowYears is how far ahead windows are foretold.
const windowYears = 3

// Windows are the windows of recurring duties that are not open yet, as the case stands now.
type Windows struct {
	CaseID  string               `json:"case_id"`
	From    rehab.Date           `json:"from" doc:"Today."`
	Until   rehab.Date           `json:"until" doc:"The last day on which a window of the list opens."`
	Windows []rehab.ComingWindow `json:"windows" nullable:"false" doc:"In the order in which they open. A suspended one moves by as long as the suspension lasts."`
}

type windowsInput struct {
	ID    string `path:"id" doc:"Case id."`
	Until string `query:"until" format:"date" doc:"The last day on which a window may open, at most three years ahead; one year by default."`
}

type windowsOutput struct{ Body Windows }

func (s *server) windows(ctx context.Context, a rehab.Actor, in *windowsInput) (*windowsOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if _, err := s.work.CaseInScope(ctx, a, in.ID); err != nil {
		return nil, err
	}
	today := rehab.DateOf(s.Now())
	until, err := windowsUntil(in.Until, today)
	if err != nil {
		return nil, err
	}
	c, err := s.Ledger.Load(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	env, err := s.envOf(c, s.Now())
	if err != nil {
		return nil, err
	}
	return &windowsOutput{Windows{CaseID: in.ID, From: today, Until: until, Windows: c.ComingWindows(env, until)}}, nil
}

func windowsUntil(text string, today rehab.Date) (rehab.Date, error) {
	if text == "" {
		return today.AddMonths(12), nil
	}
	until, err := rehab.ParseDate(text)
	switch last := today.AddMonths(12 * windowYears); {
	case err != nil:
		return 0, rehab.InvalidField("until", "is a day such as 2026-10-08")
	case until < today:
		return 0, rehab.InvalidField("until", "%s lies in the past", until)
	case until > last:
		return 0, rehab.InvalidField("until", "%s lies too far ahead: at most until %s", until, last)
	}
	return until, nil
}
