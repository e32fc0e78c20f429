package history

import (
	"context"
	"time"

	"hearth/daemon/home"
)

// Used counts the turns since then that did something with an entity, by entity.
func (s *Store) Used(ctx context.Context, since time.Time) (map[home.EntityID]int, error) {
	used := map[home.EntityID]int{}
	err := s.query(ctx, "count what was used", `SELECT entity, COUNT(DISTINCT turn_id) FROM steps JOIN turns ON turns.id = turn_id
		WHERE at >= ? AND outcome IN ('confirmed', 'sent') GROUP BY entity`, []any{formatTime(since)}, func(scan scan) error {
		var id home.EntityID
		var n int
		err := scan(&id, &n)
		used[id] = n
		return err
	})
	return used, err
}
