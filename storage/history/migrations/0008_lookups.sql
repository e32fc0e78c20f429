-- What the language model asked its tools before it answered.

ALTER TABLE turns ADD COLUMN lookups TEXT NOT NULL DEFAULT 'null'; -- JSON
