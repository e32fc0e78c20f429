package llm

import (
	"context"
	"errors"

	"hearth/daemon/breaker"
	"hearth/daemon/conversation"
	"hearth/daemon/llm/chat"
)

// faults are what people are told of an error. When several providers have failed, the first one here that
// any of them has is told: what somebody can do something about comes first.
var faults = []struct {
	err   error
	fault conversation.ModelFault
}{
	{chat.ErrTooLong, conversation.ModelTooLong},
	{chat.ErrMemory, conversation.ModelMemory},
	{chat.ErrLoading, conversation.ModelLoading},
	{ErrSpent, conversation.ModelSpent},
	{chat.ErrRefused, conversation.ModelRefused},
	{chat.ErrBusy, conversation.ModelBusy},
	{breaker.ErrOpen, conversation.ModelPaused},
	{chat.ErrCut, conversation.ModelCut},
	{chat.ErrEndless, conversation.ModelEndless},
	{ErrBadAnswer, conversation.ModelUseless},
	{chat.ErrNoModel, conversation.ModelMissing},
	{chat.ErrAbsent, conversation.ModelAbsent},
	{context.DeadlineExceeded, conversation.ModelSlow},
}

// faultOf is "" for no error.
func faultOf(err error) conversation.ModelFault {
	if err == nil {
		return ""
	}
	for _, f := range faults {
		if errors.Is(err, f.err) {
			return f.fault
		}
	}
	return conversation.ModelFailed
}
