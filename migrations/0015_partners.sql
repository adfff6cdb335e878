-- Partners: the people of an organisation, and how those who may sign in do so.

CREATE TABLE partner_contacts (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  -- What the person does there, as they would say it.
  title text,
  -- In lower case.
  email text,
  phone text,
  -- The language that the person prefers, as a BCP 47 tag; English where there is no catalogue for it.
  locale text NOT NULL,
  -- How the person likes to be reached.
  reached_by text NOT NULL CHECK (reached_by IN ('email', 'phone', 'fax', 'visit')),
  -- none: known, has no account. invited: may set a password. active: signs in. left: works there no more.
  state text NOT NULL CHECK (state IN ('none', 'invited', 'active', 'left')),
  -- Looks after the accounts of the organisation.
  is_lead boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  left_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  CHECK (email IS NOT NULL OR state NOT IN ('invited', 'active')),
  CHECK (NOT is_lead OR state IN ('invited', 'active'))
);
-- Several people of an office may share an address; an account has one of its own.
CREATE UNIQUE INDEX partner_accounts_by_address ON partner_contacts (network_id, email)
  WHERE state IN ('invited', 'active');
CREATE INDEX partner_contacts_of_organization ON partner_contacts (network_id, organization_id);
ALTER TABLE partner_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY door_reads ON partner_contacts FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_activates ON partner_contacts FOR UPDATE TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_reads ON partner_contacts FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_adds ON partner_contacts FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['adviser', 'manager', 'administrator']
  );
CREATE POLICY staff_changes ON partner_contacts FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['adviser', 'manager', 'administrator']
  );
CREATE POLICY own_organization_reads ON partner_contacts FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
CREATE POLICY lead_adds ON partner_contacts FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['lead']
  );
CREATE POLICY lead_changes ON partner_contacts FOR UPDATE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['lead']
  );
-- People change their own language and the like, never what they may do.
CREATE POLICY self_changes ON partner_contacts FOR UPDATE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.actor_id', true), '')::uuid
  )
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.actor_id', true), '')::uuid
    AND state = 'active'
    AND NOT is_lead
  );
CREATE POLICY job_all ON partner_contacts TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON partner_contacts TO waypost_door;
GRANT UPDATE (state) ON partner_contacts TO waypost_door;
GRANT SELECT, INSERT, UPDATE ON partner_contacts TO waypost_staff, waypost_job;
GRANT SELECT, INSERT ON partner_contacts TO waypost_partner;
GRANT UPDATE (name, title, email, phone, locale, reached_by, state, is_lead, left_at) ON partner_contacts TO waypost_partner;

-- A signed-in partner reads the name of the own organisation, and what everyone may know of it.
CREATE POLICY partner_reads_own ON organizations FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
GRANT SELECT (network_id, id, name, email, phone, website) ON organizations TO waypost_partner;

-- From here on all is read and written at the door alone: neither staff nor partners ever see it.
CREATE TABLE partner_credentials (
  network_id uuid NOT NULL,
  account_id uuid NOT NULL,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, account_id),
  FOREIGN KEY (network_id, account_id) REFERENCES partner_contacts (network_id, id)
);
ALTER TABLE partner_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON partner_credentials TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON partner_credentials TO waypost_door;

CREATE TABLE partner_sessions (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- SHA-256 of the cookie's secret.
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, account_id) REFERENCES partner_contacts (network_id, id)
);
CREATE INDEX partner_sessions_of_account ON partner_sessions (network_id, account_id) WHERE ended_at IS NULL;
ALTER TABLE partner_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON partner_sessions TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_clears ON partner_sessions TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON partner_sessions TO waypost_door;
GRANT SELECT (network_id, expires_at, ended_at), DELETE ON partner_sessions TO waypost_job;

-- Links to set a password, as staff has them.
CREATE TABLE partner_links (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invitation', 'reset')),
  secret_hash bytea NOT NULL,
  key_id text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, account_id) REFERENCES partner_contacts (network_id, id)
);
ALTER TABLE partner_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_links FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON partner_links TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON partner_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON partner_links TO waypost_door;
GRANT SELECT, INSERT, DELETE ON partner_links TO waypost_job;

CREATE TABLE partner_passkeys (
  network_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  credential_id text NOT NULL,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL DEFAULT '{}',
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, credential_id),
  FOREIGN KEY (network_id, account_id) REFERENCES partner_contacts (network_id, id)
);
CREATE INDEX partner_passkeys_of_account ON partner_passkeys (network_id, account_id);
ALTER TABLE partner_passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON partner_passkeys TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON partner_passkeys TO waypost_door;
