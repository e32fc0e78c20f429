package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"hearth/daemon/config"
)

// BenchmarkFirstWordsOverMQTT asks over MQTT and reports how long after the language model wrote its first
// word the asker has it, in milliseconds: the median and the 95th percentile.
func BenchmarkFirstWordsOverMQTT(b *testing.B) {
	written := make(chan time.Time, 1)
	ollama := httptest.NewServer(slowModel(written))
	defer ollama.Close()
	address := freeAddress(b)
	d := openTestDaemon(b, func(c *config.Config) {
		c.Model.URL, c.MQTT.Listen, c.MQTT.ID, c.Hearing.Recogniser = ollama.URL, address, "bench", "off"
	})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}()
	replies, ask := asker(b, address)
	var took []float64
	for b.Loop() {
		ask()
		first := <-replies
		took = append(took, float64(time.Since(<-written).Microseconds())/1000)
		for m := first; !strings.Contains(string(m.Payload()), `"done":true`); {
			m = <-replies
		}
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "p50-ms")
	b.ReportMetric(took[len(took)*95/100], "p95-ms")
}

func freeAddress(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// asker connects once the broker is there, and waits until Hearth listens.
func asker(b *testing.B, address string) (replies chan paho.Message, ask func()) {
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + address).SetConnectRetry(true).SetConnectRetryInterval(10 * time.Millisecond))
	if token := client.Connect(); !token.WaitTimeout(time.Minute) {
		b.Fatal("no broker")
	}
	b.Cleanup(func() { client.Disconnect(100) })
	replies = make(chan paho.Message, 100)
	there := make(chan struct{}, 10)
	for filter, handle := range map[string]paho.MessageHandler{
		"hearth/bench/reply/+": func(_ paho.Client, m paho.Message) { replies <- m },
		"hearth/bench/status": func(_ paho.Client, m paho.Message) {
			if string(m.Payload()) == "online" {
				there <- struct{}{}
			}
		},
	} {
		if token := client.Subscribe(filter, 1, handle); !token.WaitTimeout(time.Minute) || token.Error() != nil {
			b.Fatal(token.Error())
		}
	}
	<-there
	return replies, func() { client.Publish("hearth/bench/ask", 1, false, "why is the sky blue") }
}

// slowModel writes a word, says when, and the rest a little later.
func slowModel(written chan<- time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"models": [{"name": "m", "model": "m"}]}`)
	})
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"capabilities": ["completion"]}`)
	})
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		question, err := io.ReadAll(r.Body)
		write := func(text string) {
			err = errors.Join(err, json.NewEncoder(w).Encode(map[string]any{"message": map[string]string{"content": text}}))
			err = errors.Join(err, http.NewResponseController(w).Flush())
		}
		write(`{"calls": [], "reply": "`)
		write("It")
		if strings.Contains(string(question), "why is the sky blue") {
			written <- time.Now()
		}
		time.Sleep(20 * time.Millisecond)
		write(` scatters light."}`)
		if _, last := io.WriteString(w, `{"done": true}`+"\n"); errors.Join(err, last) != nil {
			return // whoever asked is gone
		}
	})
	return mux
}
