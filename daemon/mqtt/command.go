package mqtt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxCommand is the size of the largest command, in bytes. A spoken sentence has less than 200.
const maxCommand = 4 << 10

// A command is what another program asks on the say topic.
type command struct {
	Text    string `json:"text"`
	Room    string `json:"room"`    // area ID, "" when it does not matter
	Request string `json:"request"` // comes back in the answer, for the sender to know it by
}

// parseCommand reads plain text, or a JSON object when the payload starts with a brace. Its errors are
// sentences for whoever sent the payload.
func parseCommand(payload []byte) (command, error) {
	if len(payload) > maxCommand {
		return command{}, fmt.Errorf("the command has %d bytes: at most %d are taken", len(payload), maxCommand)
	}
	if !utf8.Valid(payload) {
		return command{}, errors.New("the command is not UTF-8 text")
	}
	text := bytes.TrimSpace(payload)
	c := command{Text: string(text)}
	if bytes.HasPrefix(text, []byte("{")) {
		var err error
		if c, err = parseObject(text); err != nil {
			return c, fmt.Errorf(`the command is not JSON like {"text": "turn on the light", "room": "kitchen"}: %w`, err)
		}
	}
	if c.Text = strings.TrimSpace(c.Text); c.Text == "" {
		return c, errors.New("the command has no text")
	}
	return c, nil
}

func parseObject(text []byte) (command, error) {
	var c command
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return command{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return c, errors.New("something follows the object")
	}
	return c, nil
}
