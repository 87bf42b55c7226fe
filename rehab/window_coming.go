package rehab

import (
	"cmp"
	"slices"
	"time"
)

// ComingWindow is a window of a series that is not open yet, as the case stands. Opens and Due are
// days in Shanghai, both included; at Expires, the end of Due, it would become a provisional miss.
// While the case is suspended the clock stands still: its days will move by as long as that lasts.
type ComingWindow struct {
	ID        ObligationID `json:"id"`
	Kind      Kind         `json:"kind"`
	N         int          `json:"n"`
	Opens     Date         `json:"opens"`
	Due       Date         `json:"due"`
	Expires   time.Time    `json:"expires"`
	Suspended bool         `json:"suspended,omitempty"`
	Citation  string       `json:"cite"`
	Mark      Mark         `json:"mark"`
}

// ComingWindows are the windows to come of the recurring duties that open up to the day, in the order
// in which they open: what Advance will open if nothing changes until then. env holds the policy the
// case was signed under. Each window has a day at least, so that the days bound their number.
func (c *Case) ComingWindows(env Env, until Date) []ComingWindow {
	out := []ComingWindow{}
	if !c.IsLive() {
		return out
	}
	d := decision{c: c, env: env}
	for _, s := range c.Series {
		if s.Next == 0 {
			continue // nothing is left of it
		}
		for k := 1; ; k++ {
			w, ok := d.window(s, s.K+k)
			if !ok || w.opens > until {
				break
			}
			out = append(out, ComingWindow{
				ID: ObligationID{s.Kind, s.N + k}, Kind: s.Kind, N: s.N + k, Opens: w.opens, Due: w.due, Expires: w.due.End(),
				Suspended: c.Phase == Suspended, Citation: w.cite, Mark: env.Policy.markOf(s.Kind),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b ComingWindow) int { return cmp.Compare(a.Opens, b.Opens) })
	return out
}
