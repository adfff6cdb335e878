-- Looking at a recommendation together: how the client ordered what they were shown; their own view of it by a link; and what
-- they asked of us about it.

-- What a client said of the services that were shown to them side by side. Only added to.
CREATE TABLE matching_client_orders (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  recommendation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  -- The language that they were shown in.
  locale text NOT NULL,
  shown uuid[] NOT NULL CHECK (cardinality(shown) BETWEEN 1 AND 3),
  -- The first choice first; empty: they want none of them, or could not say.
  wanted uuid[] NOT NULL CHECK (wanted <@ shown),
  turned_down uuid[] NOT NULL CHECK (turned_down <@ shown AND NOT turned_down && wanted),
  words text,
  recorded_by uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, recommendation_id) REFERENCES recommendations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, recorded_by) REFERENCES staff (network_id, id)
);
CREATE INDEX matching_client_orders_of_recommendation
  ON matching_client_orders (network_id, recommendation_id, recorded_at DESC);

-- The client's own view of a recommendation: what it says of them lies here, so that whoever holds the link reads this row and
-- nothing of the file. The secret is derived from the key and the id, and kept as a hash.
CREATE TABLE matching_client_links (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  recommendation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  key_id text NOT NULL,
  secret_hash bytea NOT NULL,
  locale text NOT NULL,
  -- src/matching/for-client/view.ts
  view jsonb NOT NULL,
  made_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  -- When its client first pressed "Show".
  opened_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, recommendation_id) REFERENCES recommendations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES staff (network_id, id)
);
CREATE INDEX matching_client_links_of_recommendation
  ON matching_client_links (network_id, recommendation_id, created_at DESC);

-- "This is not right" and "Please look again": each ends with an answer by a person, which goes back to the client.
CREATE TABLE matching_client_questions (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- Drawn with the form: sent twice it is one.
  id uuid NOT NULL,
  recommendation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  -- Through which link; null where it was said across the desk.
  link_id uuid,
  kind text NOT NULL CHECK (kind IN ('correction', 'look_again')),
  -- The code of the fact that is not right; null where it is another.
  fact text,
  words text NOT NULL,
  asked_at timestamptz NOT NULL,
  answer text CHECK (answer IN ('corrected', 'kept', 'looked_again')),
  answer_words text,
  answered_by uuid,
  answered_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, recommendation_id) REFERENCES recommendations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, answered_by) REFERENCES staff (network_id, id),
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
);
CREATE INDEX matching_client_questions_of_client ON matching_client_questions (network_id, client_id, asked_at DESC);
CREATE INDEX matching_client_questions_open ON matching_client_questions (network_id, asked_at) WHERE answered_at IS NULL;

ALTER TABLE matching_client_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_client_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON matching_client_orders TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON matching_client_orders TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE matching_client_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_client_links FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON matching_client_links TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON matching_client_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_reads ON matching_client_links FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY client_opens ON matching_client_links TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
  );

ALTER TABLE matching_client_questions ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_client_questions FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON matching_client_questions TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON matching_client_questions TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY client_reads ON matching_client_questions FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
  );
CREATE POLICY client_asks ON matching_client_questions FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND link_id IS NOT NULL
    AND answer IS NULL
  );

GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON matching_client_orders TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, revoked_at) ON matching_client_links TO waypost_staff, waypost_job;
-- At the door nobody reads what the link shows.
GRANT SELECT (network_id, id, recommendation_id, client_id, site_id, restricted_to, key_id, secret_hash, locale, expires_at,
  revoked_at, opened_at) ON matching_client_links TO waypost_door;
GRANT SELECT (network_id, id, recommendation_id, client_id, site_id, restricted_to, key_id, locale, view, created_at,
  expires_at, revoked_at, opened_at) ON matching_client_links TO waypost_client;
GRANT UPDATE (opened_at) ON matching_client_links TO waypost_client;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, answer, answer_words, answered_by, answered_at)
  ON matching_client_questions TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, recommendation_id, client_id, link_id, kind, fact, words, asked_at, answer, answer_words,
  answered_at), INSERT ON matching_client_questions TO waypost_client;
