-- The clocks of a network: how long each step may take, for a kind of service, a partner, or both; and the ways an answer comes.

-- One row says the whole ladder of one step: [{"workingDays": 5, "then": "remind_partner"}, …]. Where no row fits, the usual holds.
CREATE TABLE referral_clocks (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  step text NOT NULL CHECK (step IN (
    'drafted', 'sent', 'waiting_list', 'more_information_asked', 'accepted', 'under_way', 'ended'
  )),
  -- Null: for every kind of service. Null: for every partner.
  service_type text,
  organization_id uuid,
  ladder jsonb NOT NULL,
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE NULLS NOT DISTINCT (network_id, step, service_type, organization_id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id)
);
ALTER TABLE referral_clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_clocks FORCE ROW LEVEL SECURITY;
-- Nothing personal: whoever may move a referral must know when it is due next.
CREATE POLICY everyone_reads ON referral_clocks FOR SELECT
  TO waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_changes ON referral_clocks TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator', 'manager']
  );
CREATE POLICY job_all ON referral_clocks TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON referral_clocks TO waypost_partner, waypost_link, waypost_client;
GRANT SELECT, INSERT, UPDATE, DELETE ON referral_clocks TO waypost_staff;
GRANT SELECT, INSERT ON referral_clocks TO waypost_job;

-- A partner answers by link, by its inbox or from its own system; what it says otherwise is recorded for it.
ALTER TABLE referral_events DROP CONSTRAINT referral_events_channel_check;
ALTER TABLE referral_events ADD CONSTRAINT referral_events_channel_check CHECK (channel IN (
  'page', 'link', 'inbox', 'api', 'phone', 'in_person', 'fax', 'letter', 'other_mail', 'system'
));
