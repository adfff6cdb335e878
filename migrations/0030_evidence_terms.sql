-- What services were said to cost and how many can have them when a learning was asked for: a list of
-- {arm, cost, capacity} (src/evidence/policy/terms.ts).
ALTER TABLE evidence_learnings ADD COLUMN terms jsonb NOT NULL DEFAULT '[]';
