package mqtt

import (
	"context"
	"encoding/json"
	"errors"

	paho "github.com/eclipse/paho.mqtt.golang"

	"hearth/daemon/conversation"
)

// An answer is published for each command.
type answer struct {
	Request string                `json:"request,omitempty"` // as the command had it
	Turn    string                `json:"turn_id"`
	Text    string                `json:"text"`
	Failure conversation.Failure  `json:"failure,omitempty"`
	Asks    conversation.Question `json:"asks,omitempty"`
}

// A complaint is published when there is no answer.
type complaint struct {
	Request string `json:"request,omitempty"`
	Message string `json:"message"`
}

var (
	errRetained = errors.New("the command is retained: send it without the retain flag, or it would be carried out again at each connection")
	errBusy     = errors.New("too many commands are waiting: try again later")
)

// receive is called by paho, one message at a time, and must not wait.
func (c *Client) receive(l *link, m paho.Message) {
	if m.Retained() {
		c.complain(malformed, "", errRetained)
		return
	}
	select {
	case l.in <- m:
	default:
		c.complain(busy, "", errBusy)
	}
}

// answerAll carries out commands, one after the other, until over.
func (c *Client) answerAll(ctx context.Context, over <-chan struct{}, commands <-chan paho.Message) {
	for {
		select {
		case <-over:
			return
		case m := <-commands:
			c.answer(ctx, m.Payload())
		}
	}
}

func (c *Client) answer(ctx context.Context, payload []byte) {
	asked, err := parseCommand(payload)
	if err != nil {
		c.complain(malformed, asked.Request, err)
		return
	}
	turn, err := c.opts.Ask(ctx, asked.Room, asked.Text)
	if err != nil {
		c.complain(failed, asked.Request, err)
		return
	}
	c.metrics.commands.WithLabelValues(answered).Inc()
	c.publish("reply", answer{
		Request: asked.Request, Turn: turn.ID, Text: turn.Reply, Failure: turn.Failure, Asks: turn.Asks,
	})
}

func (c *Client) complain(outcome, request string, err error) {
	c.metrics.commands.WithLabelValues(outcome).Inc()
	c.log.Warn("an MQTT command was not carried out", "reason", outcome, "error", err)
	c.publish("error", complaint{Request: request, Message: err.Error()})
}

// publish queues v as JSON.
func (c *Client) publish(name string, v any) {
	payload, err := json.Marshal(v)
	if err != nil {
		c.log.Error("an MQTT message cannot be written as JSON", "topic", c.prefix+name, "error", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send(message{topic: c.prefix + name, payload: payload})
}
