-- The directory: organisations, their services and where these are given, with what each service asks of people.
-- HSDS 3 (Open Referral) is the model. What is searched and matched stands in columns; the whole of what was imported is
-- kept beside it in `hsds`, as {"row": {…}, "children": {"<table>": [{…}]}}, so that an export gives it back.
-- source: which directory a row came from. source_id: what that directory calls it. exchange_id: its id in HSDS (a UUID:
-- the source's own, or one derived from it), by which it is known again. content_hash: what was imported, to see a change.
-- gone_since: the source has it no longer; such a row is never deleted, since referrals point to it.

CREATE TABLE organizations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  source text NOT NULL,
  source_id text NOT NULL,
  exchange_id uuid NOT NULL,
  content_hash text NOT NULL,
  -- Of the organisation's row with all that hangs on it: equal means that nothing of it has changed.
  whole_hash text NOT NULL,
  name text NOT NULL,
  alternate_name text,
  description text,
  email text,
  phone text,
  website text,
  gone_since date,
  updated_at timestamptz NOT NULL,
  hsds jsonb NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX organizations_known_by ON organizations (network_id, source, exchange_id);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON organizations TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON organizations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads_own ON organizations FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
GRANT SELECT, INSERT, UPDATE ON organizations TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, name, email, phone, website) ON organizations TO waypost_link;

CREATE TABLE locations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- Who keeps the entry. Other organisations may give services there.
  organization_id uuid NOT NULL,
  source text NOT NULL,
  source_id text NOT NULL,
  exchange_id uuid NOT NULL,
  content_hash text NOT NULL,
  name text,
  kind text NOT NULL CHECK (kind IN ('physical', 'postal', 'virtual')),
  address text,
  city text,
  postal_code text,
  latitude double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision CHECK (longitude BETWEEN -180 AND 180),
  transport text,
  -- Codes of src/directory/accessibility.ts; the words of the source stay in hsds.
  accessibility text[] NOT NULL DEFAULT '{}',
  languages text[] NOT NULL DEFAULT '{}',
  gone_since date,
  updated_at timestamptz NOT NULL,
  hsds jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE UNIQUE INDEX locations_known_by ON locations (network_id, source, exchange_id);
CREATE INDEX locations_of_organization ON locations (network_id, organization_id);
CREATE INDEX locations_by_place ON locations (network_id, latitude, longitude) WHERE latitude IS NOT NULL;
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE locations FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON locations TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON locations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads_own ON locations FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
GRANT SELECT, INSERT, UPDATE ON locations TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, organization_id, name, kind, address, city, postal_code) ON locations TO waypost_link;

CREATE TABLE services (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  -- Repeated from the organisation, because people search for both at once.
  organization_name text NOT NULL,
  source text NOT NULL,
  source_id text NOT NULL,
  exchange_id uuid NOT NULL,
  content_hash text NOT NULL,
  name text NOT NULL,
  alternate_name text,
  description text,
  -- A code of src/directory/service-type.ts; null while nobody has said which. Imports set it only when they carry it.
  service_type text,
  status text NOT NULL CHECK (status IN ('active', 'inactive', 'defunct', 'temporarily_closed')),
  languages text[] NOT NULL DEFAULT '{}',
  interpretation text,
  -- Where referrals go.
  email text,
  url text,
  phone text,
  fees text,
  -- The least that someone pays, where the source names an amount.
  cost_cents bigint CHECK (cost_cents >= 0),
  currency text,
  eligibility text,
  minimum_age integer,
  maximum_age integer,
  areas text[] NOT NULL DEFAULT '{}',
  documents text[] NOT NULL DEFAULT '{}',
  keywords text NOT NULL DEFAULT '',
  places_free integer CHECK (places_free >= 0),
  places_as_of timestamptz,
  -- Who said so: staff, or the partner through a referral's link.
  places_by text CHECK (places_by IN ('staff', 'partner', 'import')),
  next_start date,
  -- The day on which someone last checked that the entry is right.
  assured_on date,
  -- The day on which the source says that it last changed the entry.
  source_changed_on date,
  gone_since date,
  updated_at timestamptz NOT NULL,
  hsds jsonb NOT NULL,
  search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', name), 'A')
    || setweight(to_tsvector('simple', coalesce(alternate_name, '') || ' ' || organization_name), 'B')
    || setweight(to_tsvector('simple', keywords), 'C')
    || setweight(to_tsvector('simple', coalesce(description, '')), 'D')
  ) STORED,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id)
);
-- No index on `search` and none with trigrams: under row-level security PostgreSQL uses an index only for leakproof
-- operators, which these are not. The services of one network are few enough to be read through (bench/ measures it).
CREATE UNIQUE INDEX services_known_by ON services (network_id, source, exchange_id);
CREATE INDEX services_of_organization ON services (network_id, organization_id);
ALTER TABLE services ENABLE ROW LEVEL SECURITY;
ALTER TABLE services FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON services TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON services TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_own ON services TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
GRANT SELECT, INSERT, UPDATE ON services TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, organization_id, organization_name, name, service_type, status, places_free, places_as_of, next_start)
  ON services TO waypost_link;
GRANT UPDATE (places_free, places_as_of, places_by, next_start) ON services TO waypost_link;

CREATE TABLE service_at_locations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- The service's.
  organization_id uuid NOT NULL,
  service_id uuid NOT NULL,
  location_id uuid NOT NULL,
  source text NOT NULL,
  source_id text NOT NULL,
  exchange_id uuid NOT NULL,
  gone_since date,
  hsds jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  FOREIGN KEY (network_id, location_id) REFERENCES locations (network_id, id)
);
CREATE UNIQUE INDEX service_at_locations_known_by ON service_at_locations (network_id, source, exchange_id);
CREATE INDEX service_at_locations_of_service ON service_at_locations (network_id, service_id);
CREATE INDEX service_at_locations_of_location ON service_at_locations (network_id, location_id);
CREATE INDEX service_at_locations_of_organization ON service_at_locations (network_id, organization_id);
ALTER TABLE service_at_locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_at_locations FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON service_at_locations TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON service_at_locations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads_own ON service_at_locations FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
GRANT SELECT, INSERT, UPDATE ON service_at_locations TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, organization_id, service_id, location_id, gone_since) ON service_at_locations TO waypost_link;

-- When something is open, one row for all weekdays of the same hours: made anew from hsds whenever the organisation
-- changes, so rows are deleted.
CREATE TABLE schedules (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  service_id uuid,
  location_id uuid,
  -- 1 Monday to 7 Sunday.
  weekdays integer[] NOT NULL CHECK (weekdays <@ '{1,2,3,4,5,6,7}' AND cardinality(weekdays) > 0),
  opens_at time NOT NULL,
  -- Earlier than opens_at: past midnight.
  closes_at time NOT NULL,
  -- In a month: 1 the first such weekdays, -1 the last; null every week.
  week_of_month smallint,
  valid_from date,
  valid_to date,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  FOREIGN KEY (network_id, location_id) REFERENCES locations (network_id, id),
  CHECK (service_id IS NOT NULL OR location_id IS NOT NULL)
);
CREATE INDEX schedules_of_organization ON schedules (network_id, organization_id);
CREATE INDEX schedules_of_service ON schedules (network_id, service_id) WHERE service_id IS NOT NULL;
CREATE INDEX schedules_of_location ON schedules (network_id, location_id) WHERE location_id IS NOT NULL;
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON schedules TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON schedules TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON schedules TO waypost_staff, waypost_job;

-- Machine-checkable eligibility, beside the free text of the source. Imports never touch it.
CREATE TABLE requirements (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  service_id uuid NOT NULL,
  kind text NOT NULL,
  -- As src/directory/requirement.ts reads it.
  rule jsonb NOT NULL,
  -- Where the rule stands: "flyer of March", "by phone with Ms Roth". Shown beside it.
  note text,
  created_at timestamptz NOT NULL,
  created_by uuid,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  removed_at timestamptz,
  removed_by uuid,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id)
);
CREATE INDEX requirements_of_service ON requirements (network_id, service_id) WHERE removed_at IS NULL;
ALTER TABLE requirements ENABLE ROW LEVEL SECURITY;
ALTER TABLE requirements FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON requirements TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON requirements TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON requirements TO waypost_staff, waypost_job;

-- Rows of a directory that hang on no organisation (taxonomies and their terms above all), kept for the export.
CREATE TABLE directory_loose_rows (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  source text NOT NULL,
  -- The HSDS table, in the singular: taxonomy_term.
  kind text NOT NULL,
  exchange_id uuid NOT NULL,
  content_hash text NOT NULL,
  gone_since date,
  hsds jsonb NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX directory_loose_rows_known_by ON directory_loose_rows (network_id, source, kind, exchange_id);
ALTER TABLE directory_loose_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_loose_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON directory_loose_rows TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON directory_loose_rows TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON directory_loose_rows TO waypost_staff, waypost_job;

-- Each import: how far it has come, and its report.
CREATE TABLE directory_imports (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  file_name text NOT NULL,
  source text,
  state text NOT NULL CHECK (state IN ('waiting', 'reading', 'writing', 'done', 'refused', 'failed')),
  lines_read integer NOT NULL DEFAULT 0,
  organizations_done integer NOT NULL DEFAULT 0,
  organizations_total integer,
  report jsonb,
  started_by uuid,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (network_id, id)
);
CREATE INDEX directory_imports_latest ON directory_imports (network_id, created_at DESC);
ALTER TABLE directory_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_imports FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON directory_imports TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON directory_imports TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON directory_imports TO waypost_staff, waypost_job;

-- An uploaded file on its way to the job, which may run in another process; deleted when it has been read.
CREATE TABLE directory_import_parts (
  network_id uuid NOT NULL REFERENCES networks (id),
  import_id uuid NOT NULL,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (network_id, import_id, part),
  FOREIGN KEY (network_id, import_id) REFERENCES directory_imports (network_id, id)
);
ALTER TABLE directory_import_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_import_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_adds ON directory_import_parts FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY job_all ON directory_import_parts TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT INSERT ON directory_import_parts TO waypost_staff;
GRANT SELECT, INSERT, DELETE ON directory_import_parts TO waypost_job;
