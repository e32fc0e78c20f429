package mcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// endTime is how long a server that runs as a program has to end after its standard input was closed.
const endTime = 2 * time.Second

// passedOn are the variables of its environment that a server's program is given. What else the daemon has in it, and
// its credentials, are none of its business.
var passedOn = []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}

// startServer runs the server's program. Release ends it and all that it has started. It is told why, and tells how a
// program came to its end that has broken the connection.
func startServer(ctx context.Context, o ClientOptions, log *slog.Logger) (t sdk.Transport, release func(why error) error, err error) {
	cmd := exec.Command(o.Command[0], o.Command[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its children can be ended with it
	cmd.Env = []string{}
	for _, name := range passedOn {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if o.Token != "" {
		cmd.Env = append(cmd.Env, "MCP_TOKEN="+o.Token)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	stdout, childOut, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	complaints, childErr, err := os.Pipe()
	if err != nil {
		return nil, nil, errors.Join(err, stdout.Close(), childOut.Close())
	}
	cmd.Stdout, cmd.Stderr = childOut, childErr
	err = cmd.Start()
	childOut.Close()
	childErr.Close()
	if err != nil {
		return nil, nil, errors.Join(err, stdout.Close(), complaints.Close())
	}
	var following sync.WaitGroup
	following.Go(func() { logLines(ctx, complaints, log) })
	gone := make(chan struct{})
	following.Go(func() {
		defer close(gone)
		_ = cmd.Wait() // the state tells how it ended
	})
	release = func(why error) error {
		stdin.Close()
		select {
		case <-gone:
			if errors.Is(why, sdk.ErrConnectionClosed) || errors.Is(why, errGone) {
				why = fmt.Errorf("%w: its program has ended: %s", why, cmd.ProcessState)
			}
		case <-time.After(endTime):
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // an error means that the group is empty
		stdout.Close()
		complaints.Close()
		following.Wait()
		return why
	}
	return &sdk.IOTransport{Reader: messagesOf(stdout), Writer: stdin, MaxLineLength: maxMessage}, release, nil
}
