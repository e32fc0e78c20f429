package tool

import (
	"context"
	"encoding/json"

	"hearth/daemon/conversation"
	"hearth/daemon/unit"
)

// Units makes the tool "units".
func Units() *Tool {
	return &Tool{
		name:   "units",
		hint:   `{"amount": 2, "from": "oz", "to": "g"}: length, area, volume (kitchen too), mass, temperature, speed, energy, time`,
		form:   json.RawMessage(`{"type":"object","properties":{"amount":{"type":"number"},"from":{"type":"string","maxLength":100},"to":{"type":"string","maxLength":100}},"required":["amount","from","to"]}`),
		inside: true,
		look: func(_ context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
			var asked struct {
				Amount   float64
				From, To string
			}
			if err := read(with, &asked); err != nil {
				return "", err
			}
			c, err := unit.Convert(asked.Amount, asked.From, asked.To, q.Language)
			if err != nil {
				return "", wrongly("%s", err)
			}
			return c.String(), nil
		},
	}
}
