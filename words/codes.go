package words

import (
	"sync"

	"guitu/rehab"
)

var (
	patterns = sync.OnceValue(sorted)
	lists    = sync.OnceValue(codes)
)

// codes are what the enums of the core call their codes, and those that are no enum of
// it. The list "" holds all; where two call one code by two names, the first has it.
func codes() map[string]map[string]string {
	out := map[string]map[string]string{"": {}}
	add := func(list, code, zh string) {
		if out[list] == nil {
			out[list] = make(map[string]string)
		}
		out[list][code] = zh
		if _, taken := out[""][code]; !taken {
			out[""][code] = zh
		}
	}
	for _, name := range []string{"", "place", "supervision", "fleet", "level", "unit_of_time"} {
		for code, zh := range others[name] {
			add(name, code, zh)
		}
	}
	for _, e := range rehab.Enums() {
		for _, w := range e.Words {
			add(e.Name, w.Code, w.ZH)
		}
	}
	out["field"], out["recurring"] = fields, make(map[string]string)
	for _, d := range rehab.Duties() {
		if d.Recurring {
			out["recurring"][string(d.Kind)] = d.ZH
		}
	}
	for _, c := range rehab.Commands() {
		add("command", c.Type, "“"+c.ZH+"”（"+c.Type+"）")
	}
	return out
}

func wordOf(list, code string) (string, bool) {
	zh, ok := lists()[list][code]
	return zh, ok
}
