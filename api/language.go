package api

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/inbox"
	"guitu/rehab"
	"guitu/words"
)

// language is the one that the request is answered in.
func language(ctx context.Context) words.Lang {
	l, _ := ctx.Value(languageKey).(words.Lang)
	return cmp.Or(l, words.EN)
}

// in is the Problem in the language: its title, its details and its citations. Codes,
// fields and ids stay as they are.
func (p *Problem) in(l words.Lang) *Problem {
	out := *p
	out.header = maps.Clone(p.header)
	if out.header == nil {
		out.header = make(http.Header)
	}
	out.header["Content-Language"], out.header["Vary"] = []string{string(l)}, []string{"Accept-Language"}
	if l == words.EN {
		return &out
	}
	if title, ok := l.Title(p.Code); ok {
		out.Title = title
	}
	switch {
	case p.said != nil && p.said.Code == rehab.Invalid:
		out.Detail = l.Subject(p.said.Field, l.Error(p.said))
	case p.said != nil:
		out.Detail = l.Error(p.said)
	case len(p.items) > 0:
		out.Detail = l.Subject(p.items[0].Field, l.Text(p.items[0].Detail))
	default:
		out.Detail = l.Text(p.Detail)
	}
	out.Citation = l.Cite(p.Citation)
	out.Errors = slices.Clone(p.Errors)
	for i := range out.Errors {
		e := &out.Errors[i]
		e.Detail, e.Citation = l.Text(e.Detail), l.Cite(e.Citation)
	}
	return &out
}

// translated is an answer that holds sentences: it comes back in the language.
type translated interface{ in(l words.Lang) any }

// inTheLanguage puts an answer that holds sentences into the language of the request.
func inTheLanguage(ctx huma.Context, _ string, v any) (any, error) {
	l := language(ctx.Context())
	if p, ok := v.(*Problem); ok {
		p = p.in(l)
		for name, values := range p.header {
			ctx.SetHeader(name, values[0])
		}
		return p, nil
	}
	if t, ok := v.(translated); ok {
		ctx.SetHeader("Content-Language", string(l))
		ctx.SetHeader("Vary", "Accept-Language")
		return t.in(l), nil
	}
	return v, nil
}

func (r CommandResult) in(l words.Lang) any {
	r.Warnings = texts(l, r.Warnings)
	return r
}

func (r BatchResult) in(l words.Lang) any {
	r.Items = slices.Clone(r.Items)
	for i := range r.Items {
		item := &r.Items[i]
		item.Warnings = texts(l, item.Warnings)
		if item.Problem != nil {
			item.Problem = item.Problem.in(l)
		}
		if item.Form != nil && item.Form.Problem != nil {
			item.Form = &BatchFiled{Status: item.Form.Status, Problem: item.Form.Problem.in(l)}
		}
	}
	return r
}

// in names the entries, cites in the language, and tells why commands of other systems were
// refused, which the ledger keeps in English.
func (t Timeline) in(l words.Lang) any {
	t.Entries = slices.Clone(t.Entries)
	for i := range t.Entries {
		e := &t.Entries[i]
		e.Title = l.Event(e.Type)
		switch d := e.Data.(type) {
		case rehab.CommandRefused:
			d.Error.Message, d.Error.Citation = l.Error(&d.Error), l.Cite(d.Error.Citation)
			d.Error.Key, d.Error.Args = "", nil
			e.Data = d
		case rehab.ObligationOpened:
			d.Obligation.Citation = l.Cite(d.Obligation.Citation)
			e.Data = d
		}
	}
	return t
}

// in cites in the language; each line has its sentence in both.
func (w Why) in(l words.Lang) any {
	w.State.Citation = l.Cite(w.State.Citation)
	w.Waiting, w.Next, w.Counters, w.Warnings = cited(l, w.Waiting), cited(l, w.Next), cited(l, w.Counters), cited(l, w.Warnings)
	w.Decisions = slices.Clone(w.Decisions)
	for i := range w.Decisions {
		w.Decisions[i].Citation = l.Cite(w.Decisions[i].Citation)
	}
	return w
}

func cited(l words.Lang, lines []rehab.Line) []rehab.Line {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Citation = l.Cite(lines[i].Citation)
	}
	return lines
}

func (v CaseView) in(l words.Lang) any {
	v.Obligations = slices.Clone(v.Obligations)
	for i := range v.Obligations {
		v.Obligations[i].Citation = l.Cite(v.Obligations[i].Citation)
	}
	v.Moot, v.Since = slices.Clone(v.Moot), slices.Clone(v.Since)
	for i := range v.Moot {
		v.Moot[i].Why = l.Said(v.Moot[i].Why)
	}
	for i := range v.Since {
		v.Since[i].Citation = l.Cite(v.Since[i].Citation)
	}
	return v
}

func (b Inbox) in(l words.Lang) any {
	for _, part := range []*[]inbox.Task{&b.Due, &b.Overdue, &b.Settle} {
		*part = slices.Clone(*part)
		for i := range *part {
			(*part)[i].Citation = l.Cite((*part)[i].Citation)
		}
	}
	return b
}

func texts(l words.Lang, list []string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = l.Text(list[i])
	}
	return list
}

func (c PlaceChanged) in(l words.Lang) any {
	c.Warnings = texts(l, c.Warnings)
	return c
}

func (c WorkerChanged) in(l words.Lang) any {
	c.Warnings = texts(l, c.Warnings)
	return c
}

// in tells why cases of a bulk operation were refused, which is kept in English.
func (f BulkItems) in(l words.Lang) any {
	f.Items = slices.Clone(f.Items)
	for i := range f.Items {
		f.Items[i].Message = l.Said(f.Items[i].Message)
	}
	return f
}
