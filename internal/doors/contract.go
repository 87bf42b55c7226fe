package doors

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Contract is what the OpenAPI document says can be asked.
type Contract struct {
	Operations []Operation
	root       map[string]any
}

// Operation is one method of one path.
type Operation struct {
	ID, Method, Path string
	Params           []Param
	Media            string         // of the body; empty: there is none
	Body             map[string]any // its schema
	Example          any
	Open             bool // nobody has to sign in
}

// Param is a parameter of the path, the query or the headers.
type Param struct {
	Name, In string
	Required bool
	Schema   map[string]any
}

func readContract(document string) (*Contract, error) {
	c := &Contract{}
	if err := json.Unmarshal([]byte(document), &c.root); err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	paths, _ := c.root["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			if op, ok := item[method].(map[string]any); ok && op["operationId"] != nil {
				c.Operations = append(c.Operations, c.operation(path, method, op))
			}
		}
	}
	if len(c.Operations) == 0 {
		return nil, fmt.Errorf("the contract has no operation")
	}
	return c, nil
}

func (c *Contract) operation(path, method string, op map[string]any) Operation {
	out := Operation{Method: strings.ToUpper(method), Path: path}
	out.ID, _ = op["operationId"].(string)
	security, given := op["security"].([]any)
	out.Open = given && len(security) == 0 || !given
	list, _ := op["parameters"].([]any)
	for _, x := range list {
		p := c.resolve(x)
		in := Param{Schema: c.resolve(p["schema"])}
		in.Name, _ = p["name"].(string)
		in.In, _ = p["in"].(string)
		in.Required, _ = p["required"].(bool)
		out.Params = append(out.Params, in)
	}
	content, _ := c.resolve(op["requestBody"])["content"].(map[string]any)
	for _, media := range slices.Sorted(maps.Keys(content)) {
		m, _ := content[media].(map[string]any)
		out.Media, out.Body, out.Example = media, c.resolve(m["schema"]), m["example"]
	}
	return out
}

// resolve follows a reference inside the document.
func (c *Contract) resolve(v any) map[string]any {
	for range 20 {
		m, _ := v.(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		v = any(c.root)
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			m, _ := v.(map[string]any)
			v = m[part]
		}
	}
	return nil
}

// Of is the operation of the id.
func (c *Contract) Of(id string) (Operation, bool) {
	i := slices.IndexFunc(c.Operations, func(o Operation) bool { return o.ID == id })
	if i < 0 {
		return Operation{}, false
	}
	return c.Operations[i], true
}
