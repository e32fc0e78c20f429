package main

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// distort says a sentence as people and recognisers may: a word dropped, doubled or swapped, a typo,
// punctuation, another case, skip words around it.
func distort(sentence string, skip []string, rng *rand.Rand) string {
	words := strings.Fields(sentence)
	if len(words) == 0 {
		return sentence
	}
	at := rng.IntN(len(words))
	switch rng.IntN(10) {
	case 0:
		words = slices.Delete(words, at, at+1)
	case 1:
		words = slices.Insert(words, at, words[at])
	case 2:
		if at > 0 {
			words[at-1], words[at] = words[at], words[at-1]
		}
	case 3:
		words[at] = typo(words[at], rng)
	case 4:
		return strings.ToUpper(sentence)
	case 5:
		marks := []string{".", ",", "!", "?", "…", ":", "。", "—", "'", "’"}
		words[at] += marks[rng.IntN(len(marks))]
	case 6:
		return sentence + []string{".", "!", "?", " ?", "...", "。"}[rng.IntN(6)]
	case 7:
		if len(skip) > 0 {
			words = slices.Insert(words, 0, skip[rng.IntN(len(skip))])
		}
	case 8:
		if len(skip) > 0 {
			words = append(words, skip[rng.IntN(len(skip))])
		}
	case 9:
		if at > 0 {
			glue := []string{"-", "", "  "}[rng.IntN(3)]
			words[at-1] += glue + words[at]
			words = slices.Delete(words, at, at+1)
		}
	}
	return strings.Join(words, " ")
}

// typo drops, doubles or swaps a letter.
func typo(word string, rng *rand.Rand) string {
	letters := []rune(word)
	at := rng.IntN(len(letters))
	switch rng.IntN(3) {
	case 0:
		letters = slices.Delete(letters, at, at+1)
	case 1:
		letters = slices.Insert(letters, at, letters[at])
	default:
		if at > 0 {
			letters[at-1], letters[at] = letters[at], letters[at-1]
		}
	}
	return string(letters)
}
