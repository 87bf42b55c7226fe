package doors

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// Draw makes requests at random: of the contract, with what the house has in it where a name asks
// for it, and then spoilt, or not.
type Draw struct {
	*rand.Rand
	house *House
	ids   map[string][]string // of things that answers named, by what they are
}

// NewDraw draws the same requests for the same seed.
func (h *House) NewDraw(seed uint64) *Draw {
	return &Draw{rand.New(rand.NewPCG(seed, 7)), h, h.known()} //nolint:gosec // a test, not a secret
}

// known are the ids that the house was made with.
func (h *House) known() map[string][]string {
	out := map[string][]string{"place": {"", "11", District, Elsewhere, "110105", Own, Sibling, Foreign, Island, "110101099", "99"}}
	for _, key := range h.keys() {
		c := h.Cases[key]
		out["case"] = append(out["case"], c.ID)
		out["order"] = append(out["order"], c.Order["order_no"].(string))
		for kind, id := range map[string]string{"transfer": c.Transfer, "attachment": c.Attachment, "supervision": c.Supervision, "seq": c.Report} {
			if id != "" {
				out[kind] = append(out[kind], id)
			}
		}
	}
	out["case"] = append(out["case"], "c-none")
	for _, name := range Tokens() {
		if a, ok := Actors[name]; ok {
			out["actor"] = append(out["actor"], a.ID)
			if a.Role == "worker" {
				out["worker"] = append(out["worker"], a.ID)
			}
		}
	}
	out["worker"] = append(out["worker"], "w-77")
	return out
}

// Remember takes the ids of an answer up, so that later requests ask for what is there.
func (d *Draw) Remember(op, body string) {
	kind := map[string]string{
		"create-subscription": "subscription", "start-fleet": "fleet", "add-training": "training", "add-training-session": "training-session",
		"add-publicity": "publicity", "request-supervision": "supervision", "break-glass": "glass", "create-token": "token", "add-attachment": "attachment", "simulate": "simulation",
	}[op]
	var v map[string]any
	if kind == "" || json.Unmarshal([]byte(body), &v) != nil {
		return
	}
	if id, ok := v["id"].(string); ok && len(d.ids[kind]) < 50 {
		d.ids[kind] = append(d.ids[kind], id)
	}
}

// Request draws an operation, who asks, and with what.
func (d *Draw) Request() Request {
	ops := d.house.Contract.Operations
	op := ops[d.IntN(len(ops))]
	if op.ID == "simulate" && d.IntN(50) > 0 { // each is a heavy calculation
		op = ops[d.IntN(len(ops))]
	}
	r := d.Of(op, pick(d, Tokens()))
	if d.IntN(3) == 0 {
		d.spoil(&r)
	}
	return r
}

// Of draws a request of the operation.
func (d *Draw) Of(op Operation, token string) Request {
	r := Request{Token: token, Method: op.Method, Operation: op.ID}
	path, query := op.Path, url.Values{}
	for _, p := range op.Params {
		if !p.Required && d.IntN(2) == 0 {
			continue
		}
		text := textOf(d.value(p.Schema, d.meaning(op, p.Name), 0))
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			query.Set(p.Name, text)
		case "header":
			r.Headers = append(r.Headers, p.Name, strings.Map(printable, text))
		}
	}
	r.Path = path
	if len(query) > 0 {
		r.Path += "?" + query.Encode()
	}
	switch {
	case op.Media == "":
	case strings.Contains(op.Media, "json"):
		body := d.value(op.Body, "", 0)
		if op.Example != nil && d.IntN(3) > 0 {
			body = d.reworked(op.Example, "")
		}
		raw, _ := json.Marshal(body)
		r.Body = string(raw)
	default:
		r.Body = picture
		r.Headers = append(r.Headers, "Content-Type", op.Media)
	}
	return r
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}

// meaning is what an id of a path is the id of.
func (d *Draw) meaning(op Operation, name string) string {
	if name != "id" {
		return name
	}
	part := strings.Split(strings.TrimPrefix(op.Path, "/v1/"), "/")[0]
	switch part {
	case "cases", "police-reports":
		return "case_id"
	case "workers", "accounts":
		return "actor"
	case "fleets", "bulk":
		return "fleet"
	case "training-sessions":
		return "training-session"
	}
	return strings.TrimSuffix(part, "s")
}

// value draws a value of the schema. name is what it is called, which may say what it means.
func (d *Draw) value(schema map[string]any, name string, deep int) any {
	schema = d.house.Contract.resolve(schema)
	if ids := d.called(name); len(ids) > 0 && d.IntN(8) > 0 {
		return pick(d, ids)
	}
	for _, of := range []string{"oneOf", "anyOf", "allOf"} {
		if list, ok := schema[of].([]any); ok && len(list) > 0 {
			return d.value(d.house.Contract.resolve(pick(d, list)), name, deep+1)
		}
	}
	if list, ok := schema["enum"].([]any); ok && d.IntN(12) > 0 {
		return pick(d, list)
	}
	switch typeOf(schema) {
	case "object":
		return d.object(schema, deep)
	case "array":
		out := []any{}
		for range d.IntN(4) {
			if deep < 5 {
				items, _ := schema["items"].(map[string]any)
				out = append(out, d.value(items, strings.TrimSuffix(name, "s"), deep+1))
			}
		}
		return out
	case "integer":
		return pick(d, []any{0, 1, 2, 3, 4, 7, 99, -1, 2147483648, 9223372036854775807, d.IntN(200)})
	case "number":
		return pick(d, []any{0, 1.5, -3, 1e300})
	case "boolean":
		return d.IntN(2) == 0
	}
	return d.text(schema)
}

func typeOf(schema map[string]any) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, x := range t {
			if s, ok := x.(string); ok && s != "null" {
				return s
			}
		}
	}
	if schema["properties"] != nil {
		return "object"
	}
	return ""
}

func (d *Draw) object(schema map[string]any, deep int) any {
	out := map[string]any{}
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if name == "$schema" || deep > 5 || !slices.Contains(required, any(name)) && d.IntN(2) == 0 {
			continue
		}
		p, _ := properties[name].(map[string]any)
		out[name] = d.value(p, name, deep+1)
	}
	return out
}

// called are the ids of the house that a name asks for.
func (d *Draw) called(name string) []string {
	switch name {
	case "case_id", "case", "cases":
		return d.ids["case"]
	case "place", "to", "code", "into", "street", "execution_street", "household_street", "residence_street", "parent":
		return d.ids["place"]
	case "worker", "stand_in", "supervisee", "leaving", "w":
		return d.ids["worker"]
	case "actor", "account", "head", "lead", "supervisor", "by", "member":
		return d.ids["actor"]
	case "order_no":
		return d.ids["order"]
	}
	return d.ids[name]
}

var texts = []string{
	"", "x", "2026-10-15", "2026-10-19T10:00:00+08:00", "2026-Q3", "2026-09", "c-1", "national@2026.1", "report_in-1", "a b", "甲乙丙", "'; DROP TABLE cases; --", "%", "_%", "\\",
	"\u202e", "\u0000", "../../etc/passwd", "9999-12-31", "0000-00-00", "-1", "1e9", "null", "true", "🙂", strings.Repeat("长", 700), strings.Repeat("9", 40), "110101199001011237",
}

func (d *Draw) text(schema map[string]any) any {
	if v, ok := schema["example"]; ok && d.IntN(2) == 0 {
		return v
	}
	if v, ok := schema["default"]; ok && d.IntN(4) == 0 {
		return v
	}
	if schema["format"] == "date" && d.IntN(2) == 0 {
		return fmt.Sprintf("2026-%02d-%02d", 1+d.IntN(12), 1+d.IntN(28))
	}
	return pick(d, texts)
}

// reworked is the example with ids of the house in it.
func (d *Draw) reworked(v any, name string) any {
	if ids := d.called(name); len(ids) > 0 && d.IntN(4) > 0 {
		if _, ok := v.(string); ok {
			return pick(d, ids)
		}
	}
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for _, k := range slices.Sorted(maps.Keys(x)) {
			out[k] = d.reworked(x[k], k)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = d.reworked(x[i], strings.TrimSuffix(name, "s"))
		}
		return out
	}
	return v
}

func textOf(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		return fmt.Sprintf("%g", x)
	}
	raw, _ := json.Marshal(v)
	return strings.Trim(string(raw), `"`)
}

func pick[T any](d *Draw, list []T) T { return list[d.IntN(len(list))] }
