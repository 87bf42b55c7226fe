package rehab

import "time"

// Again lives the case once more with nothing new, and says where that leads and what it
// would add to the ledger and take back.
func (h *History) Again(rules Rules, now time.Time) (c *Case, added []Event, lost int, err error) {
	put := h.amendments()
	facts, err := h.facts(put)
	if err != nil {
		return nil, nil, 0, err
	}
	first := int64(len(h.Events)) + 1
	r := newRelive(h, rules, now, first)
	r.amended = put
	_, err = r.run(facts, now)
	return r.c, r.fresh(first), len(r.lost()), err
}
