//go:build boot

// Package monitoring_test asks a real Prometheus, which watches a running Hearth, everything that the dashboard and
// the rules ask.
package monitoring_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestPromtool(t *testing.T) {
	for _, args := range [][]string{{"check", "rules", "hearth.rules.yml"}, {"test", "rules", "hearth.rules.test.yml"}} {
		if out, err := exec.Command("promtool", args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func TestEveryQueryHasAnAnswer(t *testing.T) {
	prometheus := startPrometheus(t, startHearth(t))
	for title, queries := range dashboard(t) {
		for _, query := range queries {
			eventually(t, fmt.Sprintf("%s: %s", title, query), func() error { return ask(prometheus, query) })
		}
	}
}

func TestEveryRuleIsHealthy(t *testing.T) {
	prometheus := startPrometheus(t, startHearth(t))
	eventually(t, "the rules", func() error {
		var answer struct {
			Data struct {
				Groups []struct {
					Rules []struct{ Name, Health, LastError string }
				}
			}
		}
		if err := get(prometheus+"/api/v1/rules", &answer); err != nil {
			return err
		}
		count := 0
		for _, g := range answer.Data.Groups {
			for _, r := range g.Rules {
				if count++; r.Health != "ok" {
					return fmt.Errorf("%s is %s: %s", r.Name, r.Health, r.LastError)
				}
			}
		}
		if count < 10 {
			return fmt.Errorf("%d rules", count)
		}
		return nil
	})
	text, err := os.ReadFile("hearth.rules.yml") // a rule about nothing is healthy, too
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`\b(hearth_|process_)\w+`).FindAllString(string(text), -1) {
		eventually(t, name, func() error { return ask(prometheus, name) })
	}
}

// startHearth runs a hub in its simulated home, that has heard a few things, and gives its address.
func startHearth(t *testing.T) string {
	t.Helper()
	dir, address := t.TempDir(), freeAddress(t)
	bin, socket := filepath.Join(dir, "hearthd"), filepath.Join("/tmp", fmt.Sprintf("hearth-%d.sock", time.Now().UnixNano()))
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/hearthd").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "hearthd.yaml")
	text := fmt.Sprintf("state_dir: %s\nsocket: %s\nsentences: \"\"\nweb: {listen: %s}\nmqtt: {listen: %s}\nmicrophone: {device: \"off\"}\nmodel: {url: http://127.0.0.1:1}\n",
		dir, socket, address, freeAddress(t))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, bin, "run", "--config", file)
	for _, sentence := range []string{"turn on the kitchen ceiling", "turn on the porch light", "unlock the front door", "what time is it", "blah"} {
		eventually(t, sentence, func() error { return exec.Command(bin, "say", "--config", file, sentence).Run() })
	}
	return address
}

func startPrometheus(t *testing.T, hub string) (url string) {
	t.Helper()
	dir, address := t.TempDir(), freeAddress(t)
	rules, err := filepath.Abs("hearth.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%s]\nscrape_configs: [{job_name: hearth, static_configs: [{targets: [%q]}]}]\n", rules, hub)
	file := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "prometheus", "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address)
	return "http://" + address
}

// run starts a program and stops it at the end of the test.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	var said strings.Builder
	program := exec.Command(name, args...)
	program.Stdout, program.Stderr = &said, &said
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		program.Process.Signal(os.Interrupt)
		program.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, said.String())
		}
	})
}

// dashboard are the queries of each panel, with Grafana's variables filled in.
func dashboard(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("hearth-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			query := strings.NewReplacer("$instance", ".*", "$__rate_interval", "30s").Replace(target.Expr)
			if left := regexp.MustCompile(`\$\w+`).FindString(query); left != "" {
				t.Errorf("%s: the query has the variable %s", p.Title, left)
			}
			all[p.Title] = append(all[p.Title], query)
		}
	}
	if len(all) < 15 {
		t.Errorf("%d panels", len(all))
	}
	return all
}

// ask wants an answer that is not empty.
func ask(prometheus, query string) error {
	var answer struct {
		Status, Error string
		Data          struct{ Result []any }
	}
	if err := get(prometheus+"/api/v1/query?query="+url.QueryEscape(query), &answer); err != nil {
		return err
	}
	if answer.Status != "success" || len(answer.Data.Result) == 0 {
		return fmt.Errorf("%s %s: %d series", answer.Status, answer.Error, len(answer.Data.Result))
	}
	return nil
}

func get(url string, into any) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func eventually(t *testing.T, what string, f func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s: %v", what, err)
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
