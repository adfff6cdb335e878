-- Kinds of service of which a recommendation says that nobody like the client took them: no number stands beside them.
ALTER TABLE recommendations ADD COLUMN unsupported text[] NOT NULL DEFAULT '{}';
