package conversation

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// Who has no model, or one that is left alone, is not warned with each sentence.
func TestAModelThatIsKnownToFailIsNoWarning(t *testing.T) {
	p, err := LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range ModelFaults {
		var log strings.Builder
		c := &Conversation{Options: Options{Phrases: p, Log: slog.New(slog.NewTextHandler(&log, nil))}}
		_ = c.modelFailed(t.Context(), &Turn{}, &ModelError{Fault: fault, Err: errors.New("it fails")}) // which is told, elsewhere tested
		known := fault == ModelAbsent || fault == ModelPaused
		if warned := strings.Contains(log.String(), "level=WARN"); warned == known {
			t.Errorf("%s: logged %s", fault, log.String())
		}
	}
}
