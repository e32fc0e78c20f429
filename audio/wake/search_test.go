package wake

import (
	"math"
	"testing"
)

// A score is what is said, row by row: a token and how likely it is; the rest is blank.
type score []struct {
	token       int
	probability float64
}

// searched searches the score for phrases, and returns each with the row at which it was found.
func searched(t *testing.T, phrases []phrase, rows score) (found []hit, at []int) {
	t.Helper()
	row := 0
	s := newSearch(newGraph(phrases, boost), func(_ []float32, _ [2]int64, into []float32) error {
		r := rows[row]
		for i := range into {
			into[i] = -20
		}
		into[blank] = float32(math.Log(1 - r.probability + 1e-9))
		if r.token != blank {
			into[r.token] = float32(math.Log(r.probability))
		}
		return nil
	})
	for row = range rows {
		h, ok, err := s.push(nil)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			found, at = append(found, h), append(at, row)
			s.restart()
		}
		if len(s.paths) == 0 || len(s.paths) > paths {
			t.Fatalf("row %d: %d paths", row, len(s.paths))
		}
	}
	return found, at
}

func TestSearch(t *testing.T) {
	okayComputer, computer := phrase{0, []int{10, 11, 12}}, phrase{1, []int{11, 12}}
	quiet := score{{}, {}, {}, {}}
	said := func(tokens ...int) (rows score) {
		for _, token := range tokens {
			rows = append(rows, score{{token, 0.999}, {}}...)
		}
		return append(rows, quiet...)
	}
	tests := []struct {
		name    string
		phrases []phrase
		rows    score
		want    []int // numbers of phrases
	}{
		{"the phrase", []phrase{okayComputer}, said(10, 11, 12), []int{0}},
		{"twice", []phrase{okayComputer}, append(said(10, 11, 12), said(10, 11, 12)...), []int{0, 0}},
		{"its beginning", []phrase{okayComputer}, said(10, 11), nil},
		{"its end", []phrase{okayComputer}, said(11, 12), nil},
		{"another order", []phrase{okayComputer}, said(11, 10, 12), nil},
		{"something in between", []phrase{okayComputer}, said(10, 30, 31, 11, 12), nil},
		{"a false start", []phrase{okayComputer}, said(10, 10, 11, 12), []int{0}},
		{"after something else", []phrase{okayComputer}, said(40, 41, 10, 11, 12), []int{0}},
		{"the longer of two", []phrase{computer, okayComputer}, said(10, 11, 12), []int{0}},
		{"the shorter of two", []phrase{computer, okayComputer}, said(50, 11, 12), []int{1}},
		{"nothing", []phrase{okayComputer}, quiet, nil},
	}
	for _, test := range tests {
		found, _ := searched(t, test.phrases, test.rows)
		var got []int
		for _, h := range found {
			got = append(got, h.phrase)
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: found %v, want %v", test.name, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: found %v, want %v", test.name, got, test.want)
			}
		}
	}
}

func TestHitSaysWhereAndHowSure(t *testing.T) {
	rows := score{{}, {10, 0.9}, {}, {}, {11, 0.5}, {}, {}, {}}
	found, at := searched(t, []phrase{{0, []int{10, 11}}}, rows)
	if len(found) != 1 || found[0].first != 1 || found[0].last != 4 || math.Abs(found[0].probability-0.7) > 0.01 {
		t.Fatalf("found %+v", found)
	}
	if at[0] != 4+trailing+1 {
		t.Errorf("found at row %d", at[0])
	}
}

// TestALongStreamTakesNoMoreRoom has the scores and what was said stay small.
func TestALongStreamTakesNoMoreRoom(t *testing.T) {
	s := newSearch(newGraph([]phrase{{0, []int{10, 11, 10, 11}}}, boost), func(_ []float32, _ [2]int64, into []float32) error {
		for i := range into {
			into[i] = -3
		}
		return nil
	})
	for range 10000 {
		if _, _, err := s.push(nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.paths {
			if math.Abs(p.score) > 100 || len(p.said) > 4 {
				t.Fatalf("a path has the score %v and %d tokens", p.score, len(p.said))
			}
		}
	}
}
