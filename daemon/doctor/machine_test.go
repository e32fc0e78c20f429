package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLimitsOfMemory(t *testing.T) {
	const service = "system.slice/hearthd.service/"
	for name, test := range map[string]struct {
		files map[string]string
		level Level
		says  string
	}{
		"a kernel without":     {map[string]string{"cgroup.controllers": "cpuset cpu io pids\n", service + "cpu.max": "max"}, Warning, "do nothing"},
		"a kernel with":        {map[string]string{"cgroup.controllers": "cpu memory\n", service + "memory.max": "629145600\n"}, OK, "629145600"},
		"no limits wanted":     {map[string]string{"cgroup.controllers": "cpu memory\n", service + "cpu.max": "max"}, "", ""},
		"no service":           {map[string]string{"cgroup.controllers": "cpu\n"}, "", ""},
		"cgroups of version 1": {map[string]string{"memory/x": "", service + "tasks": ""}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, text := range test.files {
				path := filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			switch found := memoryLimits(root); {
			case test.level == "" && len(found) > 0:
				t.Errorf("found %+v", found)
			case test.level != "" && (len(found) != 1 || found[0].Level != test.level || !strings.Contains(found[0].Message, test.says)):
				t.Errorf("found %+v, want %s with %q", found, test.level, test.says)
			}
		})
	}
}
