package wake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hearth/audio/child"
)

// An Engine is what the child listens with: a Detector.
type Engine interface {
	SetPhrases(phrases []string) error
	Push(at int64, samples []int16) ([]Hit, error)
}

// Serve is the child's side of a Worker: it loads the Engine, then answers until r ends.
func Serve(r io.Reader, w io.Writer, open func() (Engine, error)) error {
	engine, err := open()
	if err != nil {
		return errors.Join(err, child.WriteFrame(w, child.FaultOf(err)))
	}
	return child.Serve(r, w, func(question child.Frame) child.Frame {
		answer, err := reply(engine, question)
		if err != nil {
			return child.FaultOf(err)
		}
		return answer
	})
}

func reply(engine Engine, question child.Frame) (child.Frame, error) {
	switch question.Kind {
	case kindPhrases:
		var phrases []string
		if err := json.Unmarshal(question.Body, &phrases); err != nil {
			return child.Frame{}, fmt.Errorf("%w: phrases: %w", child.ErrFrame, err)
		}
		return child.Frame{Kind: child.Ready}, engine.SetPhrases(phrases)
	case kindSound:
		at, samples, err := decodeSound(question.Body)
		if err != nil {
			return child.Frame{}, err
		}
		hits, err := engine.Push(at, samples)
		answer := child.Frame{Kind: kindHits}
		if err == nil && len(hits) > 0 {
			answer.Body, err = json.Marshal(hits)
		}
		return answer, err
	}
	return child.Frame{}, fmt.Errorf("%w: unknown kind %q", child.ErrFrame, question.Kind)
}
