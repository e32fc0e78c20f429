package wake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// small is a vocabulary in which the likeliest pieces are not the longest.
func small(t *testing.T, tokens, scores string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{tokensFile: tokens, scoresFile: scores} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	smallTokens = "<blk> 0\n<unk> 2\n▁AB 3\nC 4\n▁A 5\nBC 6\n▁ 7\nA 8\nB 9\n"
	smallScores = "<blk>\t0\n<unk>\t0\n▁AB\t-3\nC\t-3\n▁A\t-2\nBC\t-3.5\n▁\t-9\nA\t-9\nB\t-9\n"
)

func TestPiecesAreTheLikeliest(t *testing.T) {
	v, err := readVocabulary(small(t, smallTokens, smallScores))
	if err != nil {
		t.Fatal(err)
	}
	for phrase, want := range map[string][]int{
		"abc":      {5, 6},    // ▁A BC, -5.5, and not ▁AB C, -6
		"ab":       {3},       // ▁AB
		" a  c":    {5, 7, 4}, // each word has its mark
		"AB abc":   {3, 5, 6},
		"":         nil,
		"a1":       nil,
		"a<blk> b": nil,
	} {
		got, err := v.pieces(phrase)
		if !slices.Equal(got, want) || (err == nil) != (want != nil) {
			t.Errorf("pieces(%q) = %v, %v, want %v", phrase, got, err, want)
		}
	}
	if _, err := v.pieces("ab9"); err == nil || !strings.Contains(err.Error(), "'9'") {
		t.Errorf("the error %v does not name what is wrong", err)
	}
}

func TestDamagedVocabularies(t *testing.T) {
	tests := []struct{ name, tokens, scores, want string }{
		{"no number", "▁A\n", "", "tokens.txt: line 1"},
		{"a number that is none", "▁A x\n", "", `piece "▁A"`},
		{"a score that is none", "▁A 1\n", "▁A\tx\n", "bpe.vocab: line 1"},
		{"a piece without a number", "▁A 1\n", "▁A\t-1\nB\t-2\n", "line 2"},
	}
	for _, test := range tests {
		dir := small(t, test.tokens, test.scores)
		_, err := readVocabulary(dir)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v, want %q and the folder in it", test.name, err, test.want)
		}
	}
	if err := Check(t.TempDir(), "okay computer"); err == nil {
		t.Error("a folder without a model will do")
	}
}
