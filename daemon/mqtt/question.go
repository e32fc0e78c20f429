package mqtt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxQuestion is the size of the largest question, in bytes. A spoken sentence has less than 200.
const maxQuestion = 4 << 10

// A question is what another program asks on the ask topic.
type question struct {
	Text string `json:"text"`
	Room string `json:"room"` // area ID, "" when it does not matter
	ID   string `json:"id"`   // the last level of the reply's topic; "" for the turn's own ID
}

// topicLevel is what an ID may be made of: one level of a topic, and no wildcard.
var topicLevel = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// parseQuestion reads plain text, or a JSON object when the payload starts with a brace. Its errors are
// sentences for whoever sent the payload.
func parseQuestion(payload []byte) (question, error) {
	if len(payload) > maxQuestion {
		return question{}, fmt.Errorf("the question has %d bytes: at most %d are taken", len(payload), maxQuestion)
	}
	if !utf8.Valid(payload) {
		return question{}, errors.New("the question is not UTF-8 text")
	}
	text := bytes.TrimSpace(payload)
	q := question{Text: string(text)}
	if bytes.HasPrefix(text, []byte("{")) {
		var err error
		if q, err = parseObject(text); err != nil {
			return q, fmt.Errorf(`the question is not JSON like {"text": "turn on the light", "room": "kitchen"}: %w`, err)
		}
	}
	if q.ID != "" && !topicLevel.MatchString(q.ID) {
		q.ID = ""
		return q, errors.New("the id cannot be a part of the reply's topic: use up to 64 letters, digits and . _ : -")
	}
	if q.Text = strings.TrimSpace(q.Text); q.Text == "" {
		return q, errors.New("the question has no text")
	}
	return q, nil
}

// parseObject reads an object of these three keys.
func parseObject(text []byte) (question, error) {
	var q question
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return question{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return question{}, errors.New("something follows the object")
	}
	return q, nil
}
