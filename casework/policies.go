package casework

import "guitu/rehab"

// inUse refuses a version that is a draft: it can be previewed and simulated, and no case goes
// under it.
func (s *Service) inUse(field string, ref rehab.PolicyRef) error {
	if p := s.Policies.Policy(ref); p != nil && p.Draft {
		return &rehab.Error{Code: rehab.Refused, Field: field, Message: "the policy " + ref.String() + " is a draft: it can be tried, and no case goes under it"}
	}
	return nil
}
