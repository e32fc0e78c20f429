-- What people asked Hearth to remember, in their own words. Person '' is the household, room '' is everywhere. What
-- somebody likes has a value; there is one for each person, room and kind.

CREATE TABLE facts (
	id      TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	room    TEXT NOT NULL,
	text    TEXT NOT NULL,
	likes   TEXT NOT NULL,
	value   REAL NOT NULL,
	unit    TEXT NOT NULL,
	at      TEXT NOT NULL
) STRICT;

CREATE INDEX facts_by_person ON facts (person, at);
CREATE UNIQUE INDEX facts_by_liking ON facts (person, room, likes) WHERE likes <> '';
CREATE INDEX turns_by_person ON turns (person) WHERE person <> '';
