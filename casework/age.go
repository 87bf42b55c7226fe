package casework

import (
	"context"
	"time"

	"guitu/rehab"
)

// adultForIsolation is the age up to which compulsory isolation may be withheld (NCL art.39).
const adultForIsolation = 16

// checkAge holds "under 16" against the date of birth in the client's identity number,
// which the core does not know. It names no date: the answer is kept in logs of callers.
func (s *Service) checkAge(ctx context.Context, id string, body rehab.CommandBody) error {
	b, ok := body.(rehab.RecordCircumstance)
	if !ok || b.Circumstance != rehab.Under16 {
		return nil
	}
	who, err := s.Identities.Identity(ctx, id)
	if rehab.CodeOf(err) == rehab.NotFound {
		return nil // the core says that there is no such case
	}
	if err != nil {
		return err
	}
	birthday, ok := bornOn(who.IDNumber)
	if !ok {
		return nil
	}
	if last := birthday.AddMonths(12*adultForIsolation) - 1; b.Until > last {
		return &rehab.Error{Code: rehab.Invalid, Field: "until", Citation: "NCL art.39", Message: "the client is 16 before that day, by the identity number"}
	}
	return nil
}

// bornOn is the date of birth in a citizen identity number (GB 11643).
func bornOn(idNumber string) (rehab.Date, bool) {
	if len(idNumber) != 18 {
		return 0, false
	}
	born, err := time.Parse("20060102", idNumber[6:14])
	return rehab.NewDate(born.Date()), err == nil
}
