-- The warm handover: what is said beside an appointment, how places are found, and the client's own link to a referral.

-- Free words beside an appointment: how to get there, how to join, whom to ask for. They may be personal, so they lie beside
-- the event and not in it, and go when consent is withdrawn. One row an event that made an appointment.
CREATE TABLE referral_appointments (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- The event's own id.
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  -- The location of the directory or the site where it is, where it is one.
  place_id uuid,
  -- Codes of src/directory/accessibility.ts, as the directory knew them then.
  accessibility text[] NOT NULL DEFAULT '{}',
  directions text,
  joining text,
  ask_for text,
  -- Who else comes: a support person, an assistance animal.
  accompanying text,
  bring text,
  -- Where the client rings to say that they cannot come.
  phone text,
  written_at timestamptz NOT NULL,
  blanked_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id),
  FOREIGN KEY (network_id, id) REFERENCES referral_events (network_id, id)
);
CREATE INDEX referral_appointments_of_referral ON referral_appointments (network_id, referral_id, written_at DESC);

-- How a place is found, as somebody described it once: offered again to whoever books there next. Nothing about a person.
CREATE TABLE referral_places (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- The location's or the site's own id.
  id uuid NOT NULL,
  directions text,
  phone text,
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id)
);

-- The client's own page of one referral. The secret is derived from the key and the id, and kept as a hash.
CREATE TABLE referral_client_links (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  key_id text NOT NULL,
  secret_hash bytea NOT NULL,
  -- Null where it was made by the system to go with a letter.
  made_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  -- When its client first pressed "Show".
  opened_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id)
);
CREATE INDEX referral_client_links_of_referral ON referral_client_links (network_id, referral_id, created_at DESC);

ALTER TABLE referral_appointments ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_appointments FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_appointments TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_appointments TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads ON referral_appointments FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY partner_reads ON referral_appointments FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
CREATE POLICY client_reads ON referral_appointments FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
ALTER TABLE referral_places ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_places FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_places TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON referral_places TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE referral_client_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_client_links FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_client_links TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_client_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_reads ON referral_client_links FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY client_opens ON referral_client_links TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );

-- A client by their link: their own referral, and no other of theirs.
CREATE POLICY client_reads ON referrals FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY client_moves ON referrals FOR UPDATE TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY client_reads ON referral_events FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY client_adds ON referral_events FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND actor_kind = 'client'
    AND channel = 'link'
  );
CREATE POLICY client_reads ON referral_shares FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
-- What they may read of it, and to whom they write, is said with the conversation.
CREATE POLICY client_adds ON referral_messages FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'client'
  );

GRANT SELECT, INSERT, UPDATE ON referral_appointments TO waypost_staff, waypost_job;
GRANT SELECT ON referral_appointments TO waypost_link, waypost_partner, waypost_client;
GRANT SELECT, INSERT, UPDATE ON referral_places TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, revoked_at) ON referral_client_links TO waypost_staff, waypost_job;
GRANT SELECT ON referral_client_links TO waypost_door;
GRANT SELECT (network_id, id, referral_id, client_id, organization_id, key_id, created_at, expires_at, revoked_at, opened_at)
  ON referral_client_links TO waypost_client;
GRANT UPDATE (opened_at) ON referral_client_links TO waypost_client;
GRANT SELECT (network_id, id, reference, client_id, site_id, restricted_to, organization_id, organization_name,
  service_id, service_name, service_type, adviser_id, created_at, state, next_due_at, first_attended_on, version) ON referrals TO waypost_client;
-- The inbox of the partner orders by two columns that follow from the events too.
GRANT UPDATE (state, next_due_at, first_attended_on, version, partner_turn_on, partner_due_on) ON referrals TO waypost_client;
GRANT SELECT, INSERT ON referral_events, referral_messages TO waypost_client;
GRANT SELECT (network_id, id, referral_id, client_id, organization_id, fields, consent_id, sender_name,
  sender_email, site_name, shared_at, withdrawn_at) ON referral_shares TO waypost_client;
