-- Plans that the owner wants kept. Learned plans are in the cache, which may be lost and is emptied when names change;
-- that one is to be kept is the owner's decision.

CREATE TABLE pinned_plans (
	room   TEXT NOT NULL,
	person TEXT NOT NULL,
	said   TEXT NOT NULL, -- without case and punctuation
	plan   TEXT NOT NULL, -- JSON
	at     TEXT NOT NULL,
	PRIMARY KEY (room, person, said)
) STRICT, WITHOUT ROWID;
