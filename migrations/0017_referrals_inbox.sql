-- The partner's inbox: a signed-in contact sees the referrals of the own organisation from the day they were sent, and no client.

-- When it was first sent, and so from when the partner may see it: null for a draft. Written once, with the event.
ALTER TABLE referrals ADD COLUMN sent_at timestamptz;
ALTER TABLE referral_events ADD COLUMN sent_at timestamptz;
ALTER TABLE referral_shares ADD COLUMN sent_at timestamptz;
ALTER TABLE referral_messages ADD COLUMN sent_at timestamptz;
-- From when it is the partner's turn, and by when; null while it is somebody else's. Written only with an event, and equal to
-- what the events replay to (src/referrals/inbox/turn.ts).
ALTER TABLE referrals ADD COLUMN partner_turn_on date;
ALTER TABLE referrals ADD COLUMN partner_due_on date;
-- Who looks after it at the partner.
ALTER TABLE referrals ADD COLUMN assigned_contact_id uuid;
ALTER TABLE referrals ADD FOREIGN KEY (network_id, assigned_contact_id) REFERENCES partner_contacts (network_id, id);

-- What was there before. The owner sees its own tables' rows for these statements alone; nobody else is let in.
ALTER TABLE referrals NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_events NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_shares NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_messages NO FORCE ROW LEVEL SECURITY;
UPDATE referrals SET sent_at = first.at
  FROM (SELECT network_id, referral_id, min(at) AS at FROM referral_events WHERE kind = 'sent' GROUP BY network_id, referral_id) AS first
  WHERE first.network_id = referrals.network_id AND first.referral_id = referrals.id;
-- By the clock as it stands; the next event says it exactly.
UPDATE referrals SET
  partner_turn_on = CASE WHEN state = 'sent' THEN sent_at::date ELSE next_due_at::date END,
  partner_due_on = next_due_at::date
  WHERE state IN ('sent', 'waiting_list', 'accepted', 'under_way') AND sent_at IS NOT NULL;
UPDATE referral_events AS event SET sent_at = referrals.sent_at FROM referrals
  WHERE referrals.network_id = event.network_id AND referrals.id = event.referral_id;
UPDATE referral_shares AS share SET sent_at = referrals.sent_at FROM referrals
  WHERE referrals.network_id = share.network_id AND referrals.id = share.referral_id;
UPDATE referral_messages AS message SET sent_at = referrals.sent_at FROM referrals
  WHERE referrals.network_id = message.network_id AND referrals.id = message.referral_id;
ALTER TABLE referrals FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_events FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_shares FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_messages FORCE ROW LEVEL SECURITY;

-- What the inbox asks: whose turn it is, oldest first; one state; all of a period.
CREATE INDEX referrals_at_partner_turn ON referrals (network_id, organization_id, partner_turn_on)
  WHERE partner_turn_on IS NOT NULL;
CREATE INDEX referrals_at_partner_state ON referrals (network_id, organization_id, state, sent_at DESC);
CREATE INDEX referrals_at_partner_sent ON referrals (network_id, organization_id, sent_at DESC) WHERE sent_at IS NOT NULL;

CREATE POLICY partner_reads ON referrals FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
  );
CREATE POLICY partner_moves ON referrals FOR UPDATE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
  );
CREATE POLICY partner_reads ON referral_events FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
  );
-- As oneself, and by the inbox: nobody signs for a colleague.
CREATE POLICY partner_adds ON referral_events FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
    AND actor_kind = 'partner'
    AND actor_id = nullif(current_setting('app.actor_id', true), '')::uuid
    AND channel = 'inbox'
  );
CREATE POLICY partner_reads ON referral_shares FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
  );
CREATE POLICY partner_reads ON referral_messages FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
    AND shown_to_partner
  );
CREATE POLICY partner_adds ON referral_messages FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND sent_at IS NOT NULL
    AND from_kind = 'partner'
    AND shown_to_partner
  );
CREATE POLICY partner_own ON services TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );

-- Ids say nothing of a person; the inbox's events must carry them so that the same staff see them.
GRANT SELECT (network_id, id, reference, client_id, site_id, restricted_to, organization_id, organization_name,
  service_id, service_name, service_type, adviser_id, created_at, state, next_due_at, first_attended_on, version,
  sent_at, partner_turn_on, partner_due_on, assigned_contact_id) ON referrals TO waypost_partner;
GRANT UPDATE (state, next_due_at, first_attended_on, version, partner_turn_on, partner_due_on, assigned_contact_id)
  ON referrals TO waypost_partner;
GRANT SELECT, INSERT ON referral_events, referral_messages TO waypost_partner;
GRANT SELECT (network_id, id, referral_id, organization_id, fields, sender_name, sender_email, site_name, shared_at,
  withdrawn_at, sent_at) ON referral_shares TO waypost_partner;
GRANT SELECT (network_id, id, organization_id, organization_name, name, service_type, status, places_free, places_as_of, next_start)
  ON services TO waypost_partner;
GRANT UPDATE (places_free, places_as_of, places_by, next_start) ON services TO waypost_partner;

-- Whoever else may move a referral writes these columns with it.
GRANT UPDATE (partner_turn_on, partner_due_on) ON referrals TO waypost_link, waypost_client;
GRANT UPDATE (sent_at) ON referral_events, referral_messages TO waypost_staff, waypost_job;
