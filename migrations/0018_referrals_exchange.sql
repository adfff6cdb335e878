-- The exchange: a partner's own system reads and answers referrals, sends people to us, and is told what changed.

-- What a partner's system shows at the door. The secret is kept as a hash; only the lead of the team makes and revokes one.
CREATE TABLE api_tokens (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  -- What the partner calls the system that holds it.
  label text NOT NULL CHECK (label <> ''),
  -- read: see referrals and requests. answer: change their tasks. refer: send people to us.
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'answer', 'refer'] AND cardinality(scopes) > 0),
  secret_hash bytea NOT NULL,
  made_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- A day is enough to see whether it is still in use.
  last_used_on date,
  revoked_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES partner_contacts (network_id, id)
);
CREATE INDEX api_tokens_of_organization ON api_tokens (network_id, organization_id, created_at DESC);

-- Where a partner's system wants to be told. The secret that signs is derived from a key and the id, and lies nowhere.
CREATE TABLE webhook_endpoints (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  -- May hold a secret of the receiver's: read by the partner's lead and the job that delivers, by nobody else.
  address text NOT NULL,
  events text[] NOT NULL CHECK (cardinality(events) > 0),
  -- The installation's key that the receiver knows the secret of; with another key in use, both sign.
  key_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'failing', 'disabled', 'removed')),
  failing_since timestamptz,
  made_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES partner_contacts (network_id, id),
  CHECK (state <> 'failing' OR failing_since IS NOT NULL)
);
CREATE INDEX webhook_endpoints_of_organization ON webhook_endpoints (network_id, organization_id);

-- One thing told to one endpoint: what and when, how often it was tried, how it went. No bodies, nothing of a client: the
-- reference that people say aloud, and the id under which the partner finds the rest with its token.
CREATE TABLE webhook_deliveries (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  event_type text NOT NULL,
  -- The referral or incoming referral it is about; null for a test.
  task_id uuid,
  reference text,
  -- Told apart from the moment of a try: the same at every try.
  happened_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  last_tried_at timestamptz,
  -- The answer's status code, or why there was none.
  last_status integer,
  last_problem text,
  last_ms integer,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, endpoint_id) REFERENCES webhook_endpoints (network_id, id),
  CHECK ((state = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (network_id, endpoint_id, happened_at DESC);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (network_id, next_try_at) WHERE state = 'waiting';

-- People whom a partner sends to us. A request waits for a person of ours: nobody is registered by a machine.
CREATE TABLE incoming_referrals (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  reference text NOT NULL,
  organization_id uuid NOT NULL,
  organization_name text NOT NULL,
  -- What the sender calls it: the same request sent twice is one.
  sender_system text NOT NULL,
  sender_value text NOT NULL CHECK (sender_value <> ''),
  -- What the person agreed that the sender may tell us; null once it is decided and has been kept long enough.
  fields jsonb,
  consent_on date NOT NULL,
  status text NOT NULL CHECK (status IN ('received', 'taken_up', 'declined', 'duplicate', 'completed', 'taken_back')),
  reason text,
  version integer NOT NULL CHECK (version > 0),
  received_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by uuid,
  -- The file it became, with where that lies and who may see it.
  client_id uuid,
  site_id uuid,
  restricted_to uuid[],
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, reference),
  UNIQUE (network_id, organization_id, sender_system, sender_value),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  CHECK ((status IN ('taken_up', 'completed')) = (client_id IS NOT NULL)),
  CHECK ((status = 'received') = (decided_at IS NULL))
);
CREATE INDEX incoming_referrals_by_status ON incoming_referrals (network_id, status, received_at);
CREATE INDEX incoming_referrals_of_organization ON incoming_referrals (network_id, organization_id, updated_at);
CREATE INDEX incoming_referrals_of_client ON incoming_referrals (network_id, client_id) WHERE client_id IS NOT NULL;

ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY door_reads ON api_tokens FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_marks ON api_tokens FOR UPDATE TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY lead_all ON api_tokens TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['lead']
  );
GRANT SELECT ON api_tokens TO waypost_door;
GRANT UPDATE (last_used_on) ON api_tokens TO waypost_door;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_tokens TO waypost_partner;

ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY lead_all ON webhook_endpoints TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['lead']
  );
-- Whoever moves a referral must know whether somebody listens; where, they may not know.
CREATE POLICY others_ask ON webhook_endpoints FOR SELECT TO waypost_staff, waypost_link, waypost_client
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY partner_asks ON webhook_endpoints FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
CREATE POLICY job_all ON webhook_endpoints TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (state, failing_since, key_id) ON webhook_endpoints TO waypost_partner;
GRANT SELECT (network_id, id, organization_id, events, state) ON webhook_endpoints
  TO waypost_staff, waypost_link, waypost_client;
GRANT SELECT, UPDATE (state, failing_since) ON webhook_endpoints TO waypost_job;

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY lead_all ON webhook_deliveries TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['lead']
  );
CREATE POLICY job_all ON webhook_deliveries TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (state, tries, next_try_at) ON webhook_deliveries TO waypost_partner;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO waypost_job;

ALTER TABLE incoming_referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE incoming_referrals FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON incoming_referrals TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY own_organization ON incoming_referrals TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
CREATE POLICY job_all ON incoming_referrals TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, UPDATE ON incoming_referrals TO waypost_staff, waypost_job;
-- A partner hears what became of a request, never which file it is.
GRANT SELECT (network_id, id, reference, organization_id, organization_name, sender_system, sender_value, consent_on,
  status, reason, version, received_at, updated_at, decided_at) ON incoming_referrals TO waypost_partner;
GRANT INSERT (network_id, id, reference, organization_id, organization_name, sender_system, sender_value, fields,
  consent_on, status, version, received_at, updated_at) ON incoming_referrals TO waypost_partner;
GRANT UPDATE (status, reason, fields, version, updated_at, decided_at) ON incoming_referrals TO waypost_partner;

-- A partner's system speaks for its organisation: nobody is signed in, so no person is named as the actor.
CREATE POLICY system_adds ON referral_events FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND nullif(current_setting('app.actor_id', true), '') IS NULL
    AND sent_at IS NOT NULL
    AND actor_kind = 'partner'
    AND actor_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND channel = 'api'
  );
