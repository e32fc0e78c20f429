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
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the scripts read the history

	"hearth/daemon/config"
	"hearth/daemon/web"
)

// TestScripts runs the built program as its owner would: each script in testdata/script starts it with a
// configuration of its own, speaks to it, and reads back replies, rows and metrics.
func TestScripts(t *testing.T) {
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
			return writeConfig(env)
		},
		Condition: func(name string) (bool, error) {
			if name == "shared" {
				return shared() != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"ready": ready, "get": get, "rows": rows, "eventually": eventually, "kill-child": killChild,
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
	env.Setenv("WEB", "http://"+webAddress)
	env.Setenv("HEARTH_CONFIG", filepath.Join(env.WorkDir, "hearthd.yaml"))
	text := fmt.Sprintf("state_dir: %s\nweb: {listen: %s}\nmqtt: {listen: %s, id: test}\nmicrophone: {device: \"off\"}\nmodel: {url: http://127.0.0.1:1}\n",
		state, webAddress, mqttAddress)
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
func within(ts *testscript.TestScript, f func() error) {
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
	client := web.NewClient(filepath.Join(ts.Getenv("STATE"), "hearthd.sock"))
	defer client.Close()
	within(ts, func() error {
		now, err := client.Ready(context.Background())
		for _, c := range components {
			if err == nil && now.Components[c].State != web.OK {
				err = fmt.Errorf("%s is %+v", c, now.Components[c])
			}
		}
		return err
	})
}

// get PATH: prints what the web server answers; `! get` wants an error status.
func get(ts *testscript.TestScript, neg bool, args []string) {
	response, err := http.Get(ts.Getenv("WEB") + args[0])
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	if (response.StatusCode >= 400) != neg {
		ts.Fatalf("GET %s: %s\n%s", args[0], response.Status, body)
	}
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
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
