package command

import (
	"math"

	"hearth/daemon/intent"
	"hearth/daemon/unit"
)

// calculate answers a sum of two numbers: a and b, and the sign between them in operation. What has no result, such as
// a division by zero, has no fact.
func calculate(q request) (Command, error) {
	a, err := q.number("a")
	if err != nil {
		return Command{}, err
	}
	b, err := q.number("b")
	if err != nil {
		return Command{}, err
	}
	var result float64
	switch operation := q.text("operation"); operation {
	case "+":
		result = a + b
	case "-":
		result = a - b
	case "*":
		result = a * b
	case "/":
		result = a / b
	case "%":
		result = a / 100 * b
	default:
		return Command{}, errorf(ErrBadSlot, "operation %q of %s", operation, q.Intent)
	}
	return answerWith(map[string]any{}, result, !math.IsNaN(result) && !math.IsInf(result, 0)), nil
}

// convert answers an amount of one unit in another one.
func convert(q request) (Command, error) {
	amount, err := q.number("amount")
	if err != nil {
		return Command{}, err
	}
	from, to := q.Slots["from"], q.Slots["to"]
	c, err := unit.Convert(amount, from.String(), to.String(), "")
	return answerWith(map[string]any{"from_said": from.Text, "to_said": to.Text}, c.Result, err == nil), nil
}

// answerWith has a result among the facts, as it is told, if there is one.
func answerWith(facts map[string]any, result float64, ok bool) Command {
	if ok {
		facts["result"] = unit.Format(result)
	}
	return Command{Answer: intent.ResponseData{Facts: facts}}
}
