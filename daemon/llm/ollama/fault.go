package ollama

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ollama/ollama/api"

	"hearth/daemon/llm/chat"
)

// fault is what the server said as an error of package chat, where it is one.
func fault(err error) error {
	if err == nil {
		return nil
	}
	var status api.StatusError
	var denied api.AuthorizationError
	kind := kindOf(err.Error())
	switch errors.As(err, &status); {
	case kind != nil:
	case status.StatusCode == http.StatusNotFound:
		kind = chat.ErrNoModel
	case status.StatusCode == http.StatusServiceUnavailable:
		kind = chat.ErrBusy
	case status.StatusCode == http.StatusForbidden, status.StatusCode == http.StatusTooManyRequests, errors.As(err, &denied):
		kind = chat.ErrRefused
	default:
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// said are parts of the server's messages that have no status of their own (llm/server.go, llm/status.go,
// runner/ollamarunner/runner.go, server/sched.go, server/routes.go of Ollama 0.17). One that is worded
// otherwise some day is told as a failure of the model, which it is as well.
var said = []struct {
	part string
	kind error
}{
	{"requires more system memory", chat.ErrMemory},
	{"out of memory", chat.ErrMemory},
	{"unable to allocate", chat.ErrMemory},
	{"cudaMalloc failed", chat.ErrMemory},
	{"signal: killed", chat.ErrMemory}, // which is what the kernel does when memory has run out
	{"exceeds the context length", chat.ErrTooLong},
	{"exceeds maximum context length", chat.ErrTooLong},
	{"timed out waiting for llama runner to start", chat.ErrLoading},
	{"llm server loading model", chat.ErrLoading},
	{"does not support chat", chat.ErrNoModel},
	{"does not support generate", chat.ErrNoModel},
	{"an error was encountered while running the model: unexpected EOF", chat.ErrCut}, // the runner died
}

func kindOf(message string) error {
	for _, s := range said {
		if strings.Contains(message, s.part) {
			return s.kind
		}
	}
	return nil
}
