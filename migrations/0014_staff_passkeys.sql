-- Passkeys of staff, and what every kind of account has alike: the tables at the door are named alike for staff and partners.

ALTER TABLE staff_credentials RENAME COLUMN staff_id TO account_id;
ALTER TABLE staff_sessions RENAME COLUMN staff_id TO account_id;
ALTER TABLE staff_links RENAME COLUMN staff_id TO account_id;

CREATE TABLE staff_passkeys (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- What the authenticator calls it, in base64url.
  credential_id text NOT NULL,
  -- COSE key.
  public_key bytea NOT NULL,
  -- Uses so far, as the authenticator counts them; many count none and stay at 0.
  counter bigint NOT NULL,
  transports text[] NOT NULL DEFAULT '{}',
  -- What its owner calls it.
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, credential_id),
  FOREIGN KEY (network_id, account_id) REFERENCES staff (network_id, id)
);
CREATE INDEX staff_passkeys_of_account ON staff_passkeys (network_id, account_id);
ALTER TABLE staff_passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON staff_passkeys TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_passkeys TO waypost_door;

-- Challenges that were answered: an answer counts once. A challenge itself is derived from its id and stored nowhere.
CREATE TABLE answered_challenges (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id)
);
ALTER TABLE answered_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE answered_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON answered_challenges TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_clears ON answered_challenges TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON answered_challenges TO waypost_door;
GRANT SELECT, DELETE ON answered_challenges TO waypost_job;

-- A daily job forgets what is over.
CREATE POLICY job_clears ON staff_sessions TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_clears ON sign_in_attempts TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT (network_id, expires_at, ended_at), DELETE ON staff_sessions TO waypost_job;
GRANT SELECT (network_id, at), DELETE ON sign_in_attempts TO waypost_job;
GRANT DELETE ON staff_links TO waypost_job;
