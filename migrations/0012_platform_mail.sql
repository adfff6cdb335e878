-- Mail is claimed before the conversation with the server, and tried again after growing pauses.

ALTER TABLE mail_messages DROP CONSTRAINT mail_messages_state_check;
-- sending: claimed by one worker. cancelled: there was nothing left to say when its turn came.
ALTER TABLE mail_messages ADD CONSTRAINT mail_messages_state_check
  CHECK (state IN ('queued', 'held', 'sending', 'sent', 'failed', 'cancelled'));
ALTER TABLE mail_messages
  -- Not before this moment; null at once.
  ADD COLUMN next_try_at timestamptz,
  -- Whoever holds the claim may say how it went.
  ADD COLUMN claim uuid,
  ADD COLUMN claimed_at timestamptz;

-- The outbox counts and lists by state; the sweep looks for what waits or was left in the middle.
CREATE INDEX mail_messages_by_state ON mail_messages (network_id, state, created_at DESC);

-- Nobody queues a mail that claims to have been sent, and the bearer of a referral's link sends no other mail than a referral's.
DROP POLICY anyone_queues ON mail_messages;
CREATE POLICY others_queue ON mail_messages FOR INSERT
  TO waypost_door, waypost_staff, waypost_partner, waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND state IN ('queued', 'held') AND attempts = 0
  );
CREATE POLICY link_queues ON mail_messages FOR INSERT TO waypost_link
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND state IN ('queued', 'held') AND attempts = 0
    AND kind LIKE 'referrals.%'
  );

-- An administrator lets what failed, or was held while no server was set, go again. Nothing else of a mail changes by hand.
CREATE POLICY administrator_resends ON mail_messages FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
    AND state IN ('failed', 'held')
  )
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND state = 'queued'
  );
GRANT UPDATE (state, attempts, next_try_at, problem) ON mail_messages TO waypost_staff;
