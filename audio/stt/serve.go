package stt

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hearth/audio"
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
		return errors.Join(err, writeFrame(w, fault(err)))
	}
	if err := writeFrame(w, frame{kind: kindReady}); err != nil {
		return err
	}
	in := bufio.NewReader(r)
	for {
		question, err := readFrame(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read from the daemon: %w", err)
		}
		if err := writeFrame(w, o.answer(engine, question)); err != nil {
			return fmt.Errorf("answer the daemon: %w", err)
		}
	}
}

func (o ServeOptions) answer(engine Engine, question frame) frame {
	answer, err := frame{kind: kindReady}, fmt.Errorf("%w: unknown kind %q", errFrame, question.kind)
	switch question.kind {
	case kindGrammar:
		err = o.setGrammar(engine, question.body)
	case kindClip:
		answer, err = transcribe(engine, question.body)
	}
	if err != nil {
		return fault(err)
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

func transcribe(engine Engine, body []byte) (frame, error) {
	samples, err := decodeSamples(body)
	if err != nil {
		return frame{}, err
	}
	h, err := engine.Transcribe(audio.Clip{Format: audio.Speech, Samples: samples})
	if err != nil {
		return frame{}, err
	}
	encoded, err := json.Marshal(h)
	return frame{kindHypothesis, encoded}, err
}

func fault(err error) frame { return frame{kindFault, []byte(err.Error())} }
