package wake

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// wordMark begins each word among the model's pieces (SentencePiece).
const wordMark = "▁"

// A vocabulary is the pieces of words that the model knows.
type vocabulary struct {
	ids     map[string]int     // the piece's token
	scores  map[string]float64 // its log probability
	longest int                // runes
}

// readVocabulary reads tokens.txt, a piece and its number a line, and bpe.vocab, a piece and its log probability
// a line, from a model's folder.
func readVocabulary(dir string) (*vocabulary, error) {
	v := &vocabulary{ids: map[string]int{}, scores: map[string]float64{}}
	err := eachPair(filepath.Join(dir, tokensFile), " ", func(piece, number string) (err error) {
		v.ids[piece], err = strconv.Atoi(number)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachPair(filepath.Join(dir, scoresFile), "\t", func(piece, number string) error {
		score, err := strconv.ParseFloat(number, 64)
		if _, known := v.ids[piece]; err == nil && !known {
			err = fmt.Errorf("it is not in %s", tokensFile)
		}
		if !strings.HasPrefix(piece, "<") { // <blk>, <unk> and the like are never said
			v.scores[piece] = score
			v.longest = max(v.longest, utf8.RuneCountInString(piece))
		}
		return err
	})
	return v, err
}

// eachPair calls f for the two fields of each line.
func eachPair(path, separator string, f func(piece, number string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		piece, number, ok := strings.Cut(lines.Text(), separator)
		if !ok {
			return fmt.Errorf("read %s: line %d is not a piece and a number", path, n)
		}
		if err := f(piece, number); err != nil {
			return fmt.Errorf("read %s: line %d: piece %q: %w", path, n, piece, err)
		}
	}
	return lines.Err()
}

// pieces cuts a phrase into the model's pieces: of all ways to do it the likeliest, as SentencePiece's unigram
// model has it (Kudo 2018). The error names the first letter that no piece has.
func (v *vocabulary) pieces(phrase string) ([]int, error) {
	words := strings.Fields(strings.ToUpper(phrase))
	if len(words) == 0 {
		return nil, fmt.Errorf("the wake phrase %q has no words", phrase)
	}
	text := []rune(wordMark + strings.Join(words, wordMark))
	best := make([]float64, len(text)+1) // of the text up to here
	from := make([]int, len(text)+1)     // where the last piece of that begins
	for end := 1; end <= len(text); end++ {
		best[end] = math.Inf(-1)
		for start := max(0, end-v.longest); start < end; start++ {
			if score, ok := v.scores[string(text[start:end])]; ok && best[start]+score > best[end] {
				best[end], from[end] = best[start]+score, start
			}
		}
		if math.IsInf(best[end], -1) && !v.has(text[end-1]) {
			return nil, fmt.Errorf("the wake phrase %q has %q, which the model has not learned: use English words in letters", phrase, text[end-1])
		}
	}
	if math.IsInf(best[len(text)], -1) {
		return nil, fmt.Errorf("the wake phrase %q cannot be made of the model's pieces: use English words in letters", phrase)
	}
	var ids []int
	for end := len(text); end > 0; end = from[end] {
		ids = append([]int{v.ids[string(text[from[end]:end])]}, ids...)
	}
	return ids, nil
}

// has tells whether any piece has the letter.
func (v *vocabulary) has(letter rune) bool {
	for piece := range v.scores {
		if strings.ContainsRune(piece, letter) {
			return true
		}
	}
	return false
}
