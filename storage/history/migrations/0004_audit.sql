-- Who spoke, as far as it was proven; and of each entry in the audit from where, through what and by which rule.

ALTER TABLE turns ADD COLUMN person TEXT NOT NULL DEFAULT '';

ALTER TABLE audit ADD COLUMN channel    TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN room       TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN person     TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN rule       TEXT NOT NULL DEFAULT '';

CREATE INDEX audit_by_verdict ON audit (verdict, at);
