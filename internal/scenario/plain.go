package scenario

import (
	"encoding/json"

	"go.yaml.in/yaml/v3"
)

// plain reads a node as JSON would have it: dates stay text, numbers stay as written.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if _, twice := out[key.Value]; twice {
				return nil, at(key.Line, "%q is there twice", key.Value)
			}
			v, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			out[key.Value] = v
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	switch n.Tag {
	case "!!int":
		return json.Number(n.Value), nil
	case "!!bool":
		return n.Value == "true", nil
	}
	return n.Value, nil
}

// resolve puts numbers in the place of names: $name and $escalation(kind).
func resolve(v any, number func(name string) (int64, error)) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			r, err := resolve(item, number)
			if err != nil {
				return nil, err
			}
			out[k] = r
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			r, err := resolve(item, number)
			if err != nil {
				return nil, err
			}
			out[i] = r
		}
		return out, nil
	case string:
		if len(v) > 1 && v[0] == '$' {
			return number(v[1:])
		}
	}
	return v, nil
}
