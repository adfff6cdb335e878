-- The partner's link: kinds of links, a code that renews one, and a limit on guessing.

-- Each kind has its own set of actions and its own way in: what a kind may do stands in src/referrals/link/action-set.ts.
ALTER TABLE referral_links DROP CONSTRAINT referral_links_kind_check;
ALTER TABLE referral_links ADD CONSTRAINT referral_links_kind_check CHECK (kind IN ('partner', 'client'));

-- A code sent to the address that an expired link went to. The code itself is derived from the key and this id when the mail
-- leaves and when it is typed: no row holds it, hashed or not (a hash of six digits is no secret).
CREATE TABLE referral_link_codes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  link_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  key_id text NOT NULL,
  -- How often something was typed for it.
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, link_id) REFERENCES referral_links (network_id, id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id)
);
CREATE INDEX referral_link_codes_of_link ON referral_link_codes (network_id, link_id, created_at DESC);
CREATE INDEX referral_link_codes_of_client ON referral_link_codes (network_id, client_id);
ALTER TABLE referral_link_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_link_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_link_codes TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_link_codes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_own ON referral_link_codes TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
  );
GRANT SELECT, INSERT, UPDATE (tries) ON referral_link_codes TO waypost_link, waypost_job;
GRANT SELECT (network_id, id, client_id), UPDATE (site_id, restricted_to) ON referral_link_codes TO waypost_staff;
GRANT UPDATE (site_id, restricted_to) ON referral_link_codes TO waypost_job;

-- Secrets of links that there are not, by a keyed hash of the address they came from; forgotten after a day.
CREATE TABLE referral_link_guesses (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  subject_hash bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE INDEX referral_link_guesses_recent ON referral_link_guesses (network_id, subject_hash, at DESC);
CREATE INDEX referral_link_guesses_by_time ON referral_link_guesses (network_id, at);
ALTER TABLE referral_link_guesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_link_guesses FORCE ROW LEVEL SECURITY;
CREATE POLICY door_all ON referral_link_guesses TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON referral_link_guesses TO waypost_door;
