package convert

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"hearth/audio/stt/whisper"
)

// config is what we read of CTranslate2's config.json.
type config struct {
	Suppress      []int `json:"suppress_ids"`
	SuppressBegin []int `json:"suppress_ids_begin"`
	Languages     []int `json:"lang_ids"`
}

// settings gathers what decoding needs to know of the model.
func settings(file []byte, vocabulary []string, d dims) (whisper.Settings, error) {
	var c config
	if err := json.Unmarshal(file, &c); err != nil {
		return whisper.Settings{}, err
	}
	at := make(map[string]int, len(vocabulary))
	for id, token := range vocabulary {
		at[token] = id
	}
	s := whisper.Settings{
		Layers: d.layers, Heads: d.heads, HeadWidth: d.width / d.heads, Vocabulary: d.words,
		Suppress: c.Suppress, SuppressBegin: c.SuppressBegin,
	}
	for name, id := range map[string]*int{
		"<|endoftext|>": &s.End, "<|startoftranscript|>": &s.Start, "<|startofprev|>": &s.Previous,
		"<|transcribe|>": &s.Transcribe, "<|notimestamps|>": &s.NoTimestamps,
	} {
		var ok bool
		if *id, ok = at[name]; !ok {
			return s, fmt.Errorf("the vocabulary has no %s", name)
		}
	}
	if s.NoSpeech = at["<|nospeech|>"]; s.NoSpeech == 0 {
		s.NoSpeech = at["<|nocaptions|>"] // its name in the first release
	}
	if d.words >= 51865 { // English-only models have one token less and do not take a language
		s.Languages = languages(c.Languages, vocabulary)
	}
	return s, nil
}

// languages maps "en" to the id of "<|en|>".
func languages(ids []int, vocabulary []string) map[string]int {
	m := make(map[string]int, len(ids))
	for _, id := range ids {
		if id >= 0 && id < len(vocabulary) {
			m[strings.Trim(vocabulary[id], "<|>")] = id
		}
	}
	return m
}

// readVocabulary reads vocabulary.txt: one token a line, in the order of their ids.
func readVocabulary(file []byte) []string {
	return strings.Split(strings.TrimSuffix(string(file), "\n"), "\n")
}

// tokenBytes writes what each token stands for: its length as a varint, then its bytes. The vocabulary
// spells bytes as printable runes, as GPT-2 does; special tokens like <|endoftext|> stay as they are.
func tokenBytes(vocabulary []string) ([]byte, error) {
	spelled := byteSpelling()
	var out []byte
	for id, token := range vocabulary {
		text := []byte(token)
		if !strings.HasPrefix(token, "<|") {
			text = text[:0:0]
			for _, r := range token {
				b, ok := spelled[r]
				if !ok {
					return nil, fmt.Errorf("token %d, %q: %q spells no byte", id, token, r)
				}
				text = append(text, b)
			}
		}
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	return out, nil
}

// byteSpelling is GPT-2's bytes_to_unicode the other way round: printable bytes stand for themselves,
// the others are spelled with the runes from 256 on.
func byteSpelling() map[rune]byte {
	m := make(map[rune]byte, 256)
	next := rune(256)
	for b := range 256 {
		if r := rune(b); r >= '!' && r <= '~' || r >= '¡' && r <= '¬' || r >= '®' {
			m[r] = byte(b)
			continue
		}
		m[next] = byte(b)
		next++
	}
	return m
}
