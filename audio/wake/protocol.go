package wake

import (
	"encoding/binary"
	"fmt"

	"hearth/audio/child"
)

// What the frames between a Worker and its child are, besides those of every child.
const (
	kindPhrases child.Kind = 'p' // parent: the phrases as a JSON list; answered by child.Ready
	kindSound   child.Kind = 's' // parent: see encodeSound; answered by kindHits
	kindHits    child.Kind = 'h' // child: a JSON list of Hit, empty for none
)

// encodeSound joins the number of the first sample, as 64 bits little endian, and the samples.
func encodeSound(at int64, samples []int16) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(at)), child.EncodeSamples(samples)...)
}

func decodeSound(b []byte) (at int64, samples []int16, err error) {
	if len(b) < 8 {
		return 0, nil, fmt.Errorf("%w: %d bytes are no sound", child.ErrFrame, len(b))
	}
	samples, err = child.DecodeSamples(b[8:])
	return int64(binary.LittleEndian.Uint64(b)), samples, err
}
