-- Turns, what they did, and what was refused. Times are UTC with nanoseconds, so that text sorts by time.

CREATE TABLE turns (
	id         TEXT PRIMARY KEY,
	at         TEXT NOT NULL,
	session    TEXT NOT NULL,
	room       TEXT NOT NULL,
	heard      TEXT NOT NULL,
	heard_free TEXT NOT NULL,
	confidence REAL NOT NULL,
	recogniser TEXT NOT NULL,
	decided_by TEXT NOT NULL,
	intent     TEXT NOT NULL,
	slots      TEXT NOT NULL, -- JSON
	reply      TEXT NOT NULL,
	asks       TEXT NOT NULL,
	failure    TEXT NOT NULL,
	timings    TEXT NOT NULL, -- JSON: milliseconds by stage
	total_ms   REAL NOT NULL
) STRICT;

CREATE INDEX turns_by_time ON turns (at);

CREATE TABLE steps (
	turn_id  TEXT    NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
	seq      INTEGER NOT NULL,
	entity   TEXT    NOT NULL,
	service  TEXT    NOT NULL,
	data     TEXT    NOT NULL, -- JSON
	outcome  TEXT    NOT NULL,
	evidence TEXT    NOT NULL,
	ms       REAL    NOT NULL,
	PRIMARY KEY (turn_id, seq)
) STRICT, WITHOUT ROWID;

-- What the gate did not let pass. It keeps turn IDs without referring to turns: a turn may be deleted
-- at its speaker's wish, the audit may not.
CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	at      TEXT NOT NULL,
	turn_id TEXT NOT NULL,
	session TEXT NOT NULL,
	entity  TEXT NOT NULL,
	service TEXT NOT NULL,
	verdict TEXT NOT NULL,
	reason  TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
BEGIN
	SELECT raise(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
	SELECT raise(ABORT, 'the audit is append-only');
END;

-- Turns that replication has yet to copy, oldest first.
CREATE TABLE outbox (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	turn_id TEXT NOT NULL UNIQUE REFERENCES turns (id) ON DELETE CASCADE,
	created TEXT NOT NULL
) STRICT;
