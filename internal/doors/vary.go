package doors

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Variant is a request of an operation in which one thing is another than usual: a case, a place or
// a worker, wherever the request names one.
type Variant struct {
	Request
	Kind string // "case", "place" or "worker"; empty: nothing is varied
	Key  string // of the case, or the place or worker itself
}

// Vary makes the requests of the operation for somebody: as the example has it, about each case of the
// house and about none, and with each place and worker.
func (h *House) Vary(op Operation, token string) (out []Variant) {
	base := map[string]string{"case": h.Cases["own"].ID, "place": Own, "worker": "w-1"}
	named := h.names(op)
	out = append(out, Variant{Request: h.of(op, token, base, h.Cases["own"])})
	if slices.Contains(named, "case") {
		for _, key := range append(h.keys(), "none") {
			c := h.Cases[key]
			if c == nil {
				c = &Case{ID: "c-none", Transfer: "c-none-t9", Attachment: noAttachment, Supervision: "none", Report: "1", Order: map[string]any{"order_no": "京公戒字〔2026〕000000号"}}
			}
			with := map[string]string{"case": c.ID, "place": Own, "worker": "w-1"}
			out = append(out, Variant{h.of(op, token, with, c), "case", key})
		}
	}
	for kind, values := range map[string][]string{"place": {"", "11", District, Elsewhere, Own, Sibling, Foreign, Island, "110101099"}, "worker": {"w-1", "w-2", "w-3", "w-9", "w-77"}} {
		if !slices.Contains(named, kind) {
			continue
		}
		for _, v := range values {
			with := map[string]string{"case": base["case"], "place": Own, "worker": "w-1"}
			with[kind] = v
			out = append(out, Variant{h.of(op, token, with, h.Cases["own"]), kind, v})
		}
	}
	return out
}

const noAttachment = "000000000000000000000000"

// names are the kinds of things that a request of the operation can name.
func (h *House) names(op Operation) (out []string) {
	add := func(name string) {
		if kind := kindOf(op, name); kind != "" && !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	for _, p := range op.Params {
		add(p.Name)
	}
	each(op.Example, "", func(name, _ string) { add(name) })
	return out
}

// each calls do with every text of the value and what it is called.
func each(v any, name string, do func(name, text string)) {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			each(x[k], k, do)
		}
	case []any:
		for i := range x {
			each(x[i], strings.TrimSuffix(name, "s"), do)
		}
	case string:
		do(name, x)
	}
}

// kindOf is what a field or parameter names: a case and what belongs to it, a place or a worker.
func kindOf(op Operation, name string) string {
	under := func(path string) bool { return strings.HasPrefix(op.Path, "/v1/"+path) }
	switch name {
	case "id":
		switch {
		case under("cases/"), under("transfers/"), under("supervisions/"), under("police-reports/"):
			return "case"
		case under("workers/"):
			return "worker"
		}
	case "case_id", "case", "attachment", "order_no":
		return "case"
	case "code":
		if under("places/") {
			return "place"
		}
	case "to": // of a leave it is a day
		if op.ID == "request-transfer" || op.ID == "start-fleet" {
			return "place"
		}
	case "place", "into", "execution_street", "residence_street", "household_street":
		return "place"
	case "worker", "stand_in", "supervisee", "leaving":
		return "worker"
	}
	return ""
}

// of is a request with the things in it that are given.
func (h *House) of(op Operation, token string, with map[string]string, c *Case) Request {
	r := Request{Token: token, Method: op.Method, Path: op.Path, Operation: op.ID}
	query := url.Values{}
	for _, p := range op.Params {
		kind := kindOf(op, p.Name)
		text := with[kind]
		switch {
		case p.Name == "attachment":
			if text = c.Attachment; text == "" {
				text = noAttachment
			}
		case p.Name == "id" && strings.HasPrefix(op.Path, "/v1/transfers/"):
			text = c.Transfer
		case p.Name == "id" && strings.HasPrefix(op.Path, "/v1/supervisions/"):
			text = c.Supervision
		case p.Name == "seq" && strings.HasPrefix(op.Path, "/v1/police-reports/"):
			text = cmp.Or(c.Report, "1")
		case kind == "" && p.In == "path", kind == "" && p.Required:
			text = h.usual(p)
		}
		if text == "" && p.In == "path" {
			text = "none"
		}
		switch {
		case p.In == "path":
			r.Path = strings.ReplaceAll(r.Path, "{"+p.Name+"}", url.PathEscape(text))
		case p.In == "query" && (kind != "" && text != "" || p.Required):
			query.Set(p.Name, text)
		}
	}
	if len(query) > 0 {
		r.Path += "?" + query.Encode()
	}
	switch {
	case op.Media == "":
	case strings.Contains(op.Media, "json"):
		raw, _ := json.Marshal(filled(op, op.Example, "", with, c))
		if r.Body = string(raw); op.Example == nil {
			r.Body = "{}"
		}
	default:
		r.Body, r.Headers = picture, []string{"Content-Type", op.Media}
	}
	return r
}

// usual is a value for a parameter that names nothing of the house.
func (h *House) usual(p Param) string {
	if list, ok := p.Schema["enum"].([]any); ok && len(list) > 0 {
		return textOf(list[len(list)-1])
	}
	switch p.Name {
	case "seq", "limit", "version":
		return "1"
	case "kind":
		return "case_file"
	case "period":
		return "2026-Q3"
	case "level":
		return "street"
	}
	if typeOf(p.Schema) == "string" {
		return "x1"
	}
	return "1"
}

// filled is the example with what is given in the place of what it names.
func filled(op Operation, v any, name string, with map[string]string, c *Case) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = filled(op, x[k], k, with, c)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = filled(op, x[i], strings.TrimSuffix(name, "s"), with, c)
		}
		return out
	case string:
		if name == "order_no" {
			return c.Order["order_no"]
		}
		if text := with[kindOf(op, name)]; kindOf(op, name) != "" {
			return text
		}
	}
	return v
}
