-- Informal referrals: "told her about X". Nothing is sent and nothing is shared; it is remembered, and asked about later.

CREATE TABLE informal_referrals (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- Made when the form is drawn: a form sent twice is one.
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  -- What they were told about: a service of the directory, a partner, or only a name.
  organization_id uuid,
  service_id uuid,
  service_type text,
  name text NOT NULL CHECK (name <> ''),
  words text,
  told_by uuid NOT NULL,
  told_at timestamptz NOT NULL,
  -- The day in the network's zone: the figures count by month.
  told_on date NOT NULL,
  -- Null: nobody asks.
  follow_up_on date,
  outcome text CHECK (outcome IN ('went', 'did_not_go', 'does_not_want', 'not_known')),
  outcome_by uuid,
  outcome_at timestamptz,
  -- The formal referral of the same client to the same service or partner that came after it.
  referral_id uuid,
  -- Noted by mistake and taken back.
  undone_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  FOREIGN KEY (network_id, told_by) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id),
  CHECK (service_id IS NULL OR organization_id IS NOT NULL),
  CHECK ((outcome IS NULL) = (outcome_at IS NULL))
);
CREATE INDEX informal_referrals_of_client ON informal_referrals (network_id, client_id, told_at DESC);
CREATE INDEX informal_referrals_due ON informal_referrals (network_id, follow_up_on)
  WHERE follow_up_on IS NOT NULL AND outcome IS NULL AND undone_at IS NULL;
CREATE INDEX informal_referrals_by_teller ON informal_referrals (network_id, told_by, told_at DESC);
ALTER TABLE informal_referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE informal_referrals FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON informal_referrals TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON informal_referrals TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON informal_referrals TO waypost_staff, waypost_job;
