package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the scripts read the history

	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/llm/ollamatest"
	"hearth/daemon/web"
)

// TestScripts runs the built program as its owner would: each script in testdata/script starts it with a
// configuration of its own, speaks to it, and reads back replies, rows and metrics.
func TestScripts(t *testing.T) {
	// Naming the program's entry links all of it into this test, so that a change anywhere in it is not
	// answered from the cache of go test, which does not see the program that is built here.
	runtime.KeepAlive(run)
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "hearthd"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build hearthd: %v\n%s", err, out)
	}
	assets := (&config.Config{}).AssetsDir()
	if _, err := os.Stat(filepath.Join(assets, "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			env.Setenv("HEARTH_ASSETS", assets)
			env.Setenv("HEARTH_SHARED", shared())
			env.Values[notified{}] = new(notifications)
			env.Values[stopOllama{}] = new(func() error)
			env.Values[hostileServer{}] = new(rude)
			env.Values[modelScript{}] = new(modelStop)
			return writeConfig(env)
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "shared":
				return shared() != "", nil
			case "wake":
				_, err := os.Stat(daemon.WakeModel(&config.Config{}))
				return err == nil, nil
			case "home-assistant":
				_, _, err := homeAssistantRecipe()
				return err == nil, nil
			case "ollama":
				_, _, err := ollamatest.Installed()
				return err == nil, nil
			case "mount":
				return canMount(), nil
			case "attach":
				return canAttach(), nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"ready": ready, "component": component, "get": get, "metric": metric, "rows": rows, "eventually": eventually,
			"kill-child": killChild, "terminate": terminate, "disk": disk, "systemd": systemd,
			"homeassistant": homeAssistantScript, "ollama": ollamaScript, "model": model, "replace": replace,
			"hostile": hostileScript,
		},
	})
}

// shared is the folder of recordings beside the project, "" when there is none.
func shared() string {
	if dir := os.Getenv("HEARTH_SHARED"); dir != "" {
		return dir
	}
	dir, err := filepath.Abs("../../../shared")
	if err != nil {
		return ""
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// writeConfig gives the script a daemon that shares nothing with another.
func writeConfig(env *testscript.Env) error {
	webAddress, err := freeAddress()
	if err != nil {
		return err
	}
	mqttAddress, err := freeAddress()
	if err != nil {
		return err
	}
	// A socket's path has room for about a hundred bytes.
	state, err := os.MkdirTemp("", "hearth")
	if err != nil {
		return err
	}
	env.Defer(func() { os.RemoveAll(state) })
	env.Setenv("STATE", state)
	env.Setenv("SOCKET", filepath.Join(state, "hearthd.sock"))
	env.Setenv("WEB", "http://"+webAddress)
	env.Setenv("HEARTH_CONFIG", filepath.Join(env.WorkDir, "hearthd.yaml"))
	text := fmt.Sprintf("state_dir: %s\nsentences: %s\nweb: {listen: %s}\nmqtt: {listen: %s, id: test}\nmicrophone: {device: \"off\"}\nmodel: {url: http://127.0.0.1:1}\n",
		state, filepath.Join(env.WorkDir, "sentences"), webAddress, mqttAddress)
	return os.WriteFile(filepath.Join(env.WorkDir, "hearthd.yaml"), []byte(text), 0o600)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// patience is how long a script waits for the daemon; it ends the wait on a machine where it is broken.
const patience = time.Minute

// within tries again until f succeeds or patience has run out.
func within(ts *testscript.TestScript, f func() error) { withinTime(ts, patience, f) }

func withinTime(ts *testscript.TestScript, patience time.Duration, f func() error) {
	deadline := time.Now().Add(patience)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("not within %s: %v", patience, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ready COMPONENT...: waits until these components work.
func ready(ts *testscript.TestScript, _ bool, components []string) {
	for _, name := range components {
		component(ts, false, []string{name, string(web.OK), ""})
	}
}

// component NAME STATE DETAIL: waits until a component is in that state, with a detail that matches.
func component(ts *testscript.TestScript, _ bool, args []string) {
	name, state, detail := args[0], web.State(args[1]), regexp.MustCompile(args[2])
	client := web.NewClient(ts.Getenv("SOCKET"))
	defer client.Close()
	within(ts, func() error {
		now, err := client.Ready(context.Background())
		if c := now.Components[name]; err == nil && (c.State != state || !detail.MatchString(c.Detail)) {
			err = fmt.Errorf("%s is %+v", name, c)
		}
		return err
	})
}

// get PATH: prints what the web server answers; `! get` wants an error status.
func get(ts *testscript.TestScript, neg bool, args []string) {
	status, body, err := fetch(ts.Getenv("WEB") + args[0])
	ts.Check(err)
	if (status >= 400) != neg {
		ts.Fatalf("GET %s: %d\n%s", args[0], status, body)
	}
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}

// metric PATTERN: waits until a line of /metrics matches.
func metric(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[0])
	within(ts, func() error {
		_, body, err := fetch(ts.Getenv("WEB") + "/metrics")
		if err == nil && !pattern.Match(body) {
			err = fmt.Errorf("no metric is like %s", pattern)
		}
		return err
	})
}

func fetch(url string) (status int, body []byte, err error) {
	response, err := http.Get(url)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// kill-child COMMAND: kills the script's own hearthd COMMAND, and waits for its successor.
func killChild(ts *testscript.TestScript, _ bool, args []string) {
	find := func() (int, error) { return findChild(args[0], "STATE="+ts.Getenv("STATE")) }
	pid, err := find()
	ts.Check(err)
	ts.Check(syscall.Kill(pid, syscall.SIGKILL))
	within(ts, func() error {
		now, err := find()
		if now == pid {
			return fmt.Errorf("process %d is still there", pid)
		}
		return err
	})
}

// stopTime is the longest a stop may take, however slow the machine: systemd would kill the daemon then.
const stopTime = 12 * time.Second

// terminate: stops the script's own daemon as systemd does, and waits until it is gone.
func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	find := func() (int, error) { return findChild("run", "STATE="+ts.Getenv("STATE")) }
	pid, err := find()
	ts.Check(err)
	ts.Check(syscall.Kill(pid, syscall.SIGTERM))
	withinTime(ts, stopTime, func() error {
		if pid, err := find(); err == nil {
			return fmt.Errorf("process %d is still there", pid)
		}
		return nil
	})
}

// findChild looks for a process by its first argument and one line of its environment.
func findChild(command, variable string) (pid int, err error) {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, process := range processes {
		line, _ := os.ReadFile(filepath.Join(process, "cmdline"))
		environment, _ := os.ReadFile(filepath.Join(process, "environ"))
		words := strings.Split(string(line), "\x00")
		if len(words) > 1 && words[1] == command && strings.Contains("\x00"+string(environment), "\x00"+variable+"\x00") {
			return strconv.Atoi(filepath.Base(process))
		}
	}
	return 0, fmt.Errorf("no hearthd %s is running", command)
}

// rows SQL: prints the rows of a query on the history, columns separated by "|".
func rows(ts *testscript.TestScript, _ bool, args []string) {
	out, err := query(ts.Getenv("STATE"), args[0])
	ts.Check(err)
	_, err = io.WriteString(ts.Stdout(), out)
	ts.Check(err)
}

// eventually SQL WANT: waits until the query gives that.
func eventually(ts *testscript.TestScript, _ bool, args []string) {
	within(ts, func() error {
		out, err := query(ts.Getenv("STATE"), args[0])
		if err == nil && strings.TrimSpace(out) != args[1] {
			err = fmt.Errorf("%s gives %q, want %q", args[0], strings.TrimSpace(out), args[1])
		}
		return err
	})
}

func query(state, statement string) (string, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(state, "history.db")+"?mode=ro")
	if err != nil {
		return "", err
	}
	defer db.Close()
	found, err := db.Query(statement)
	if err != nil {
		return "", err
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for found.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(sql.NullString)
		}
		if err := found.Scan(values...); err != nil {
			return "", err
		}
		for i, v := range values {
			if i > 0 {
				out.WriteByte('|')
			}
			out.WriteString(v.(*sql.NullString).String)
		}
		out.WriteByte('\n')
	}
	return out.String(), found.Err()
}
