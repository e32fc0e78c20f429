-- Whose timer it is, and in which of a channel's conversations it was set: there it is carried out, and asks.

ALTER TABLE timers ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN talk   TEXT NOT NULL DEFAULT '';
