package rehab

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// caseFields are the names of the fields of a case in JSON, in their order.
var caseFields = func() []string {
	t := reflect.TypeFor[Case]()
	out := make([]string, t.NumField())
	for i := range out {
		out[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
	}
	return out
}()

// changed are the fields of the case that differ from another one, by their names in JSON;
// null where one is empty.
func (c *Case) changed(from *Case) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage)
	a, b := reflect.ValueOf(c).Elem(), reflect.ValueOf(from).Elem()
	for i, name := range caseFields {
		if oneOf(name, "id", "seq", "revised", "unsettled") || reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		now, was := fieldJSON(a.Field(i)), fieldJSON(b.Field(i))
		if !bytes.Equal(now, was) {
			out[name] = now
		}
	}
	return out
}

func fieldJSON(v reflect.Value) json.RawMessage {
	if k := v.Kind(); (k == reflect.Slice || k == reflect.Map) && v.Len() == 0 || v.IsZero() {
		return json.RawMessage("null")
	}
	raw, err := json.Marshal(v.Interface())
	if err != nil {
		panic(err) // the fields of a case are plain data
	}
	return raw
}

// patch sets the fields that changed.
func (c *Case) patch(state map[string]json.RawMessage) {
	v := reflect.ValueOf(c).Elem()
	for i, name := range caseFields {
		raw, ok := state[name]
		if !ok {
			continue
		}
		v.Field(i).SetZero()
		if err := json.Unmarshal(raw, v.Field(i).Addr().Interface()); err != nil {
			panic("the ledger holds a state that cannot be read: " + err.Error())
		}
	}
}
