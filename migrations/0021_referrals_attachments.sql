-- Files that travel with a referral, who reads which message, and consent that is bound to one referral.

-- Null: a consent that was given for a partner, or for no referral in particular. No foreign key: consent is recorded first.
ALTER TABLE client_consents ADD COLUMN referral_id uuid;

-- Who a message is for, beside the partner, and when each side first saw it. A note for colleagues is shown to neither.
ALTER TABLE referral_messages ADD COLUMN shown_to_client boolean NOT NULL DEFAULT false;
-- When withdrawn consent hid it from the partner that it was for.
ALTER TABLE referral_messages ADD COLUMN hidden_at timestamptz;
ALTER TABLE referral_messages ADD COLUMN seen_by_adviser_at timestamptz;
ALTER TABLE referral_messages ADD COLUMN seen_by_partner_at timestamptz;
ALTER TABLE referral_messages ADD COLUMN seen_by_client_at timestamptz;
CREATE INDEX referral_messages_unseen ON referral_messages (network_id, referral_id)
  WHERE seen_by_adviser_at IS NULL AND from_kind <> 'adviser';
GRANT UPDATE (shown_to_client, hidden_at, seen_by_adviser_at) ON referral_messages TO waypost_staff, waypost_job;
GRANT UPDATE (seen_by_partner_at) ON referral_messages TO waypost_link, waypost_partner;

CREATE POLICY link_marks_seen ON referral_messages FOR UPDATE TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_partner
  );
CREATE POLICY partner_marks_seen ON referral_messages FOR UPDATE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND shown_to_partner
  );

-- A partner writes to the adviser, who decides what the client reads.
CREATE POLICY partners_write_to_advisers ON referral_messages AS RESTRICTIVE FOR INSERT TO waypost_link, waypost_partner
  WITH CHECK (NOT shown_to_client);
CREATE POLICY client_reads_shown ON referral_messages FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_client
  );
CREATE POLICY clients_write_to_advisers ON referral_messages AS RESTRICTIVE FOR INSERT TO waypost_client
  WITH CHECK (shown_to_client AND NOT shown_to_partner);
CREATE POLICY client_marks_seen ON referral_messages FOR UPDATE TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_client
  );

GRANT UPDATE (seen_by_client_at) ON referral_messages TO waypost_client;

-- A file and what became of it. The line stays when the content is gone.
CREATE TABLE referral_attachments (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  from_kind text NOT NULL CHECK (from_kind IN ('client', 'adviser', 'partner')),
  from_name text NOT NULL,
  -- As the sender called it, cleaned. What it is, the content says.
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg', 'webp', 'heic', 'docx', 'odt', 'txt')),
  bytes integer NOT NULL CHECK (bytes > 0),
  sha256 bytea NOT NULL,
  -- False for everything once consent is withdrawn.
  shown_to_partner boolean NOT NULL,
  shown_to_client boolean NOT NULL DEFAULT false,
  scan text NOT NULL CHECK (scan IN ('not_scanned', 'waiting', 'clean', 'infected', 'failed')),
  scanned_at timestamptz,
  added_at timestamptz NOT NULL,
  gone_at timestamptz,
  gone_because text CHECK (gone_because IN ('removed', 'infected', 'retention')),
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals (network_id, id),
  FOREIGN KEY (network_id, event_id) REFERENCES referral_events (network_id, id),
  CHECK ((gone_at IS NULL) = (gone_because IS NULL))
);
-- The same file sent twice by the same side is one.
CREATE UNIQUE INDEX referral_attachments_once ON referral_attachments (network_id, referral_id, from_kind, sha256)
  WHERE gone_at IS NULL;
CREATE INDEX referral_attachments_of_referral ON referral_attachments (network_id, referral_id, added_at);
CREATE INDEX referral_attachments_kept ON referral_attachments (network_id, added_at) WHERE gone_at IS NULL;

-- The content, in pieces, so that lists never read it and no one holds a whole file in memory.
CREATE TABLE referral_attachment_pieces (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  attachment_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  organization_id uuid NOT NULL,
  from_kind text NOT NULL CHECK (from_kind IN ('client', 'adviser', 'partner')),
  -- As in referral_attachments: a policy looks at its own row alone.
  shown_to_partner boolean NOT NULL,
  shown_to_client boolean NOT NULL,
  -- False while a scan is awaited and where it failed: then only the network's own staff may fetch it.
  is_cleared boolean NOT NULL,
  seq integer NOT NULL CHECK (seq > 0),
  piece bytea NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, attachment_id, seq),
  FOREIGN KEY (network_id, attachment_id) REFERENCES referral_attachments (network_id, id)
);
-- Photographs and documents are compressed already.
ALTER TABLE referral_attachment_pieces ALTER COLUMN piece SET STORAGE EXTERNAL;

-- How long contents are kept after a referral is closed, and how large they may be. Where there is no row, the usual holds.
CREATE TABLE referral_attachment_rules (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  keep_days integer NOT NULL CHECK (keep_days BETWEEN 1 AND 3650),
  most_file_megabytes integer NOT NULL CHECK (most_file_megabytes BETWEEN 1 AND 25),
  most_referral_megabytes integer NOT NULL CHECK (most_referral_megabytes BETWEEN 1 AND 500),
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id)
);

ALTER TABLE referral_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_attachments TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_attachments TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads ON referral_attachments FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_partner
  );
CREATE POLICY link_adds ON referral_attachments FOR INSERT TO waypost_link
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
    AND NOT shown_to_client
  );
CREATE POLICY link_takes_back ON referral_attachments FOR UPDATE TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
  );
CREATE POLICY partner_reads ON referral_attachments FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND shown_to_partner
  );
CREATE POLICY partner_adds ON referral_attachments FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
    AND NOT shown_to_client
  );
CREATE POLICY partner_takes_back ON referral_attachments FOR UPDATE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
  );
CREATE POLICY client_reads ON referral_attachments FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_client
  );
CREATE POLICY client_adds ON referral_attachments FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'client'
    AND shown_to_client
    AND NOT shown_to_partner
  );

ALTER TABLE referral_attachment_pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_attachment_pieces FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON referral_attachment_pieces TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON referral_attachment_pieces TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads ON referral_attachment_pieces FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_partner
    AND is_cleared
  );
CREATE POLICY link_adds ON referral_attachment_pieces FOR INSERT TO waypost_link
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
    AND NOT shown_to_client
  );
CREATE POLICY link_takes_back ON referral_attachment_pieces FOR DELETE TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'partner'
  );
CREATE POLICY partner_reads ON referral_attachment_pieces FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND shown_to_partner
    AND is_cleared
  );
CREATE POLICY partner_adds ON referral_attachment_pieces FOR INSERT TO waypost_partner
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND from_kind = 'partner'
    AND shown_to_partner
    AND NOT shown_to_client
  );
CREATE POLICY partner_takes_back ON referral_attachment_pieces FOR DELETE TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND from_kind = 'partner'
  );
CREATE POLICY client_reads ON referral_attachment_pieces FOR SELECT TO waypost_client
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND shown_to_client
    AND is_cleared
  );
CREATE POLICY client_adds ON referral_attachment_pieces FOR INSERT TO waypost_client
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND client_id = nullif(current_setting('app.client_id', true), '')::uuid
    AND referral_id = nullif(current_setting('app.referral_id', true), '')::uuid
    AND from_kind = 'client'
    AND shown_to_client
    AND NOT shown_to_partner
  );

GRANT SELECT, INSERT ON referral_attachments TO waypost_staff, waypost_job, waypost_link, waypost_partner, waypost_client;
GRANT UPDATE (site_id, restricted_to, shown_to_partner, shown_to_client, scan, scanned_at, gone_at, gone_because)
  ON referral_attachments TO waypost_staff, waypost_job;
GRANT UPDATE (gone_at, gone_because) ON referral_attachments TO waypost_link, waypost_partner;
GRANT SELECT, INSERT ON referral_attachment_pieces TO waypost_staff, waypost_job, waypost_link, waypost_partner, waypost_client;
GRANT UPDATE (site_id, restricted_to, shown_to_partner, shown_to_client, is_cleared) ON referral_attachment_pieces
  TO waypost_staff, waypost_job;
GRANT DELETE ON referral_attachment_pieces TO waypost_staff, waypost_job, waypost_link, waypost_partner;

ALTER TABLE referral_attachment_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_attachment_rules FORCE ROW LEVEL SECURITY;
-- Nothing personal: whoever adds a file is told what the limits are.
CREATE POLICY everyone_reads ON referral_attachment_rules FOR SELECT
  TO waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_changes ON referral_attachment_rules TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
GRANT SELECT ON referral_attachment_rules TO waypost_partner, waypost_link, waypost_client, waypost_job;
GRANT SELECT, INSERT, UPDATE ON referral_attachment_rules TO waypost_staff;
