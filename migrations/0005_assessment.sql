-- Assessment: the instruments of a network, and what clients answered.

-- A FHIR R4 Questionnaire as it was taken in. A row never changes but by being retired: another wording is another version.
CREATE TABLE instruments (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  url text NOT NULL,
  version text NOT NULL,
  title text NOT NULL,
  source text NOT NULL CHECK (source IN ('shipped', 'uploaded')),
  questionnaire jsonb NOT NULL,
  -- SHA-256 of the JSON with its keys in order: tells the same questions from others under the same name.
  digest text NOT NULL,
  added_by uuid,
  added_at timestamptz NOT NULL,
  retired_by uuid,
  retired_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, url, version)
);
ALTER TABLE instruments ENABLE ROW LEVEL SECURITY;
ALTER TABLE instruments FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON instruments FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY administrator_adds ON instruments FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY administrator_retires ON instruments FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY job_all ON instruments TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (retired_by, retired_at) ON instruments TO waypost_staff, waypost_job;

-- One set of questions put to one client. `response` holds the completed answers, `draft` what is being answered or changed.
CREATE TABLE assessments (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- Said aloud and printed on paper, which carries nothing else that tells whose it is.
  reference text NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  instrument_id uuid NOT NULL,
  manner text NOT NULL CHECK (manner IN ('in_person', 'paper', 'by_client')),
  -- The language in which the questions are read, a BCP 47 tag.
  language text NOT NULL,
  -- The day on which the client answered: that of completing, or the one written on the paper.
  answered_on date,
  draft jsonb,
  response jsonb,
  -- Completed answers that there have been; 0 until the first.
  version integer NOT NULL DEFAULT 0,
  started_by uuid,
  started_at timestamptz NOT NULL,
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  completed_by uuid,
  completed_at timestamptz,
  discarded_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, reference),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, instrument_id) REFERENCES instruments (network_id, id),
  CHECK ((completed_at IS NULL) = (response IS NULL)),
  CHECK ((completed_at IS NULL) = (version = 0)),
  CHECK (completed_at IS NULL OR answered_on IS NOT NULL),
  CHECK (completed_at IS NOT NULL OR draft IS NOT NULL)
);
CREATE INDEX assessments_of_client ON assessments (network_id, client_id, started_at DESC);
-- An instrument has one open sheet a client: a second tap on "start" finds the first one.
CREATE UNIQUE INDEX assessments_open ON assessments (network_id, client_id, instrument_id)
  WHERE completed_at IS NULL AND discarded_at IS NULL;

-- Every save, with the whole of the answers as they then were.
CREATE TABLE assessment_events (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  assessment_id uuid NOT NULL,
  -- Counts the events of one assessment: several may carry the same moment.
  step integer NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN ('started', 'saved', 'completed', 'changed', 'changes_dropped', 'discarded')),
  -- The version that this event made; null where it made none.
  version integer,
  -- The link id of the page that was saved.
  page text,
  response jsonb,
  actor_id uuid,
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, assessment_id) REFERENCES assessments (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  CHECK ((version IS NOT NULL) = (kind IN ('completed', 'changed')))
);
CREATE UNIQUE INDEX assessment_events_of_assessment ON assessment_events (network_id, assessment_id, step);
CREATE UNIQUE INDEX assessment_events_version ON assessment_events (network_id, assessment_id, version) WHERE version IS NOT NULL;

ALTER TABLE assessments ENABLE ROW LEVEL SECURITY;
ALTER TABLE assessments FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON assessments TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON assessments TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE assessment_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE assessment_events FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON assessment_events TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON assessment_events TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE ON assessments TO waypost_staff, waypost_job;
-- The history is only added to; where the client's file lies and who may see it can be brought up to date.
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON assessment_events TO waypost_staff, waypost_job;
