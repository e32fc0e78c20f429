package stt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hearth/audio"
	"hearth/audio/child"
)

// ServeOptions are what the child needs to be told.
type ServeOptions struct {
	// Open loads the recogniser.
	Open func() (Engine, error)
	// Grammar decodes what the parent's Worker was given in SetGrammar.
	Grammar func([]byte) (Grammar, error)
}

// Serve is the child's side of a Worker: it loads the recogniser, then answers until r ends. A clip or a
// grammar that it cannot use is answered with an error and does not end it.
func Serve(r io.Reader, w io.Writer, o ServeOptions) error {
	engine, err := o.Open()
	if err != nil {
		return errors.Join(err, child.WriteFrame(w, child.FaultOf(err)))
	}
	return child.Serve(r, w, func(question child.Frame) child.Frame { return o.answer(engine, question) })
}

func (o ServeOptions) answer(engine Engine, question child.Frame) child.Frame {
	answer, err := child.Frame{Kind: child.Ready}, fmt.Errorf("%w: unknown kind %q", child.ErrFrame, question.Kind)
	switch question.Kind {
	case kindGrammar:
		err = o.setGrammar(engine, question.Body)
	case kindClip:
		answer, err = transcribe(engine, question.Body)
	}
	if err != nil {
		return child.FaultOf(err)
	}
	return answer
}

func (o ServeOptions) setGrammar(engine Engine, body []byte) error {
	encoded, names, err := decodeGrammar(body)
	if err != nil {
		return err
	}
	g, err := o.Grammar(encoded)
	if err != nil {
		return fmt.Errorf("decode the grammar: %w", err)
	}
	engine.SetGrammar(g, names)
	return nil
}

func transcribe(engine Engine, body []byte) (child.Frame, error) {
	samples, err := child.DecodeSamples(body)
	if err != nil {
		return child.Frame{}, err
	}
	h, err := engine.Transcribe(audio.Clip{Format: audio.Speech, Samples: samples})
	if err != nil {
		return child.Frame{}, err
	}
	encoded, err := json.Marshal(h)
	return child.Frame{Kind: kindHypothesis, Body: encoded}, err
}
