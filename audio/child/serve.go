package child

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Serve is the child's side: it says that it is ready, then answers each question until r ends.
func Serve(r io.Reader, w io.Writer, answer func(Frame) Frame) error {
	if err := WriteFrame(w, Frame{Kind: Ready}); err != nil {
		return err
	}
	in := bufio.NewReader(r)
	for {
		question, err := ReadFrame(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read from the daemon: %w", err)
		}
		if err := WriteFrame(w, answer(question)); err != nil {
			return fmt.Errorf("answer the daemon: %w", err)
		}
	}
}
