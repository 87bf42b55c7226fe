package casework

import (
	"cmp"
	"context"
	"strconv"

	"guitu/forms"
	"guitu/rehab"
)

// formHead is what the engine knows when a form is filled in, with words in the language.
func (s *Service) formHead(ctx context.Context, a rehab.Actor, row rehab.Summary, lang string) (map[string]string, error) {
	now := rehab.DateOf(s.Now())
	names := s.namesOn(ctx, now)
	c, err := s.Ledger.Load(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	head := map[string]string{
		"measure": word(lang, row.Measure), "phase": word(lang, row.Phase), "risk": word(lang, row.Risk), "place": names.place(row.Place),
		"worker": cmp.Or(names.person(row.Worker), row.Worker), "served_on": dayText(row.ServedOn), "reported_on": dayText(row.ReportedOn), "term_end": dayText(row.TermEnd),
		"tests_missed": strconv.Itoa(c.Counters.TestBreaches), "leavings": strconv.Itoa(c.Counters.Leavings),
		"filled_on": now.String(), "filled_by": cmp.Or(names.person(a.ID), a.ID),
	}
	for _, series := range c.Series {
		if series.Kind == rehab.TestDuty {
			head["last_test"] = dayText(series.Last)
		}
	}
	id, err := s.Identities.Identity(ctx, row.CaseID)
	switch {
	case err == nil:
		head["name"] = id.Name
	case rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	}
	return head, names.err
}

func dayText(d rehab.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// word is what a code of the core is called.
func word[T ~string](lang string, code T) string {
	e, _ := rehab.EnumOf[T]()
	for _, w := range e.Words {
		if w.Code == string(code) {
			return forms.Words{ZH: w.ZH, EN: w.EN}.In(lang)
		}
	}
	return string(code)
}
