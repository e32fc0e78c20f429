package mqtt

import (
	"context"
	"net"
	"net/url"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// Check connects to the broker as a Client would, and leaves. It goes by a name of its own, so that a running
// Client keeps its connection, and publishes nothing. The error is one of Run's, of a single try.
func Check(ctx context.Context, o ClientOptions) error {
	o.ID += "-doctor"
	c, err := NewClient(o)
	if err != nil {
		return err
	}
	settings := c.pahoOptions(&link{lost: make(chan error, 1)})
	settings.SetWill("", "", 0, false).UnsetWill() // unset alone, paho would still call it retained, which no broker accepts
	settings.SetCustomOpenConnectionFn(func(u *url.URL, _ paho.ClientOptions) (net.Conn, error) {
		conn, err := c.openConnection(ctx, u)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() }) // a broker may accept and then say nothing
		}
		return conn, err
	})
	client := paho.NewClient(settings)
	token := client.Connect()
	<-token.Done() // at the latest when ctx ends
	if token.Error() == nil {
		client.Disconnect(100)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return refusal(token.Error())
}
