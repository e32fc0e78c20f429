package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// A distorter distorts the sentences of one language.
type distorter struct {
	skip  []string    // its skip words
	upper cases.Caser // its capitals
	rng   *rand.Rand
}

func newDistorter(code string, v vocabulary, rng *rand.Rand) distorter {
	return distorter{skip: append(v.Skip, ""), upper: cases.Upper(language.Make(code)), rng: rng}
}

// distort says a sentence as people and recognisers may: one time of three in another spelling, otherwise with
// one word that is not as it should be.
func (d distorter) distort(sentence string) string {
	words := strings.Fields(sentence)
	switch {
	case len(words) == 0:
		return sentence
	case d.rng.IntN(3) == 0:
		return d.respell(sentence)
	}
	return strings.Join(d.slip(words), " ")
}

var decimal = regexp.MustCompile(`(\d)\.(\d)`)

// respell writes the same in another way.
func (d distorter) respell(sentence string) string {
	switch d.rng.IntN(5) {
	case 0:
		return d.upper.String(sentence)
	case 1:
		return sentence + d.choose(".", "!", "?", " ?", "...", "。")
	case 2:
		return strings.ReplaceAll(sentence, "'", "’")
	case 3:
		return decimal.ReplaceAllString(sentence, "$1,$2")
	}
	return norm.NFD.String(sentence)
}

// slip drops, doubles, swaps, misspells, marks or joins a word, or says a skip word before or after.
func (d distorter) slip(words []string) []string {
	at := d.rng.IntN(len(words))
	filler := d.choose(d.skip...)
	switch d.rng.IntN(8) {
	case 0:
		return slices.Delete(words, at, at+1)
	case 1:
		return slices.Insert(words, at, words[at])
	case 2:
		words[max(at-1, 0)], words[at] = words[at], words[max(at-1, 0)]
	case 3:
		words[at] = d.typo(words[at])
	case 4:
		words[at] += d.choose(".", ",", "!", "?", "…", ":", "。", "—", "'", "’")
	case 5:
		return slices.Insert(words, 0, filler)
	case 6:
		return append(words, filler)
	case 7:
		if at > 0 {
			words[at-1] += d.choose("-", "", "  ") + words[at]
			return slices.Delete(words, at, at+1)
		}
	}
	return words
}

func (d distorter) choose(from ...string) string { return from[d.rng.IntN(len(from))] }

// typo drops, doubles or swaps a letter.
func (d distorter) typo(word string) string {
	letters := []rune(word)
	at := d.rng.IntN(len(letters))
	switch d.rng.IntN(3) {
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
