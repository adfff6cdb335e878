-- The pipeline of matching: from what it ranked, how ties were broken, and what is known from elsewhere.

-- Another one in every transaction that changes what matching reads of the directory: who has read it knows whether what is
-- remembered in the process still holds. One row a network. An id and no number: two changes, one of which is rolled back, never
-- share one.
CREATE TABLE directory_versions (
  network_id uuid PRIMARY KEY REFERENCES networks (id),
  version uuid NOT NULL
);
ALTER TABLE directory_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY of_network ON directory_versions TO waypost_staff, waypost_partner, waypost_link, waypost_client, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON directory_versions TO waypost_staff, waypost_partner, waypost_link, waypost_job;
GRANT SELECT ON directory_versions TO waypost_client;

-- What was offered at one moment, once whatever the number of recommendations made from it. The id is of its content.
CREATE TABLE matching_catalogues (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- Services, waits, providers' results and findings, as deflated JSON (src/matching/kept-catalogue.bytes.ts).
  content bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id)
);
ALTER TABLE matching_catalogues ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_catalogues FORCE ROW LEVEL SECURITY;
CREATE POLICY of_network ON matching_catalogues TO waypost_staff, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON matching_catalogues TO waypost_staff, waypost_job;

-- A recommendation keeps what it was made from, and is made again to be shown; `ranking` has what was open to the client, in
-- order. Those without a catalogue are from before: their `ranking` is the whole of it.
ALTER TABLE recommendations
  ADD COLUMN catalogue_id uuid,
  ADD COLUMN for_day date,
  ADD COLUMN differences jsonb NOT NULL DEFAULT '[]',
  -- The groups of past clients that the estimates rest on most, as facts of theirs.
  ADD COLUMN nearest jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN ordered_by text CHECK (ordered_by IN ('stable', 'lottery')),
  ADD COLUMN seed bigint,
  -- Of the order, standings and tiers: made again, they must give the same.
  ADD COLUMN digest text,
  ADD CONSTRAINT recommendations_catalogue FOREIGN KEY (network_id, catalogue_id)
    REFERENCES matching_catalogues (network_id, id),
  ADD CONSTRAINT recommendations_inputs CHECK (
    (catalogue_id IS NULL) = (for_day IS NULL) AND (catalogue_id IS NULL) = (ordered_by IS NULL)
    AND (catalogue_id IS NULL) = (seed IS NULL) AND (catalogue_id IS NULL) = (digest IS NULL)
  );

-- What was in sight when the client's list was filtered or sorted otherwise, with the choice made from it.
ALTER TABLE matching_choices ADD COLUMN shown_by jsonb NOT NULL DEFAULT '{}';
-- 1: among those between which there was no clear difference, and nothing better; then no reason is asked.
ALTER TABLE matching_choices ADD COLUMN tier integer CHECK (tier > 0);
ALTER TABLE matching_choices DROP CONSTRAINT matching_choices_check;
ALTER TABLE matching_choices ADD CONSTRAINT matching_choices_reason CHECK (rank = 1 OR tier = 1 OR reason IS NOT NULL);

-- Whether ties are broken by lottery: added to, the latest holds. None: they are not.
CREATE TABLE matching_settings (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  lottery boolean NOT NULL,
  reason text NOT NULL,
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, changed_by) REFERENCES staff (network_id, id)
);
CREATE INDEX matching_settings_by_time ON matching_settings (network_id, changed_at DESC);

-- What studies elsewhere found of a service type, shown where the network's own past says nothing.
CREATE TABLE matching_findings (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  service_type text NOT NULL,
  -- More of one working (0.05: five people of a hundred), with its 95 % interval.
  gain double precision NOT NULL,
  low double precision NOT NULL,
  high double precision NOT NULL,
  source text NOT NULL,
  year integer,
  population text,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  CHECK (low <= gain AND gain <= high)
);

-- How long people really waited for a service, from being sent to first attending; counted each night, never of few people.
CREATE TABLE matching_waits (
  network_id uuid NOT NULL REFERENCES networks (id),
  -- The service.
  id uuid NOT NULL,
  median_days integer NOT NULL CHECK (median_days >= 0),
  people integer NOT NULL CHECK (people > 0),
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, id) REFERENCES services (network_id, id)
);

ALTER TABLE matching_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY of_network ON matching_settings FOR SELECT TO waypost_staff, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrators_add ON matching_settings FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND changed_by = nullif(current_setting('app.actor_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
GRANT SELECT, INSERT ON matching_settings TO waypost_staff;
GRANT SELECT ON matching_settings TO waypost_job;
ALTER TABLE matching_findings ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_findings FORCE ROW LEVEL SECURITY;
CREATE POLICY of_network ON matching_findings TO waypost_staff, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON matching_findings TO waypost_job;
GRANT SELECT ON matching_findings TO waypost_staff;
ALTER TABLE matching_waits ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_waits FORCE ROW LEVEL SECURITY;
CREATE POLICY of_network ON matching_waits TO waypost_staff, waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON matching_waits TO waypost_job;
GRANT SELECT ON matching_waits TO waypost_staff;
