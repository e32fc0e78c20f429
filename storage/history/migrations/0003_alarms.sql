-- Alarms, reminders and conditions beside timers, what begins a turn that no person began, and what was begun.
-- Times of day are without a zone: '2026-11-29T07:30'. Days are 'mon,tue'.

ALTER TABLE timers ADD COLUMN kind    TEXT NOT NULL DEFAULT 'timer';
ALTER TABLE timers ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN at      TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN days    TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN entity  TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN state   TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN turn    TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN channel TEXT NOT NULL DEFAULT '';

-- What a timer does is begun once under each key, and written here before that. A claim goes with its timer.
CREATE TABLE claims (
	key      TEXT PRIMARY KEY,
	timer_id TEXT NOT NULL REFERENCES timers (id) ON DELETE CASCADE,
	at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_by_timer ON claims (timer_id);

ALTER TABLE turns ADD COLUMN trigger TEXT NOT NULL DEFAULT 'null'; -- JSON
