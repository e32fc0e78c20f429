package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/mqtt"
	"hearth/daemon/web"
)

// broker signs in to the MQTT broker. The embedded one is the daemon's own to look after.
func (e *examination) broker(ctx context.Context) []Finding {
	switch {
	case e.MQTT.Broker == "off":
		return fine("switched off (mqtt.broker)")
	case e.MQTT.Broker == "embedded" && e.parts == nil:
		return fine("embedded: it runs when the daemon does")
	case e.MQTT.Broker == "embedded" && !e.works("broker"):
		return one(Problem, "the embedded one does not run: "+e.parts["broker"].Detail, "free the address "+e.MQTT.Listen+", or change mqtt.listen")
	case e.MQTT.Broker == "embedded":
		return fine("embedded: it runs on %s", e.MQTT.Listen)
	}
	trust, err := mqtt.TLSConfig(e.MQTT.CAFile, e.MQTT.CertFile, e.MQTT.KeyFile)
	if err != nil {
		return one(Problem, err.Error(), "change the file, or the setting")
	}
	err = mqtt.Check(ctx, mqtt.ClientOptions{
		TLS: trust, Broker: e.MQTT.Broker, Username: e.MQTT.Username, Password: e.MQTT.Password.Reveal(), ID: e.HubID(), Topic: e.MQTT.Topic,
		Logger: e.log, Registerer: prometheus.NewRegistry(),
	})
	switch {
	case errors.Is(err, mqtt.ErrCredentials):
		return one(Problem, err.Error(), "set mqtt.username and mqtt.password_file to an account of the broker")
	case err != nil:
		return one(Problem, fmt.Sprintf("%s cannot be reached: %v", e.MQTT.Broker, err), "see that it runs, and that mqtt.broker is its address, with ssl:// if it wants TLS")
	}
	return fine("%s lets Hearth in", e.MQTT.Broker)
}

// languageModel asks the Ollama server for the model. Hearth does without, unless one is configured by name.
func (e *examination) languageModel(ctx context.Context) []Finding {
	model, err := ollama.New(ollama.Options{URL: e.Model.URL, Model: e.Model.Name})
	if err != nil {
		return one(Problem, "model."+err.Error(), "change model.url")
	}
	defer model.Close()
	about, err := model.About(ctx)
	switch {
	case err != nil && e.Model.Name != "":
		return one(Problem, err.Error(), "start Ollama at "+e.Model.URL+", and: ollama pull "+e.Model.Name)
	case errors.Is(err, chat.ErrAbsent), errors.Is(err, chat.ErrNoModel):
		return one(Warning, "there is none, so that only known sentences are understood: "+err.Error(), "install Ollama, and: ollama pull qwen3:4b")
	case err != nil:
		return one(Problem, err.Error(), "read the log of Ollama")
	case !about.Talks:
		return one(Problem, about.Name+" cannot write text", "set model.name to one that can, such as qwen3:4b")
	case about.Context > 0 && about.Context < e.Model.Context:
		return one(Warning, fmt.Sprintf("%s reads %d tokens, and model.context is %d", about.Name, about.Context, e.Model.Context),
			fmt.Sprintf("set model.context to %d", about.Context))
	}
	return fine("%s answers%s", about.Name, map[bool]string{true: ", and can call tools", false: "; it cannot call tools, which Hearth does not need"}[about.Tools])
}

// search says what leaves the house. It searches for nothing: that would leave it, too.
func (e *examination) search(context.Context) []Finding {
	leaves := e.Search.Leaves()
	part, runs := e.parts["web search"]
	switch {
	case leaves == "":
		return fine("switched off (search.engine): nothing is looked up on the web")
	case runs && part.State != web.OK:
		return one(Warning, part.Detail, "see that the search engine works; Hearth tries it again by itself")
	}
	return fine("%s: %s", e.Search.Engine, leaves)
}
