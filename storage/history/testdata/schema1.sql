-- A database as the first schema left it, made by hand from migrations/0001_turns.sql and kept as it is:
-- the upgrade test starts from here. It is a script because a binary file cannot be reviewed.
CREATE TABLE turns (
	id TEXT PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL, room TEXT NOT NULL, heard TEXT NOT NULL,
	heard_free TEXT NOT NULL, confidence REAL NOT NULL, recogniser TEXT NOT NULL, decided_by TEXT NOT NULL,
	intent TEXT NOT NULL, slots TEXT NOT NULL, reply TEXT NOT NULL, asks TEXT NOT NULL, failure TEXT NOT NULL,
	timings TEXT NOT NULL, total_ms REAL NOT NULL
) STRICT;
CREATE INDEX turns_by_time ON turns (at);
CREATE TABLE steps (
	turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE, seq INTEGER NOT NULL, entity TEXT NOT NULL,
	service TEXT NOT NULL, data TEXT NOT NULL, outcome TEXT NOT NULL, evidence TEXT NOT NULL, ms REAL NOT NULL,
	PRIMARY KEY (turn_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, turn_id TEXT NOT NULL, session TEXT NOT NULL,
	entity TEXT NOT NULL, service TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
CREATE TABLE outbox (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, turn_id TEXT NOT NULL UNIQUE REFERENCES turns (id) ON DELETE CASCADE,
	created TEXT NOT NULL
) STRICT;

INSERT INTO turns VALUES ('01K-OLD', '2026-11-22T17:00:00.000000000Z', 'kitchen', 'kitchen', 'open the valve', '', -0.02,
	'transducer', 'grammar', 'HassOpenValve', '{"name":"water valve"}', 'That is not allowed.', '', 'not_allowed',
	'{"gate":0.1}', 12.5);
INSERT INTO steps VALUES ('01K-OLD', 0, 'valve.water', 'valve.open_valve', '{}', 'refused', 'it is not exposed to voice', 0);
INSERT INTO audit (at, turn_id, session, entity, service, verdict, reason) VALUES ('2026-11-22T17:00:00.000000000Z',
	'01K-OLD', 'kitchen', 'valve.water', 'valve.open_valve', 'refused', 'it is not exposed to voice');
INSERT INTO outbox (turn_id, created) VALUES ('01K-OLD', '2026-11-22T17:00:01.000000000Z');
PRAGMA user_version = 1;
