package wav

import (
	"fmt"
	"time"
)

// An Error is something wrong with a WAV file, in words for whoever made the file.
type Error struct {
	Field  string // what is wrong: "header", "codec", "sample rate", "channels", "bits per sample", "length", "data"
	Value  string // what the file has there
	Remedy string // what would be accepted, or what to do
}

func (e *Error) Error() string { return fmt.Sprintf("WAV %s: %s: %s", e.Field, e.Value, e.Remedy) }

func tooLong(value string, limit time.Duration) error {
	return &Error{"length", value, fmt.Sprintf("at most %v is accepted", limit)}
}

func truncated(where string) error {
	return &Error{"data", "the file ends " + where, "it was cut off: record or copy it again"}
}
