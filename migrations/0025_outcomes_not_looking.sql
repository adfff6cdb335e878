-- Somebody may neither work, train nor look for work: caring for a child, ill, on the way elsewhere. It is an answer too.

ALTER TABLE outcome_statements DROP CONSTRAINT outcome_statements_kind_check;
ALTER TABLE outcome_statements ADD CONSTRAINT outcome_statements_kind_check CHECK (kind IN (
  'working', 'training', 'still_looking', 'not_looking', 'lost_touch', 'no_pay'));
