// Package forms holds what a visit, a talk, a test or an assessment says as data: versioned
// definitions with their schema, layout, words in two languages, scores and rules. It checks
// answers against them, counts scores, and prints. A released version never changes.
package forms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guitu/rehab"
)

// Ref names one immutable version of a form.
type Ref struct {
	Form    string `json:"form"`
	Version int    `json:"version"`
}

func (r Ref) String() string { return fmt.Sprintf("%s@%d", r.Form, r.Version) }

// Words are a text in both languages.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Definition is one version of a form.
type Definition struct {
	Ref
	Title      Words                        `json:"title"`
	For        []rehab.Kind                 `json:"for,omitempty"`      // duties that it can be filled in for
	Commands   []string                     `json:"commands,omitempty"` // commands that it goes with
	Channels   []rehab.Channel              `json:"channels,omitempty"` // of a contact; empty: all
	Short      []string                     `json:"short,omitempty"`    // fields of the short part, all coded
	Anonymous  bool                         `json:"anonymous,omitempty"`
	Groups     []Group                      `json:"groups"` // the layout
	Schema     json.RawMessage              `json:"schema"` // JSON Schema 2020-12
	Rules      []Rule                       `json:"rules,omitempty"`
	Statistics []string                     `json:"statistics,omitempty"` // fields that reach figures, as code, number or month
	Private    []string                     `json:"private,omitempty"`    // fields for the worker and the station head alone
	Scores     []Score                      `json:"scores,omitempty"`
	Proposes   *Proposal                    `json:"proposes,omitempty"`
	Sooner     *Sooner                      `json:"sooner,omitempty"`
	Danger     []Danger                     `json:"danger,omitempty"`
	Labels     map[string]map[string]string `json:"labels"` // by language: of fields, codes ("state.low"), groups and hints
	Licence    *Licence                     `json:"licence,omitempty"`
	Source     rehab.Source                 `json:"source"`

	digest string
	schema *jsonschema.Schema
	fields map[string]field
}

// Group is a part of the layout: one page, or one heading.
type Group struct {
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
}

// Rule compares two fields: "not_before" (Field is not before Than), "within_days" (nor more
// than Days after it) or "differs".
type Rule struct {
	Rule  string `json:"rule"`
	Field string `json:"field"`
	Than  string `json:"than"`
	Days  int    `json:"days,omitempty"`
}

// Licence is under which the wording of an instrument may be used.
type Licence struct {
	Holder string `json:"holder"`
	Terms  Words  `json:"terms"`
	Seen   string `json:"seen"` // where the terms were read
}

// Parse reads a definition, compiles its schema and checks all of it. The error names the
// first thing that is wrong with it.
func Parse(raw []byte) (*Definition, error) {
	d := &Definition{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		return nil, rehab.InvalidField("definition", "cannot be read: %s", err)
	}
	canonical, doc, err := canonical(raw)
	if err != nil {
		return nil, rehab.InvalidField("definition", "cannot be read: %s", err)
	}
	sum := sha256.Sum256(canonical)
	d.digest = hex.EncodeToString(sum[:])
	properties, ok := doc.(map[string]any)
	if !ok {
		return nil, rehab.InvalidField("definition", "cannot be read: %s", "not an object")
	}
	if d.schema, err = compile(properties["schema"]); err != nil {
		return nil, rehab.InvalidField("schema", "is no JSON Schema: %s", err)
	}
	d.fields = fieldsOf(properties["schema"])
	if faults := d.faults(properties["schema"]); len(faults) > 0 {
		return nil, faults[0]
	}
	return d, nil
}

// canonical is the document with its names in order and without blanks.
func canonical(raw []byte) ([]byte, any, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, nil, err
	}
	out, err := json.Marshal(doc)
	return out, doc, err
}

// compile reads the schema by itself: it may refer to nothing outside.
func compile(schema any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if err := c.AddResource("form.json", schema); err != nil {
		return nil, err
	}
	return c.Compile("form.json")
}

// Digest is the same for the same definition, however it is written.
func (d *Definition) Digest() string { return d.digest }

// Is reports whether the form can be filled in for the duty.
func (d *Definition) Is(k rehab.Kind) bool { return slices.Contains(d.For, k) }

// In is the text in the language, Chinese unless it is "en".
func (w Words) In(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.ZH
}

// label of a field or code; its own name where there is none.
func (d *Definition) label(lang, key string) string {
	if lang != "en" {
		lang = "zh"
	}
	if l := d.Labels[lang][key]; l != "" {
		return l
	}
	return key
}
