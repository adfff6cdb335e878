-- What is checked before a referral is sent, the question for places that names nobody, and what a decline leads to.

-- A requirement that the partner waives when it is asked: it warns, and does not bar the way.
ALTER TABLE requirements ADD COLUMN is_negotiable boolean NOT NULL DEFAULT false;

-- Whoever declines says which requirement is not met. What a service asks is no secret; who said so and when stays with staff.
CREATE POLICY answerer_reads ON requirements FOR SELECT TO waypost_link, waypost_partner
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT (network_id, id, service_id, rule, is_negotiable, created_at, removed_at) ON requirements TO waypost_link, waypost_partner;

-- What stood on the page when the referral was sent all the same: codes of src/referrals/before-sending/finding.ts.
ALTER TABLE referrals ADD COLUMN warnings_seen text[] NOT NULL DEFAULT '{}';
CREATE INDEX referrals_that_follow ON referrals (network_id, follows_id) WHERE follows_id IS NOT NULL;

-- "Do you have a place from 1 December, mornings?" It hangs on a service and on no client.
CREATE TABLE capacity_questions (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  service_id uuid NOT NULL,
  -- As they were called when it was asked: whoever answers may not read the directory.
  organization_name text NOT NULL,
  service_name text NOT NULL,
  asker_name text NOT NULL,
  places integer NOT NULL CHECK (places BETWEEN 1 AND 99),
  wanted_from date,
  -- mornings, afternoons, evenings, weekends
  hours text[] NOT NULL DEFAULT '{}',
  -- Codes of src/referrals/capacity/question.ts.
  needs text[] NOT NULL DEFAULT '{}',
  -- For which an interpreter, or a course in it, is wanted.
  language text,
  -- Nothing about a person: the form says so.
  note text,
  asked_at timestamptz NOT NULL,
  -- When whoever asked is told to ring.
  due_at timestamptz NOT NULL,
  told_at timestamptz,
  -- The secret is derived from the key and the id, and kept as a hash. It opens this question and nothing else.
  key_id text NOT NULL,
  secret_hash bytea NOT NULL,
  recipient text,
  expires_at timestamptz NOT NULL,
  answer text CHECK (answer IN ('places', 'ask_again', 'not_taking')),
  places_free integer CHECK (places_free BETWEEN 0 AND 999),
  starts_on date,
  ask_again_on date,
  words text,
  answered_at timestamptz,
  answered_by text CHECK (answered_by IN ('partner', 'staff')),
  -- Who told it, as it is shown: the partner, or the member of staff who rang.
  answered_name text,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, secret_hash),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL)),
  CHECK ((answer = 'places') = (places_free IS NOT NULL))
);
CREATE INDEX capacity_questions_of_service ON capacity_questions (network_id, service_id, asked_at DESC);
CREATE INDEX capacity_questions_due ON capacity_questions (network_id, due_at) WHERE answered_at IS NULL AND told_at IS NULL;

-- Everyone who wants to know: a second one joins the question that is open.
CREATE TABLE capacity_askers (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  question_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  -- The answer was read and put away.
  dismissed_at timestamptz,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, question_id, staff_id),
  FOREIGN KEY (network_id, question_id) REFERENCES capacity_questions (network_id, id),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id)
);
CREATE INDEX capacity_askers_by_staff ON capacity_askers (network_id, staff_id) WHERE dismissed_at IS NULL;

ALTER TABLE capacity_questions ENABLE ROW LEVEL SECURITY;
ALTER TABLE capacity_questions FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON capacity_questions TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
  );
CREATE POLICY job_all ON capacity_questions TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY door_reads ON capacity_questions FOR SELECT TO waypost_door
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY link_reads ON capacity_questions FOR SELECT TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.question_id', true), '')::uuid
  );
CREATE POLICY link_answers ON capacity_questions FOR UPDATE TO waypost_link
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND id = nullif(current_setting('app.question_id', true), '')::uuid
    AND answered_at IS NULL
  )
  WITH CHECK (answered_by = 'partner');
GRANT SELECT, INSERT, UPDATE ON capacity_questions TO waypost_staff, waypost_job;
GRANT SELECT (network_id, id, organization_id, service_id, expires_at, secret_hash) ON capacity_questions TO waypost_door;
GRANT SELECT (network_id, id, organization_id, service_id, organization_name, service_name, asker_name, places, wanted_from, hours, needs, language, note, asked_at, expires_at,
  answer, places_free, starts_on, ask_again_on, words, answered_at, answered_by, answered_name) ON capacity_questions TO waypost_link;
GRANT UPDATE (answer, places_free, starts_on, ask_again_on, words, answered_at, answered_by, answered_name) ON capacity_questions TO waypost_link;

ALTER TABLE capacity_askers ENABLE ROW LEVEL SECURITY;
ALTER TABLE capacity_askers FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON capacity_askers TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
  );
CREATE POLICY job_all ON capacity_askers TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON capacity_askers TO waypost_staff, waypost_job;
