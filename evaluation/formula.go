package evaluation

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Part is where a metric stands in a formula.
type Part string

// The parts.
const (
	Numerator   Part = "numerator"
	Denominator Part = "denominator"
	Term        Part = "term" // of a formula that is no quotient
)

// Operand is a metric in a formula.
type Operand struct {
	Name string `json:"name"`
	Part Part   `json:"part" enum:"numerator,denominator,term"`
}

// Formula is arithmetic over metrics: numbers, + - * / and brackets, nothing else.
type Formula struct {
	text     string
	program  *vm.Program
	operands []Operand
}

const (
	maxFormula = 300
	divide     = "divide"
)

// Compile reads a formula and refuses what it does not know.
func Compile(text string) (*Formula, error) {
	if len(text) > maxFormula {
		return nil, fmt.Errorf("a formula has at most %d characters", maxFormula)
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the formula cannot be read: %w", err)
	}
	f := &Formula{text: text}
	if err := f.look(tree.Node, Term); err != nil {
		return nil, err
	}
	if len(f.operands) == 0 {
		return nil, fmt.Errorf("the formula counts nothing")
	}
	env := make(map[string]any)
	for _, m := range Metrics() {
		env[m.Name] = 0.0
	}
	for _, o := range f.operands {
		if _, known := env[o.Name]; !known {
			return nil, fmt.Errorf("there is no measure %q", o.Name)
		}
	}
	f.program, err = expr.Compile(text, expr.Env(env), expr.AsFloat64(), expr.DisableAllBuiltins(), expr.Optimize(false),
		expr.Function(divide, quotient, new(func(float64, float64, string) float64)), expr.Patch(divider{}))
	if err != nil {
		return nil, fmt.Errorf("the formula cannot be computed: %w", err)
	}
	return f, nil
}

// look walks through the formula and notes where each metric stands.
func (f *Formula) look(n ast.Node, part Part) error {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return nil
	case *ast.IdentifierNode:
		if o := (Operand{n.Value, part}); !slices.Contains(f.operands, o) {
			f.operands = append(f.operands, o)
		}
		return nil
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return f.look(n.Node, part)
		}
	case *ast.BinaryNode:
		left, right := part, part
		switch n.Operator {
		case "/":
			if part == Term {
				left = Numerator
			}
			right = Denominator
		case "+", "-", "*":
		default:
			return fmt.Errorf("a formula is made of + - * / and brackets, not of %q", n.Operator)
		}
		if err := f.look(n.Left, left); err != nil {
			return err
		}
		return f.look(n.Right, right)
	}
	return fmt.Errorf("a formula is made of numbers, measures, + - * / and brackets, not of %q", n.String())
}

// Operands are the metrics of the formula, in its order.
func (f *Formula) Operands() []Operand { return slices.Clone(f.operands) }

// Names are the metrics of the formula, each once.
func (f *Formula) Names() []string {
	var out []string
	for _, o := range f.operands {
		if !slices.Contains(out, o.Name) {
			out = append(out, o.Name)
		}
	}
	return out
}

// Value computes the formula. Where there is none, reason says why.
func (f *Formula) Value(counted map[string]int64) (value float64, reason string) {
	env := make(map[string]any, len(f.operands))
	for _, o := range f.operands {
		env[o.Name] = float64(counted[o.Name])
	}
	out, err := expr.Run(f.program, env)
	var zero zeroDivisor
	if errors.As(err, &zero) {
		return 0, zero.Error()
	}
	value, ok := out.(float64)
	if err != nil || !ok || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, "the formula has no value"
	}
	return math.Round(value*1e4) / 1e4, ""
}

// zeroDivisor is the divisor that is nothing.
type zeroDivisor string

func (z zeroDivisor) Error() string { return string(z) + " is 0" }

// divider has every division go through quotient.
type divider struct{}

func (divider) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.BinaryNode); ok && n.Operator == "/" {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: divide}, Arguments: []ast.Node{
			n.Left, n.Right, &ast.StringNode{Value: n.Right.String()},
		}})
	}
}

func quotient(args ...any) (any, error) {
	left, right := number(args[0]), number(args[1])
	if right == 0 {
		return nil, zeroDivisor(args[2].(string))
	}
	return left / right, nil
}

func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}

// ReasonZH says in Chinese why a row has no value: "contacts_due is 0" is 应联系次数为0.
func ReasonZH(reason string) string {
	divisor, found := strings.CutSuffix(reason, " is 0")
	if !found {
		return map[bool]string{true: "", false: "公式没有结果"}[reason == ""]
	}
	names := make(map[string]string)
	for _, m := range Metrics() {
		names[m.Name] = m.ZH
	}
	return metricName.ReplaceAllStringFunc(divisor, func(name string) string { return cmp.Or(names[name], name) }) + "为0"
}

var metricName = regexp.MustCompile(`[a-z_]+`)
