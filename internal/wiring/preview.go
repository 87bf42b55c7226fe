package wiring

import (
	"context"

	"guitu/rehab"
)

// PreviewPolicy looks at the open cases of a place, most of them at most (0: any number).
func (s *Service) PreviewPolicy(ctx context.Context, o rehab.PreviewOrder, most int) (rehab.PolicyPreview, error) {
	out := rehab.PolicyPreview{To: o.To, Place: o.Place, Streets: []rehab.PreviewTally{}, Rows: []rehab.PreviewRow{}}
	if s.Rules.Policy(o.To) == nil {
		return out, &rehab.Error{Code: rehab.NotFound, Field: "to", Message: "there is no policy " + o.To.String()}
	}
	n := 0
	err := s.eachIn(ctx, o.Place, (*rehab.Case).IsOpen, func(c *rehab.Case) error {
		if n++; most > 0 && n > most {
			return rehab.InvalidField("place", "there are more than %d open cases in it: ask for a district or a street", most)
		}
		out.Add(c, o, rehab.NewEnv(s.Rules, c, rehab.MigratePolicy{To: o.To}, s.Now()))
		return nil
	})
	return out, err
}
