-- Timers that have not rung. A timer stands still while it has no time at which it is due.

CREATE TABLE timers (
	id        TEXT PRIMARY KEY,
	name      TEXT    NOT NULL,
	room      TEXT    NOT NULL,
	command   TEXT    NOT NULL,
	length_ns INTEGER NOT NULL,
	due       TEXT,
	left_ns   INTEGER NOT NULL,
	created   TEXT    NOT NULL
) STRICT;
