-- The networks (a small reference table with nothing personal in it), their sites, what was done, and mail.

CREATE TABLE networks (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  time_zone text NOT NULL,
  locale text NOT NULL,
  -- Days without work, as YYYY-MM-DD: clocks count working days.
  holidays date[] NOT NULL DEFAULT '{}',
  is_demo boolean NOT NULL DEFAULT false,
  -- Decisions of the network that are on record, such as whether age is a protected fact.
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);

-- Nothing personal: everyone who acts may know which networks there are. Only the owner writes.
GRANT SELECT ON networks TO waypost_door, waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_figures, waypost_job;
GRANT SELECT ON networks TO waypost_app;
GRANT SELECT ON schema_migrations TO waypost_app;

CREATE TABLE sites (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('centre', 'satellite', 'outreach', 'partner_room', 'phone', 'online')),
  address text,
  latitude double precision,
  longitude double precision,
  time_zone text,
  is_active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (network_id, id)
);
ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE sites FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON sites TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON sites TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY others_read ON sites FOR SELECT TO waypost_link, waypost_client, waypost_partner, waypost_figures
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON sites TO waypost_staff, waypost_job;
GRANT SELECT ON sites TO waypost_link, waypost_client, waypost_partner, waypost_figures;

-- Who did and who read what. Appended by every role, read by staff, never changed.
CREATE TABLE audit_events (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  action text NOT NULL,
  client_id uuid,
  subject_id uuid,
  -- Codes and ids only: nothing that a person typed, but for the reason of opening a file outside the own site.
  facts jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (network_id, id)
);
CREATE INDEX audit_events_of_client ON audit_events (network_id, client_id, at DESC) WHERE client_id IS NOT NULL;
CREATE INDEX audit_events_by_actor ON audit_events (network_id, actor_id, at DESC);
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_appends ON audit_events FOR INSERT
  TO waypost_door, waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_figures, waypost_job
  WITH CHECK (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_read ON audit_events FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_read ON audit_events FOR SELECT TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT INSERT ON audit_events
  TO waypost_door, waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_figures, waypost_job;
GRANT SELECT ON audit_events TO waypost_staff, waypost_job;

-- Mail that was sent or waits. The words are made when it is sent: the row holds the kind and the ids they are made from.
CREATE TABLE mail_messages (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  recipient text NOT NULL,
  locale text NOT NULL,
  ids jsonb NOT NULL,
  -- held: no mail server is set, so it waits on the outbox page.
  state text NOT NULL CHECK (state IN ('queued', 'held', 'sent', 'failed')),
  message_id text,
  attempts integer NOT NULL DEFAULT 0,
  problem text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (network_id, id)
);
CREATE INDEX mail_messages_by_time ON mail_messages (network_id, created_at DESC);
ALTER TABLE mail_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_queues ON mail_messages FOR INSERT
  TO waypost_door, waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_job
  WITH CHECK (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_reads ON mail_messages FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY job_all ON mail_messages TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT INSERT ON mail_messages
  TO waypost_door, waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_job;
GRANT SELECT ON mail_messages TO waypost_staff;
GRANT SELECT, UPDATE ON mail_messages TO waypost_job;
