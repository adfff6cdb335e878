-- Staff: accounts, where they work, how they sign in.

CREATE TABLE staff (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  name text NOT NULL,
  -- In lower case: one account an address in a network.
  email text NOT NULL,
  roles text[] NOT NULL DEFAULT '{}',
  locale text NOT NULL,
  -- Languages the person speaks with clients, as BCP 47 tags.
  languages text[] NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('invited', 'active', 'left')),
  created_at timestamptz NOT NULL,
  left_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, email)
);
ALTER TABLE staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff FORCE ROW LEVEL SECURITY;
CREATE POLICY door_reads ON staff FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_activates ON staff FOR UPDATE TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_reads ON staff FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_adds ON staff FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY administrator_or_self_changes ON staff FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND (
      string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
      OR id = nullif(current_setting('app.actor_id', true), '')::uuid
    )
  );
CREATE POLICY job_all ON staff TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads ON staff FOR SELECT TO waypost_link
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON staff TO waypost_door;
GRANT UPDATE (state) ON staff TO waypost_door;
GRANT SELECT, INSERT, UPDATE ON staff TO waypost_staff, waypost_job;
-- A partner sees who refers: the name, nothing else.
GRANT SELECT (network_id, id, name) ON staff TO waypost_link;

CREATE TABLE staff_sites (
  network_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  site_id uuid NOT NULL,
  -- A manager of this site, if the person has that role.
  manages boolean NOT NULL DEFAULT false,
  PRIMARY KEY (network_id, staff_id, site_id),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id)
);
ALTER TABLE staff_sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_sites FORCE ROW LEVEL SECURITY;
CREATE POLICY door_reads ON staff_sites FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_reads ON staff_sites FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_changes ON staff_sites TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY job_all ON staff_sites TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON staff_sites TO waypost_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_sites TO waypost_staff, waypost_job;

-- Read and written at the door alone: no staff session ever sees a password's hash.
CREATE TABLE staff_credentials (
  network_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, staff_id),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id)
);
ALTER TABLE staff_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON staff_credentials TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON staff_credentials TO waypost_door;

CREATE TABLE staff_sessions (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  -- SHA-256 of the cookie's secret.
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id)
);
CREATE INDEX staff_sessions_of_staff ON staff_sessions (network_id, staff_id) WHERE ended_at IS NULL;
ALTER TABLE staff_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON staff_sessions TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_or_self_ends ON staff_sessions TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND (
      string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
      OR staff_id = nullif(current_setting('app.actor_id', true), '')::uuid
    )
  );
GRANT SELECT, INSERT, UPDATE ON staff_sessions TO waypost_door;
GRANT SELECT (network_id, id, staff_id, created_at, expires_at, ended_at), UPDATE (ended_at) ON staff_sessions TO waypost_staff;

-- Links to set a password: an invitation or a reset. The secret is derived from the key and the id, and stored as a hash.
CREATE TABLE staff_links (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invitation', 'reset')),
  secret_hash bytea NOT NULL,
  key_id text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id)
);
ALTER TABLE staff_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_links FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON staff_links TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_makes ON staff_links FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY job_all ON staff_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON staff_links TO waypost_door;
GRANT INSERT ON staff_links TO waypost_staff;
GRANT SELECT, INSERT ON staff_links TO waypost_job;

-- Tries to sign in, for the rate limit. Addresses are kept as keyed hashes.
CREATE TABLE sign_in_attempts (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  subject_hash bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE INDEX sign_in_attempts_recent ON sign_in_attempts (network_id, subject_hash, at DESC);
ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON sign_in_attempts TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON sign_in_attempts TO waypost_door;
