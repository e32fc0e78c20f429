package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

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
