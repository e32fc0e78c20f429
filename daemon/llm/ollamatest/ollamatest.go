// Package ollamatest runs a real Ollama for tests, through the recipe beside the project.
package ollamatest

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The models that `make ollama` installs. They hold to a form, and are mostly wrong.
const (
	Talks  = "smollm2:135m"
	Embeds = "all-minilm:22m"
)

// Start is the URL of a server that runs until the test ends. HEARTH_OLLAMA names one that runs anyway. The test is
// skipped where none is installed.
func Start(tb testing.TB) string {
	tb.Helper()
	if url := os.Getenv("HEARTH_OLLAMA"); url != "" {
		return url
	}
	url, stop, err := Run()
	if errors.Is(err, os.ErrNotExist) {
		tb.Skipf("no Ollama (make ollama): %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := stop(); err != nil {
			tb.Error(err)
		}
	})
	return url
}

// Run starts a server of its own, with the models that are installed, until stop is called. The error is
// os.ErrNotExist where the recipe or what it installs is not there.
func Run() (url string, stop func() error, err error) {
	recipe, install, err := Installed()
	if err != nil {
		return "", nil, err
	}
	dir, err := instance(install)
	if err != nil {
		return "", nil, fmt.Errorf("prepare a folder for Ollama: %w", err)
	}
	stop = func() error {
		err := run(recipe, dir, "stop")
		return errors.Join(err, os.RemoveAll(dir))
	}
	port, err := freePort()
	if err == nil {
		err = run(recipe, dir, strconv.Itoa(port))
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return fmt.Sprintf("http://127.0.0.1:%d", port), stop, nil
}

// Installed tells where the recipe's script and what it has installed are.
func Installed() (recipe, install string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", err
	}
	install = filepath.Join(cache, "hearth", "ollama")
	recipe = filepath.Join(cmp.Or(os.Getenv("HEARTH_SHARED"), beside()), "recipes", "ollama", "run.sh")
	for _, needed := range []string{recipe, filepath.Join(install, "bin", "ollama"), filepath.Join(install, "models", "manifests")} {
		if _, err := os.Stat(needed); err != nil {
			return "", "", err
		}
	}
	return recipe, install, nil
}

// beside is the folder beside the module in which shared data lies.
func beside() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "..", "shared")
}

// instance is a folder of a server's own, which shares program and models with the installation: the script knows
// its server by the path of the program.
func instance(install string) (string, error) {
	dir, err := os.MkdirTemp(install, "run-")
	if err != nil {
		return "", err
	}
	return dir, errors.Join(
		os.Mkdir(filepath.Join(dir, "bin"), 0o755),
		os.Link(filepath.Join(install, "bin", "ollama"), filepath.Join(dir, "bin", "ollama")),
		os.Symlink(filepath.Join(install, "models"), filepath.Join(dir, "models")))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// run runs the script, whose server outlives it: the output goes to a file, for which nobody waits.
func run(recipe, dir, argument string) error {
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		return err
	}
	defer out.Close()
	command := exec.Command(recipe, dir, argument)
	command.Env = append(os.Environ(), "OLLAMA_NOPRUNE=1") // other servers use the same models
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s %s: %w\n%s", recipe, argument, err, text)
	}
	return nil
}
