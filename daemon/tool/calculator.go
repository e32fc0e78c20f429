package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"hearth/daemon/conversation"
	"hearth/daemon/unit"
)

// maxSum is how long a sum may be, in bytes: far more than anybody says.
const maxSum = 200

// Calculator makes the tool "calculator".
func Calculator() *Tool {
	return &Tool{
		name:   "calculator",
		hint:   `{"sum": "12 * 7 + 15% of 80"}: + - * / % ^ ( ) sqrt round floor ceil abs min max`,
		form:   json.RawMessage(`{"type":"object","properties":{"sum":{"type":"string","maxLength":200}},"required":["sum"]}`),
		inside: true,
		look: func(_ context.Context, _ conversation.ModelQuestion, with json.RawMessage) (string, error) {
			var asked struct{ Sum string }
			if err := read(with, &asked); err != nil {
				return "", err
			}
			result, err := Calculate(asked.Sum)
			if err != nil {
				return "", wrongly("sum: %s", err)
			}
			return asked.Sum + " = " + unit.Format(result), nil
		},
	}
}

// Errors of Calculate.
var (
	errNoNumber = errors.New("the result is no number")
	errNoSum    = errors.New("only numbers, + - * / % ^, brackets, sqrt, round, floor, ceil, abs, min and max can be used")
)

var (
	percentOf = regexp.MustCompile(`(\d+(?:\.\d+)?)\s*%\s*of\b`)
	signs     = strings.NewReplacer("×", "*", "·", "*", "÷", "/", "−", "-", "–", "-", "√", "sqrt")
)

// Calculate works out a sum of numbers: "12 * 7", "15% of 80", "sqrt(2) ^ 4". It takes time in proportion to its
// length, which is bounded.
func Calculate(sum string) (float64, error) {
	if len(sum) > maxSum {
		return 0, fmt.Errorf("it is longer than %d characters", maxSum)
	}
	tree, err := parser.Parse(percentOf.ReplaceAllString(signs.Replace(sum), "$1 / 100 *"))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return 0, errors.New(first)
	}
	result, err := evaluate(tree.Node)
	if err == nil && (math.IsNaN(result) || math.IsInf(result, 0)) {
		err = errNoNumber
	}
	return result, err
}

// evaluate knows the few kinds of nodes that a sum has. All others are refused: nothing else is ever carried out.
func evaluate(node ast.Node) (float64, error) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), nil
	case *ast.FloatNode:
		return n.Value, nil
	case *ast.UnaryNode:
		x, err := evaluate(n.Node)
		if n.Operator == "-" {
			x = -x
		} else if n.Operator != "+" {
			err = errNoSum
		}
		return x, err
	case *ast.BinaryNode:
		return binary(n)
	case *ast.BuiltinNode:
		return function(n.Name, n.Arguments)
	case *ast.CallNode:
		if name, ok := n.Callee.(*ast.IdentifierNode); ok {
			return function(name.Value, n.Arguments)
		}
	case *ast.IdentifierNode:
		if n.Value == "pi" {
			return math.Pi, nil
		}
	}
	return 0, errNoSum
}

func binary(n *ast.BinaryNode) (float64, error) {
	a, err := evaluate(n.Left)
	if err != nil {
		return 0, err
	}
	b, err := evaluate(n.Right)
	if err != nil {
		return 0, err
	}
	switch n.Operator {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "/":
		return a / b, nil
	case "%":
		return math.Mod(a, b), nil
	case "^", "**":
		return math.Pow(a, b), nil
	}
	return 0, errNoSum
}

var functions = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "round": math.Round, "floor": math.Floor, "ceil": math.Ceil, "abs": math.Abs,
}

func function(name string, arguments []ast.Node) (float64, error) {
	values := make([]float64, len(arguments))
	for i, a := range arguments {
		var err error
		if values[i], err = evaluate(a); err != nil {
			return 0, err
		}
	}
	if f := functions[name]; f != nil && len(values) == 1 {
		return f(values[0]), nil
	}
	if len(values) == 0 || name != "min" && name != "max" {
		return 0, errNoSum
	}
	best := values[0]
	for _, v := range values[1:] {
		if name == "min" {
			best = math.Min(best, v)
		} else {
			best = math.Max(best, v)
		}
	}
	return best, nil
}
