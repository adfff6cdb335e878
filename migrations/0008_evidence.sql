-- What the evidence learns from and what it learned: past episodes from elsewhere, and fitted models.

-- Past episodes that were imported. No names, no contact, no link to a client's file. Our own clients' episodes are the
-- outcomes' table; learning reads both.
CREATE TABLE evidence_episodes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- What the mapping calls the file's origin, and what that origin calls the row (its id, or a hash of its line). Learning
  -- reads in their order, which must be the same on every machine.
  source text COLLATE "C" NOT NULL,
  source_key text COLLATE "C" NOT NULL,
  content_hash text NOT NULL,
  -- Time zero, where the file tells it.
  started_on date,
  facts jsonb NOT NULL,
  -- A service type or 'none'.
  taken text NOT NULL,
  provider text,
  working_at_180 boolean,
  working_at_365 boolean,
  -- A month.
  earnings_at_365_cents bigint CHECK (earnings_at_365_cents >= 0),
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, source, source_key)
);
ALTER TABLE evidence_episodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_episodes FORCE ROW LEVEL SECURITY;
CREATE POLICY job_all ON evidence_episodes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON evidence_episodes TO waypost_job;

-- A fitted model is never changed, only replaced: a recommendation keeps the one that it was made with.
CREATE TABLE evidence_models (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('classic')),
  version integer NOT NULL CHECK (version > 0),
  learned_at timestamptz NOT NULL,
  replaced_at timestamptz,
  -- Names of columns, arms and facts; what src/evidence/model-bytes.ts needs to read the rest.
  layout jsonb NOT NULL,
  -- Coefficients of the fit and of its bootstrap draws, 32-bit floats, little-endian.
  numbers bytea NOT NULL,
  -- Past clients' answers in compact form, to count similar ones: 32-bit integers, little-endian; and their arms.
  past_answers bytea NOT NULL,
  past_arms bytea NOT NULL,
  -- What the fit says of itself.
  card jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, kind, version)
);
CREATE UNIQUE INDEX evidence_models_in_use ON evidence_models (network_id, kind) WHERE replaced_at IS NULL;
ALTER TABLE evidence_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_models FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON evidence_models FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
  );
CREATE POLICY job_all ON evidence_models TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON evidence_models TO waypost_staff;
GRANT SELECT, INSERT, UPDATE (replaced_at) ON evidence_models TO waypost_job;
