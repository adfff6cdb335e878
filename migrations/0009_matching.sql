-- The Service Referral Module: what was recommended, from what, and what was chosen. Both tables are only added to.

CREATE TABLE recommendations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  -- Null where there was none, or too few past episodes.
  model_id uuid,
  -- What was known: the facts, and what was asked of a place (position, languages, access).
  facts jsonb NOT NULL,
  wishes jsonb NOT NULL,
  -- One estimate a service type.
  estimates jsonb NOT NULL,
  -- Every service in the order shown, with what spoke for and against it (src/matching/ranking-json.ts).
  ranking jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, model_id) REFERENCES evidence_models (network_id, id)
);
CREATE INDEX recommendations_of_client ON recommendations (network_id, client_id, made_at DESC);

CREATE TABLE matching_choices (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  recommendation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  service_id uuid NOT NULL,
  -- 1 the top; null for a service that was not known or not eligible.
  rank integer CHECK (rank > 0),
  standing text NOT NULL CHECK (standing IN ('eligible', 'not_known', 'not_eligible')),
  -- Why another than the top one; null for the top one.
  reason text,
  words text,
  chosen_by uuid NOT NULL,
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, recommendation_id) REFERENCES recommendations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES services (network_id, id),
  FOREIGN KEY (network_id, chosen_by) REFERENCES staff (network_id, id),
  CHECK (rank = 1 OR reason IS NOT NULL)
);
CREATE INDEX matching_choices_of_recommendation ON matching_choices (network_id, recommendation_id, chosen_at DESC);
CREATE INDEX matching_choices_of_client ON matching_choices (network_id, client_id, chosen_at DESC);

ALTER TABLE recommendations ENABLE ROW LEVEL SECURITY;
ALTER TABLE recommendations FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON recommendations TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON recommendations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE matching_choices ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_choices FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON matching_choices TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON matching_choices TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

-- A file that moves to another site or is restricted takes its recommendations along; nothing else of them changes.
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON recommendations, matching_choices TO waypost_staff, waypost_job;
