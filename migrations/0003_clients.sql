-- The person: how to call and reach them, what they need, what they agreed to, and everything that happened to their file.
-- Each table that hangs on a client repeats site_id and restricted_to, because a policy compares only a row's own columns.

CREATE TABLE clients (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  reference text NOT NULL CHECK (reference ~ '^C-[0-9A-Z]{4}-[0-9A-Z]{2}$'),
  name text NOT NULL CHECK (name <> ''),
  family_name text,
  birth_date date,
  phones text[] NOT NULL DEFAULT '{}',
  email text,
  reached_by text[] NOT NULL CHECK (
    cardinality(reached_by) > 0 AND reached_by <@ ARRAY['phone', 'email', 'letter', 'in_person']
  ),
  language text,
  script text,
  needs_interpreter boolean NOT NULL DEFAULT false,
  access_needs text[] NOT NULL DEFAULT '{}',
  access_words text,
  address text,
  residence_area text,
  latitude double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision CHECK (longitude BETWEEN -180 AND 180),
  site_id uuid NOT NULL,
  adviser_id uuid,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  closed_reason text,
  closed_at timestamptz,
  restricted_to uuid[] CHECK (restricted_to IS NULL OR cardinality(restricted_to) > 0),
  merged_into uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, adviser_id) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, merged_into) REFERENCES clients (network_id, id),
  CHECK ((status = 'closed') = (closed_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
  CHECK (merged_into IS NULL OR merged_into <> id),
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE UNIQUE INDEX clients_reference ON clients (network_id, reference);
CREATE INDEX clients_birth_date ON clients (network_id, birth_date) WHERE birth_date IS NOT NULL;
CREATE INDEX clients_of_adviser ON clients (network_id, adviser_id, status, updated_at DESC);
CREATE INDEX clients_of_site ON clients (network_id, site_id, status, updated_at DESC);
CREATE INDEX clients_latest ON clients (network_id, updated_at DESC, id);
CREATE INDEX clients_merged_into ON clients (network_id, merged_into) WHERE merged_into IS NOT NULL;

-- What a client is found by: folded words of the name, words with one letter left out (typing errors), how a word
-- sounds, the end of a phone number. A table of exact keys, because under row-level security PostgreSQL uses an index
-- only for leakproof operators: equality of text is, the trigram operators are not, and would scan every client.
CREATE TABLE client_keys (
  network_id uuid NOT NULL REFERENCES networks (id),
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN ('word', 'near', 'sound', 'phone')),
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (network_id, kind, key, client_id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id)
);
CREATE INDEX client_keys_of_client ON client_keys (network_id, client_id);

-- Told freely, kept apart from the file: arranges access and checks fairness, and never decides who gets what.
-- A later row of the same kind takes the place of an earlier one; a row without a value takes back what was told.
CREATE TABLE client_disclosures (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN ('sex', 'born_abroad', 'disability')),
  value text,
  told_at timestamptz NOT NULL,
  recorded_by uuid NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  CHECK (value IS NULL OR (kind = 'sex' AND value IN ('female', 'male', 'other')) OR (kind <> 'sex' AND value IN ('yes', 'no')))
);
CREATE INDEX client_disclosures_of_client ON client_disclosures (network_id, client_id, kind, told_at DESC);

CREATE TABLE client_events (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN (
    'registered', 'changed', 'reassigned', 'closed', 'reopened', 'merged', 'unmerged', 'restricted', 'note_added',
    'note_corrected', 'consent_given', 'consent_withdrawn', 'disclosed'
  )),
  facts jsonb NOT NULL DEFAULT '{}',
  actor_id uuid,
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id)
);
CREATE INDEX client_events_of_client ON client_events (network_id, client_id, happened_at DESC, id DESC);

-- A note is corrected by a new row that points at it, once; the chain is the note's history.
CREATE TABLE client_notes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  about date NOT NULL,
  words text NOT NULL CHECK (words <> ''),
  author_id uuid NOT NULL,
  written_at timestamptz NOT NULL,
  corrects uuid,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, corrects) REFERENCES client_notes (network_id, id)
);
CREATE UNIQUE INDEX client_notes_corrected_once ON client_notes (network_id, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX client_notes_of_client ON client_notes (network_id, client_id, about DESC, written_at DESC);

-- Consent as it happened. A withdrawal is a row of its own that points at what was given. An organisation is named by id
-- without a foreign key: what was agreed stays readable after a partner has left.
CREATE TABLE client_consents (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  event text NOT NULL CHECK (event IN ('given', 'withdrawn')),
  withdraws uuid,
  purpose text NOT NULL,
  what text[] NOT NULL DEFAULT '{}',
  organization_id uuid,
  recipient text,
  until date,
  how text NOT NULL CHECK (how IN ('spoken', 'written', 'signed', 'online')),
  told_by text NOT NULL CHECK (told_by IN ('client', 'guardian', 'interpreter')),
  recorded_by uuid,
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, withdraws) REFERENCES client_consents (network_id, id),
  CHECK ((event = 'withdrawn') = (withdraws IS NOT NULL))
);
CREATE UNIQUE INDEX client_consents_withdrawn_once ON client_consents (network_id, withdraws) WHERE withdraws IS NOT NULL;
CREATE INDEX client_consents_of_client ON client_consents (network_id, client_id, happened_at DESC);

-- Two files that proved to be one. `moved` holds the surviving file's fields before and after, so that it can be undone.
CREATE TABLE client_merges (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  absorbed_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  moved jsonb NOT NULL,
  merged_by uuid NOT NULL,
  merged_at timestamptz NOT NULL,
  undone_by uuid,
  undone_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, absorbed_id) REFERENCES clients (network_id, id)
);
CREATE UNIQUE INDEX client_merges_absorbed_once ON client_merges (network_id, absorbed_id) WHERE undone_at IS NULL;
CREATE INDEX client_merges_of_client ON client_merges (network_id, client_id, merged_at DESC);

-- Why someone opens a file of another site: asked once, and good for a working day.
CREATE TABLE client_visits (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  staff_id uuid NOT NULL,
  reason text NOT NULL,
  words text,
  given_at timestamptz NOT NULL,
  good_until timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id)
);
CREATE INDEX client_visits_by_staff ON client_visits (network_id, client_id, staff_id, good_until DESC);
CREATE INDEX client_visits_latest ON client_visits (network_id, client_id, given_at DESC);

ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON clients TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON clients TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_keys TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_keys TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_disclosures ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_disclosures FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_disclosures TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_disclosures TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_events FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_events TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_events TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_notes TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_notes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_consents FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_consents TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_consents TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_merges FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_merges TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_merges TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_visits FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_visits TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_visits TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

-- A file changes site only by the hand of someone at the one site or the other.
CREATE POLICY own_site_reassigns ON client_events AS RESTRICTIVE FOR INSERT TO waypost_staff
  WITH CHECK (
    kind <> 'reassigned'
    OR site_id::text = ANY (string_to_array(nullif(current_setting('app.site_ids', true), ''), ','))
    OR facts ->> 'site_before' = ANY (string_to_array(nullif(current_setting('app.site_ids', true), ''), ','))
  );

-- Histories are only added to; what follows the client (where the file lies, who may see it) can be brought up to date.
GRANT SELECT, INSERT, UPDATE ON clients TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON client_keys TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON client_disclosures, client_events, client_notes, client_consents,
  client_visits TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, undone_by, undone_at) ON client_merges TO waypost_staff, waypost_job;
