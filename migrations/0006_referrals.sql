-- Referrals: a history of events, and the columns that follow from it. What a partner may see is copied when it is sent.
-- Every table repeats client_id, site_id, restricted_to and organization_id, because a policy compares a row's own columns.

CREATE TABLE referrals (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  reference text NOT NULL CHECK (reference ~ '^R-[0-9A-Z]{4}-[0-9A-Z]{2}$'),
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  organization_name text NOT NULL,
  service_id uuid NOT NULL,
  -- What the service was when it was chosen: the evidence counts by type, and a directory may change its mind.
  service_name text NOT NULL,
  service_type text,
  adviser_id uuid NOT NULL,
  -- The recommendation it was chosen from, and why another than the first; null when it was chosen without one.
  recommendation_id uuid,
  choice_reason text,
  -- The referral that this one takes up again.
  follows_id uuid,
  created_at timestamptz NOT NULL,
  -- Written only with an event, in its transaction, and equal to what the events replay to (src/referrals/referral.ts).
  state text NOT NULL CHECK (state IN (
    'drafted', 'sent', 'waiting_list', 'more_information_asked', 'accepted', 'under_way',
    'declined', 'completed', 'ended_early', 'withdrawn', 'expired'
  )),
  -- Null only when the referral is closed.
  next_due_at timestamptz,
  first_attended_on date,
  -- The number of events: two people who act at once notice each other by it.
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  FOREIGN KEY (network_id, adviser_id) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, follows_id) REFERENCES referrals (network_id, id)
);
CREATE UNIQUE INDEX referrals_reference ON referrals (network_id, reference);
CREATE INDEX referrals_of_client ON referrals (network_id, client_id, created_at DESC);
CREATE INDEX referrals_of_adviser ON referrals (network_id, adviser_id, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX referrals_due ON referrals (network_id, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX referrals_of_organization ON referrals (network_id, organization_id, created_at DESC);
CREATE INDEX referrals_of_service ON referrals (network_id, service_id, created_at DESC);

-- Only added to. Codes, days and places; free words are messages.
CREATE TABLE referral_events (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- Made when the form is drawn: a form sent twice is one event.
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  -- 1, 2, 3 … within the referral; of two at once, one is refused and tries again on what the other did.
  seq integer NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('client', 'adviser', 'partner', 'system')),
  actor_id uuid,
  actor_name text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('page', 'link', 'phone', 'system')),
  payload jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, referral_id, seq),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id)
);

-- What the client agreed to share, copied on sending, and what the partner needs to answer. One row a referral.
CREATE TABLE referral_shares (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  -- [{"field": "phone", "lines": ["…"]}, …]; null from the moment that consent is withdrawn.
  fields jsonb,
  consent_id uuid,
  sender_name text NOT NULL,
  sender_email text NOT NULL,
  site_name text NOT NULL,
  shared_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, referral_id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id),
  CHECK ((withdrawn_at IS NOT NULL) = (fields IS NULL))
);

-- The secret is derived from the key and the id, and kept as a hash. A renewed link is a new row.
CREATE TABLE referral_links (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('partner')),
  key_id text NOT NULL,
  secret_hash bytea NOT NULL,
  -- The address it goes to.
  recipient text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  -- The mail that carried it first.
  message_id uuid,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id)
);
CREATE INDEX referral_links_of_referral ON referral_links (network_id, referral_id, created_at DESC);

-- What people wrote about a referral, with the event that it came with.
CREATE TABLE referral_messages (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  from_kind text NOT NULL CHECK (from_kind IN ('client', 'adviser', 'partner')),
  words text NOT NULL CHECK (words <> ''),
  -- False for staff's own notes, and for everything once consent is withdrawn.
  shown_to_partner boolean NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id),
  FOREIGN KEY (network_id, event_id) REFERENCES referral_events (network_id, id)
);
CREATE INDEX referral_messages_of_referral ON referral_messages (network_id, referral_id, written_at);

ALTER TABLE referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referrals TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referrals TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE referral_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_events FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_events TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_events TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE referral_shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_shares FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_shares TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_shares TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE referral_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_links FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_links TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_links TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_reads ON referral_links FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE referral_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_messages TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_messages TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

-- The bearer of a link: one referral of one partner, and no way from there to a client.
CREATE POLICY link_reads ON referrals FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY link_moves ON referrals FOR UPDATE TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY link_reads ON referral_events FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY link_adds ON referral_events FOR INSERT TO waypost_link
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND actor_kind = 'partner'
    AND channel = 'link'
  );
CREATE POLICY link_reads ON referral_shares FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
CREATE POLICY link_reads ON referral_messages FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_partner
  );
CREATE POLICY link_adds ON referral_messages FOR INSERT TO waypost_link
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
  );

GRANT SELECT, INSERT, UPDATE ON referrals, referral_shares TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON referral_events TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, shown_to_partner) ON referral_messages TO waypost_staff, waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, revoked_at, message_id) ON referral_links TO waypost_staff, waypost_job;
GRANT SELECT ON referral_links TO waypost_door;
-- Ids say nothing of a person; the link's events must carry them so that the same staff see them.
GRANT SELECT (network_id, id, reference, client_id, site_id, restricted_to, organization_id, organization_name,
  service_id, service_name, service_type, adviser_id, created_at, state, next_due_at, first_attended_on, version) ON referrals TO waypost_link;
GRANT UPDATE (state, next_due_at, first_attended_on, version) ON referrals TO waypost_link;
GRANT SELECT, INSERT ON referral_events, referral_messages TO waypost_link;
GRANT SELECT (network_id, id, referral_id, organization_id, fields, sender_name,
  sender_email, site_name, shared_at, withdrawn_at) ON referral_shares TO waypost_link;
