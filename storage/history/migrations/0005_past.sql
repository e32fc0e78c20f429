-- Which rule decided, and what it takes to find the turns that changed something, or those of one conversation.

ALTER TABLE turns ADD COLUMN rule TEXT NOT NULL DEFAULT '';

CREATE INDEX steps_by_entity ON steps (entity, turn_id);
CREATE INDEX turns_by_session ON turns (session, at);
CREATE INDEX turns_by_room ON turns (room, at);
