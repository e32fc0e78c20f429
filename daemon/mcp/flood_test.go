package mcp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

const report = `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"all is well"}}` + "\n"

// A program that floods its standard error, or what it logs through the protocol, is still of use, and its log is short.
func TestAProgramThatFloods(t *testing.T) {
	for _, kind := range []string{"shouts", "reports"} {
		t.Run(kind, func(t *testing.T) {
			var log bytes.Buffer
			begun := time.Now()
			c, stop := connect(t, ClientOptions{Command: []string{os.Args[0], "serve", kind}, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			for range 3 {
				if got, err := look(t, c, "weather.forecast", `{}`); err != nil || got != "sun" {
					t.Errorf("got %q, %v", got, err)
				}
			}
			if err := stop(); err != nil {
				t.Error(err)
			}
			seconds := int(time.Since(begun)/time.Second) + 1
			if n := strings.Count(log.String(), "all is well"); n > seconds*maxComplaints || kind == "shouts" && n == 0 {
				t.Errorf("%d lines in %d seconds", n, seconds)
			}
		})
	}
}

// Of many complaints a second some are logged, and how many are not.
func TestComplaintsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r, w := io.Pipe()
		ended := make(chan struct{})
		go func() {
			logLines(t.Context(), r, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			close(ended)
		}()
		say := func(text string) {
			if _, err := io.WriteString(w, text); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		saw := func(lines, leftOut string) {
			t.Helper()
			if n := strings.Count(log.String(), "line="); fmt.Sprint(n) != lines {
				t.Errorf("%d lines are logged, want %s", n, lines)
			}
			if _, after, _ := strings.Cut(log.String(), "lines_left_out="); strings.TrimSpace(strings.SplitN(after, "\n", 2)[0]) != leftOut {
				t.Errorf("%q are left out, want %q", after, leftOut)
			}
			log.Reset()
		}
		say("one\ntwo\n")
		saw("2", "")
		time.Sleep(time.Second)
		say(strings.Repeat("all is well\n", 1000))
		say(strings.Repeat("and", 1000))
		say(" is it\n")
		saw("20", "")
		time.Sleep(time.Second)
		say("three\n")
		saw("1", "981")
		say(strings.Repeat("x", 50_000) + "\n")
		if log.Len() > maxComplaint+200 {
			t.Errorf("a line has %d bytes", log.Len())
		}
		log.Reset()
		say(strings.Repeat("\n", 30))
		w.Close()
		<-ended
		saw("18", "12")
	})
}

// A program may say so much at once, and then so much a second.
func TestTheProgramIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := pacedReader{endless{}, rate.NewLimiter(1000, maxMessage)}
		begun := time.Now()
		for n := 0; n < maxMessage; {
			got, _ := r.Read(make([]byte, min(2*maxMessage, maxMessage-n)))
			n += got
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("a message took %v", took)
		}
		for range 10 {
			_, _ = r.Read(make([]byte, 500))
		}
		if took := time.Since(begun).Round(time.Millisecond); took != 5*time.Second {
			t.Errorf("5000 bytes more took %v", took)
		}
		_, _ = r.Read(make([]byte, 3*maxMessage)) // more than the limiter can have room for
		if took := time.Since(begun).Round(time.Millisecond); took != 5*time.Second+maxMessage*time.Millisecond {
			t.Errorf("a message more took %v", took)
		}
	})
}

// A flood takes its time, whichever way it comes.
func TestAFloodTakesItsTime(t *testing.T) {
	for name, test := range map[string]struct {
		rate rate.Limit
		read func(io.ReadCloser)
	}{
		"messages":   {messageRate, func(r io.ReadCloser) { _, _ = io.Copy(io.Discard, messagesOf(r)) }},
		"logs":       {floodRate, func(r io.ReadCloser) { _, _ = io.Copy(io.Discard, messagesOf(r)) }},
		"complaints": {floodRate, func(r io.ReadCloser) { logLines(t.Context(), r, slog.New(slog.DiscardHandler)) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line, begun := report, time.Now()
				if name == "messages" {
					line = "{}\n"
				}
				text := strings.Repeat(line, (maxMessage+int(test.rate))/len(line))
				test.read(io.NopCloser(strings.NewReader(text)))
				if took := time.Since(begun).Round(10 * time.Millisecond); took != time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// endless is whatever is read.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func quiet(r io.Reader, size int) *quietReader {
	return &quietReader{lines: bufio.NewReaderSize(r, size)}
}

// What is not surely a log notification is read as it is.
func TestWhatIsLeftOutOfMessages(t *testing.T) {
	for _, kept := range []string{
		`{"jsonrpc":"2.0","id":1,"result":{"method":"notifications/message"}}` + "\n",
		`{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}` + "\n",
		"{\n" + `"method": "notifications/message"` + "\n}\n",
		`{"method":"notifications/message","params":"` + strings.Repeat("x", pipeSize) + `"}` + "\n",
		strings.TrimSpace(report),
		"\n\n", "", "Hello! I am a server.\n",
	} {
		got, err := io.ReadAll(quiet(strings.NewReader(report+" "+report+kept), pipeSize))
		if err != nil || string(got) != kept {
			t.Errorf("of %.80q is left %.80q, %v", kept, got, err)
		}
	}
	flood, kept := quiet(strings.NewReader(strings.Repeat(strings.Repeat(report, 10_000)+"{}\n", 2)), pipeSize), make([]byte, 3)
	if n := testing.AllocsPerRun(1, func() { _, _ = flood.Read(kept) }); n != 0 || string(kept) != "{}\n" {
		t.Errorf("a flood costs %v allocations, and leaves %q", n, kept)
	}
}

func FuzzQuietReader(f *testing.F) {
	f.Add([]byte(report + `{"id":1}` + "\n" + report))
	f.Add([]byte(strings.Repeat("x", 300) + report + report))
	const size = 256
	f.Fuzz(func(t *testing.T, text []byte) {
		var want []byte
		for line := range bytes.SplitAfterSeq(text, []byte("\n")) {
			if len(line) > size || !bytes.HasSuffix(line, []byte("\n")) || !isLog(line) {
				want = append(want, line...)
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(text), iotest.HalfReader(bytes.NewReader(text)), iotest.DataErrReader(bytes.NewReader(text))} {
			got, err := io.ReadAll(iotest.OneByteReader(quiet(r, size)))
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}
