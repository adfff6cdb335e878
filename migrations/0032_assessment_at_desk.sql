-- Assessment: a short conversation at the front desk counts before the whole of it is completed.

ALTER TABLE assessment_events DROP CONSTRAINT assessment_events_kind_check;
ALTER TABLE assessment_events ADD CONSTRAINT assessment_events_kind_check
  CHECK (kind IN ('started', 'saved', 'at_desk', 'completed', 'changed', 'changes_dropped', 'discarded'));
-- Another version of the same instrument takes the answers of the one before: found by its address.
CREATE INDEX instruments_of_url ON instruments (network_id, url, added_at DESC);
-- What a person tells of themself alone, by a link or a screen of their own, is recorded by nobody else.
ALTER TABLE client_disclosures ALTER COLUMN recorded_by DROP NOT NULL;
