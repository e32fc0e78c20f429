package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// distort says a sentence as people and recognisers may: one time of three in another spelling, otherwise with
// one word that is not as it should be.
func distort(sentence string, skip []string, rng *rand.Rand) string {
	words := strings.Fields(sentence)
	switch {
	case len(words) == 0:
		return sentence
	case rng.IntN(3) == 0:
		return respell(sentence, rng)
	}
	return strings.Join(slip(words, skip, rng), " ")
}

var decimal = regexp.MustCompile(`(\d)\.(\d)`)

// respell writes the same in another way.
func respell(sentence string, rng *rand.Rand) string {
	switch rng.IntN(5) {
	case 0:
		return strings.ToUpper(sentence)
	case 1:
		return sentence + choose(rng, ".", "!", "?", " ?", "...", "。")
	case 2:
		return strings.ReplaceAll(sentence, "'", "’")
	case 3:
		return decimal.ReplaceAllString(sentence, "$1,$2")
	}
	return norm.NFD.String(sentence)
}

// slip drops, doubles, swaps, misspells, marks or joins a word, or says a skip word before or after.
func slip(words, skip []string, rng *rand.Rand) []string {
	at := rng.IntN(len(words))
	filler := choose(rng, append(skip, "")...)
	switch rng.IntN(8) {
	case 0:
		return slices.Delete(words, at, at+1)
	case 1:
		return slices.Insert(words, at, words[at])
	case 2:
		words[max(at-1, 0)], words[at] = words[at], words[max(at-1, 0)]
	case 3:
		words[at] = typo(words[at], rng)
	case 4:
		words[at] += choose(rng, ".", ",", "!", "?", "…", ":", "。", "—", "'", "’")
	case 5:
		return slices.Insert(words, 0, filler)
	case 6:
		return append(words, filler)
	case 7:
		if at > 0 {
			words[at-1] += choose(rng, "-", "", "  ") + words[at]
			return slices.Delete(words, at, at+1)
		}
	}
	return words
}

func choose(rng *rand.Rand, from ...string) string { return from[rng.IntN(len(from))] }

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
