package cache

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"
)

// A record is what the file holds for a key: when it was Put, as nanoseconds since 1970 in eight bytes,
// big-endian, and the value as JSON.
const headerBytes = 8

var errRecord = errors.New("not a record of this cache")

func encode[T any](put time.Time, value T) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	record := make([]byte, headerBytes, headerBytes+len(text))
	binary.BigEndian.PutUint64(record, uint64(put.UnixNano()))
	return append(record, text...), nil
}

func decode[T any](record []byte) (value T, err error) {
	if len(record) < headerBytes {
		return value, errRecord
	}
	err = json.Unmarshal(record[headerBytes:], &value)
	return value, err
}

// putTime is when a record was Put, and never after now: a clock that was set back must not make it
// live longer. A record that is none counts as the oldest.
func putTime(record []byte, now time.Time) time.Time {
	if len(record) < headerBytes {
		return time.Unix(0, 0)
	}
	put := time.Unix(0, int64(binary.BigEndian.Uint64(record)))
	if put.After(now) {
		return now
	}
	return put
}
