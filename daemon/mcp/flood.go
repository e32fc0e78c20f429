package mcp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"golang.org/x/time/rate"
)

// How much is read of what a server's program writes, in bytes a second, after a burst of the largest message. A program
// that writes more is held up for a moment at each write, and goes on.
const (
	floodRate   rate.Limit = 8 << 20
	messageRate rate.Limit = 256 << 10 // what is left for the protocol, where each message costs some work
)

// pipeSize is how much a pipe holds, in bytes.
const pipeSize = 64 << 10

// messagesOf reads the messages of a server's program.
func messagesOf(stdout io.ReadCloser) io.ReadCloser {
	quiet := &quietReader{lines: bufio.NewReaderSize(pacedReader{stdout, rate.NewLimiter(floodRate, maxMessage)}, pipeSize)}
	return struct {
		io.Reader
		io.Closer
	}{pacedReader{quiet, rate.NewLimiter(messageRate, maxMessage)}, stdout}
}

// A pacedReader waits after what it has read until its limiter has room for it, which must have a burst of maxMessage.
type pacedReader struct {
	io.Reader
	pace *rate.Limiter
}

func (p pacedReader) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b[:min(len(b), maxMessage)])
	time.Sleep(p.pace.ReserveN(time.Now(), n).Delay())
	return n, err
}

// A quietReader leaves out the lines that are log notifications: nobody here reads them, and to find that out costs far
// more further on. Lines that the buffer does not hold are left as they are.
type quietReader struct {
	lines  *bufio.Reader
	rest   []byte // of what was read, in the buffer
	within bool   // a line that the buffer does not hold
}

func (q *quietReader) Read(b []byte) (int, error) {
	for len(q.rest) == 0 {
		line, err := q.lines.ReadSlice('\n')
		if q.within || err != nil || !isLog(line) {
			q.rest = line
		}
		q.within = errors.Is(err, bufio.ErrBufferFull)
		if err != nil && len(line) == 0 {
			return 0, err
		}
	}
	n := copy(b, q.rest)
	q.rest = q.rest[n:]
	return n, nil
}

// isLog tells whether a line is a log notification, as surely as can be told without reading it: an answer has an id.
func isLog(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(line, []byte("}")) &&
		bytes.Contains(line, []byte(`"notifications/message"`)) && !bytes.Contains(line, []byte(`"id"`))
}

// Limits of what is logged of a server's complaints.
const (
	maxComplaint  = 4 << 10 // bytes of a line
	maxComplaints = 20      // lines a second
)

// logLines logs what a server's program says beside its work, for whoever looks for a fault in it. Of more than it logs it
// tells the number of lines, once the second is over and there is another line or the end.
func logLines(ctx context.Context, r io.Reader, log *slog.Logger) {
	lines := bufio.NewReaderSize(pacedReader{r, rate.NewLimiter(floodRate, maxMessage)}, pipeSize)
	var begun time.Time
	logged, left := 0, 0
	for {
		line, _, err := lines.ReadLine()
		if now := time.Now(); err != nil || now.Sub(begun) >= time.Second {
			if left > 0 {
				log.DebugContext(ctx, "the server says more than is logged", "lines_left_out", left)
			}
			begun, logged, left = now, 0, 0
		}
		switch {
		case err != nil:
			return
		case logged < maxComplaints:
			logged++
			log.DebugContext(ctx, "the server says", "line", cut(string(line), maxComplaint))
		default:
			rest, _ := lines.Peek(lines.Buffered()) // which is there
			left += 1 + bytes.Count(rest, []byte{'\n'})
			_, _ = lines.Discard(len(rest))
		}
	}
}
