package doctor

import (
	"context"
	"errors"
	"fmt"

	"hearth/daemon/config"
	"hearth/daemon/llm/anthropic"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/openai"
)

// languageModel asks each server for its model, and says what leaves the house for it.
func (e *examination) languageModel(ctx context.Context) []Finding {
	var all []Finding
	if e.Model.Local == "off" {
		all = fine("the one on this machine is switched off (model.local)")
	} else {
		all = e.localModel(ctx)
	}
	for i, o := range e.Model.Others {
		all = append(all, otherModel(ctx, fmt.Sprintf("model.others[%d]", i), o)...)
	}
	for _, sentence := range e.Egress() {
		all = append(all, fine("%s", sentence)...)
	}
	return all
}

// localModel asks the Ollama server for the model. Hearth does without, unless one is configured by name.
func (e *examination) localModel(ctx context.Context) []Finding {
	model, err := ollama.New(ollama.Options{URL: e.Model.URL, Model: e.Model.Name})
	if err != nil {
		return one(Problem, "model."+err.Error(), "change model.url")
	}
	defer model.Close()
	about, err := model.About(ctx)
	absent := errors.Is(err, chat.ErrAbsent) || errors.Is(err, chat.ErrNoModel)
	switch {
	case errors.Is(err, chat.ErrNoModel) && about.Name != "" && about.Context > 0:
		return one(Problem, err.Error(), "set model.name to one that can, such as qwen3:4b")
	case err != nil && e.Model.Name != "":
		return one(Problem, err.Error(), "start Ollama at "+e.Model.URL+", and: ollama pull "+e.Model.Name)
	case absent:
		return one(Warning, "there is none, so that only known sentences are understood: "+err.Error(), "install Ollama, and: ollama pull qwen3:4b")
	case err != nil:
		return one(Problem, err.Error(), "read the log of Ollama")
	case about.Context > 0 && about.Context < e.Model.Context:
		return one(Warning, fmt.Sprintf("%s reads %d tokens, and model.context is %d", about.Name, about.Context, e.Model.Context),
			fmt.Sprintf("set model.context to %d", about.Context))
	case about.Forgets(e.Model.Context):
		return one(Warning, fmt.Sprintf("%s remembers the last %d tokens of a prompt only: when the home takes more, it is read anew for every question",
			about.Name, about.Sliding), "set model.name to one that looks at all it has read, such as qwen3:4b")
	}
	return fine("%s answers%s%s", about.Name, map[bool]string{true: ", and can call tools", false: "; it cannot call tools, which Hearth does not need"}[about.Tools],
		map[bool]string{true: "; it is told not to think first", false: ""}[about.Thinks])
}

// otherModel asks a service whether it is there, without a question: that may cost money.
func otherModel(ctx context.Context, field string, o config.OtherModel) []Finding {
	service, err := serviceOf(o)
	if err != nil {
		return one(Problem, field+"."+err.Error(), "change "+field)
	}
	defer service.Close()
	err = service.Check(ctx)
	switch {
	case errors.Is(err, chat.ErrRefused):
		return one(Problem, fmt.Sprintf("%s: %s lets Hearth do nothing: %v", field, o.Address(), err), "see that "+field+".key_file holds the key of an account in good standing")
	case errors.Is(err, chat.ErrNoModel):
		return one(Problem, fmt.Sprintf("%s: %v", field, err), "set "+field+".name to one that "+o.Address()+" has")
	case err != nil:
		return one(Problem, fmt.Sprintf("%s: %v", field, err), "see that "+o.Address()+" is right, and can be reached")
	}
	return fine("%s: %s is there, for %s", field, o.Address(), o.Name)
}

// A service can be asked whether it is there.
type service interface {
	Check(ctx context.Context) error
	Close()
}

func serviceOf(o config.OtherModel) (service, error) {
	switch o.Kind {
	case "ollama":
		return ollama.New(ollama.Options{URL: o.Address(), Model: o.Name})
	case "anthropic":
		return anthropic.New(anthropic.Options{URL: o.Address(), Model: o.Name, Key: o.Key.Reveal()})
	}
	return openai.New(openai.Options{URL: o.Address(), Model: o.Name, Key: o.Key.Reveal()})
}
