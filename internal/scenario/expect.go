package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guitu/documents"
	"guitu/rehab"
)

// none is what is not there.
const none = "none"

// look holds the case against what was expected.
func (p *player) look(ctx context.Context, m *moment) error {
	c, err := p.c.State(ctx)
	if err != nil {
		return err
	}
	ledger, err := p.c.Ledger(ctx)
	if err != nil {
		return err
	}
	var l looker
	l.words(m.expect, c)
	l.obligations(m.expect, c)
	l.escalations(m.expect, c)
	l.happened(m.expect, ledger)
	l.documents(m.expect, documents.List(c.ID, ledger, nil))
	l.part("counters", &m.expect.Counters, c.Counters)
	l.part("case", &m.expect.Case, c)
	return errors.Join(l.errs...)
}

// looker collects what was not as expected.
type looker struct{ errs []error }

func (l *looker) same(what, want, got string) {
	if want != got {
		l.errs = append(l.errs, fmt.Errorf("%s: %s was expected, it is %s", what, want, got))
	}
}

func (l *looker) words(e *Expect, c *rehab.Case) {
	s := c.Summary()
	next := none
	if !s.WakeAt.IsZero() {
		next = s.WakeAt.In(rehab.Shanghai).Format(minutes)
	}
	for _, w := range []struct{ what, want, got string }{
		{"phase", e.Phase, string(c.Phase)}, {"engagement", e.Engagement, orNone(string(c.Engagement()))}, {"worker", e.Worker, orNone(c.Worker)},
		{"place", e.Place, c.Place}, {"risk", e.Risk, string(c.Risk)}, {"policy", e.Policy, c.Policy.ID + "@" + c.Policy.Version},
		{"term_end", e.TermEnd, orNone(dayText(c.TermEnd))}, {"next", e.Next, next},
	} {
		if w.want != "" {
			l.same(w.what, w.want, w.got)
		}
	}
	if e.Violations != nil {
		l.same("violations", list(e.Violations), list(c.Counters.Violations))
	}
	if e.Crises != nil {
		kinds := make([]string, len(c.Crises))
		for i := range c.Crises {
			kinds[i] = string(c.Crises[i].Kind)
		}
		l.same("crises", list(e.Crises), list(kinds))
	}
}

func (l *looker) obligations(e *Expect, c *rehab.Case) {
	have := make(map[string]string, len(c.Obligations))
	for i := range c.Obligations {
		o := &c.Obligations[i]
		have[o.ID.String()] = fmt.Sprintf("%s due %s", o.Status, o.Due)
	}
	for _, id := range sorted(e.Obligations) {
		l.same(id, e.Obligations[id], orNone(have[id]))
	}
	for _, id := range e.Gone {
		l.same(id, none, orNone(have[id]))
	}
}

func (l *looker) escalations(e *Expect, c *rehab.Case) {
	if e.Escalations == nil {
		return
	}
	have := make(map[string]string, len(c.Escalations))
	for i := range c.Escalations {
		x := &c.Escalations[i]
		text := string(x.Role)
		if x.Acknowledged() {
			text += " acknowledged"
		}
		have[string(x.Obligation.Kind)] = text
	}
	l.same("escalations", pairs(e.Escalations), pairs(have))
}

func (l *looker) happened(e *Expect, ledger []rehab.Event) {
	n := make(map[string]int)
	for i := range ledger {
		n[ledger[i].Data.EventType()]++
	}
	for _, typ := range sorted(e.Happened) {
		if _, err := rehab.DecodeEventData(typ, []byte("{}")); err != nil {
			l.errs = append(l.errs, fmt.Errorf("happened: %w", err))
			continue
		}
		l.same(typ, fmt.Sprint(e.Happened[typ]), fmt.Sprint(n[typ]))
	}
}

// documents counts the papers of the case file by kind, drafts apart.
func (l *looker) documents(e *Expect, papers []documents.Entry) {
	n := make(map[string]int)
	for i := range papers {
		kind := string(papers[i].Kind)
		if papers[i].Draft {
			kind += " draft"
		}
		n[kind]++
	}
	for _, kind := range sorted(e.Documents) {
		l.same(kind, fmt.Sprint(e.Documents[kind]), fmt.Sprint(n[kind]))
	}
}

// part holds a part of the JSON of v against the node.
func (l *looker) part(what string, want *yaml.Node, v any) {
	if want.Kind == 0 {
		return
	}
	parsed, err := plain(want)
	if err != nil {
		l.errs = append(l.errs, err)
		return
	}
	raw, err := json.Marshal(v)
	if err != nil {
		l.errs = append(l.errs, err)
		return
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var have any
	if err := dec.Decode(&have); err != nil {
		l.errs = append(l.errs, err)
		return
	}
	l.within(what, parsed, have)
}

// within requires all that want names, and of a list that it is as long.
func (l *looker) within(what string, want, have any) {
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			l.same(what, text(want), text(have))
			return
		}
		for _, k := range sorted(w) {
			l.within(what+"."+k, w[k], h[k])
		}
	case []any:
		h, ok := have.([]any)
		if !ok && have != nil || len(h) != len(w) {
			l.same(what, text(want), text(have))
			return
		}
		for i := range w {
			l.within(fmt.Sprintf("%s[%d]", what, i), w[i], h[i])
		}
	default:
		l.same(what, text(want), text(have))
	}
}

// text of a value of JSON. An instant is shown as the life writes it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return none
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return t.In(rehab.Shanghai).Format(minutes)
		}
		return v
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}

func dayText(d rehab.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return orNone(strings.Join(words, ", "))
}

func pairs(m map[string]string) string {
	var out []string
	for _, k := range sorted(m) {
		out = append(out, k+": "+m[k])
	}
	return list(out)
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
