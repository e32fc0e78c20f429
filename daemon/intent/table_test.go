package intent

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// TestTable compares a table with a map while both are filled and emptied.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, want := newTable(), map[uint64]int32{}
		table.stamp = rapid.SampledFrom([]uint32{1, ^uint32(0) - 1}).Draw(t, "stamp")
		key := rapid.Custom(func(t *rapid.T) uint64 {
			return rapid.Uint64Range(0, 40).Draw(t, "node")<<32 | rapid.Uint64Range(0, 40).Draw(t, "rest")
		})
		for range rapid.IntRange(0, 400).Draw(t, "steps") {
			k, v := key.Draw(t, "key"), rapid.Int32().Draw(t, "value")
			switch rapid.IntRange(0, 60).Draw(t, "what") {
			case 0:
				table.clear()
				clear(want)
			case 1:
				_, known := want[k]
				if table.add(k) == known {
					t.Fatalf("add(%x) = %v", k, !known)
				}
				want[k], _ = table.get(k)
			default:
				table.put(k, v)
				want[k] = v
			}
			probe := key.Draw(t, "probe")
			if got, ok := table.get(probe); ok != (has(want, probe)) || ok && got != want[probe] {
				t.Fatalf("get(%x) = %d, %v, want %d", probe, got, ok, want[probe])
			}
		}
		keys := map[uint64]int32{}
		for k := range table.keys() {
			keys[k], _ = table.get(k)
		}
		if !maps.Equal(keys, want) || table.len() != len(want) {
			t.Fatalf("holds %v, want %v", keys, want)
		}
	})
}

func has(m map[uint64]int32, key uint64) bool {
	_, ok := m[key]
	return ok
}
