-- What came of it: episodes, what was said about a client's work, and when to ask again.

-- One row an assessed client and time zero. `facts` is what was known then and never changes; the rest follows from
-- statements and attendances (src/outcomes/episode.ts) and is written by the same hand that records them.
CREATE TABLE episodes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  assessment_id uuid,
  -- Time zero: the day the assessment was completed.
  started_on date NOT NULL,
  facts jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'completed', 'missing')),
  closed_on date,
  -- A service type, 'none' once 90 days have passed without one, null while that is open.
  taken text,
  taken_on date,
  referred_to text,
  working_at_180 boolean,
  working_at_365 boolean,
  in_training_at_365 boolean,
  -- A month.
  earnings_at_365_cents bigint,
  source_at_365 text,
  is_contradicted boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  settled_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  CHECK ((state = 'open') = (closed_on IS NULL)),
  CHECK (state <> 'completed' OR working_at_365 IS NOT NULL)
);
CREATE UNIQUE INDEX episodes_one_open ON episodes (network_id, client_id) WHERE state = 'open';
CREATE UNIQUE INDEX episodes_of_assessment ON episodes (network_id, assessment_id) WHERE assessment_id IS NOT NULL;
CREATE INDEX episodes_of_client ON episodes (network_id, client_id, started_on DESC);
CREATE INDEX episodes_by_state ON episodes (network_id, state, started_on);

-- Every assessed client is asked at 3, 6 and 12 months, referred or not.
CREATE TABLE follow_ups (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  episode_id uuid NOT NULL,
  months integer NOT NULL CHECK (months IN (3, 6, 12)),
  due_on date NOT NULL,
  -- The last day on which an answer still speaks of this time.
  ends_on date NOT NULL,
  -- let_go: nobody was asked in time; the next one asks.
  state text NOT NULL CHECK (state IN ('due', 'answered', 'let_go')),
  answered_at timestamptz,
  statement_id uuid,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, episode_id, months),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, episode_id) REFERENCES episodes (network_id, id),
  CHECK ((state = 'answered') = (statement_id IS NOT NULL))
);
CREATE INDEX follow_ups_due ON follow_ups (network_id, due_on) WHERE state = 'due';
CREATE INDEX follow_ups_of_client ON follow_ups (network_id, client_id, due_on);

-- Who said what about a client's work. Only added to; a wrong one is put right by a later one that names it.
CREATE TABLE outcome_statements (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN ('working', 'training', 'still_looking', 'lost_touch', 'no_pay')),
  since date,
  as_of date NOT NULL,
  source text NOT NULL CHECK (source IN ('client', 'employer', 'partner', 'adviser', 'wage_record')),
  channel text NOT NULL CHECK (channel IN ('page', 'link', 'phone', 'file')),
  monthly_earnings_cents bigint CHECK (monthly_earnings_cents >= 0),
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  corrects uuid,
  -- What a file calls it, so that the same file twice is one statement.
  source_key text,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, corrects) REFERENCES outcome_statements (network_id, id),
  CHECK (since IS NULL OR since <= as_of),
  CHECK (kind <> 'no_pay' OR source = 'wage_record')
);
CREATE INDEX outcome_statements_of_client ON outcome_statements (network_id, client_id, as_of DESC);
CREATE INDEX outcome_statements_by_key ON outcome_statements (network_id, client_id, source_key) WHERE source_key IS NOT NULL;
CREATE UNIQUE INDEX outcome_statements_corrected_once ON outcome_statements (network_id, corrects) WHERE corrects IS NOT NULL;

-- A client's own way to answer. The secret is derived from the key and the id, and kept as a hash.
CREATE TABLE follow_up_links (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  follow_up_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  key_id text NOT NULL,
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, follow_up_id) REFERENCES follow_ups (network_id, id)
);
CREATE INDEX follow_up_links_of_follow_up ON follow_up_links (network_id, follow_up_id);

ALTER TABLE episodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE episodes FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON episodes TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON episodes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE follow_ups ENABLE ROW LEVEL SECURITY;
ALTER TABLE follow_ups FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON follow_ups TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON follow_ups TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE outcome_statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE outcome_statements FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON outcome_statements TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON outcome_statements TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE follow_up_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE follow_up_links FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON follow_up_links TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON follow_up_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_reads ON follow_up_links FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

-- A client with a link answers for themselves, and sees nothing else.
CREATE POLICY client_reads ON follow_ups FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
  );
CREATE POLICY client_answers ON follow_ups FOR UPDATE TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
  );
CREATE POLICY client_says ON outcome_statements FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND source = 'client'
    AND channel = 'link'
  );
CREATE POLICY client_reads ON outcome_statements FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND source = 'client'
  );

GRANT SELECT, INSERT, UPDATE ON episodes, follow_ups TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON outcome_statements TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, revoked_at) ON follow_up_links TO waypost_staff, waypost_job;
GRANT SELECT ON follow_up_links TO waypost_door;
GRANT SELECT, UPDATE (state, answered_at, statement_id) ON follow_ups TO waypost_client;
GRANT SELECT (network_id, id, client_id, source), INSERT ON outcome_statements TO waypost_client;
