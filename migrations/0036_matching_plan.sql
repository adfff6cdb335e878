-- A client's plan: what comes first and what then. Added to, never changed: each row is the whole plan after one act, and the
-- latest of a file is the plan. And what may be expected without help, kept beside the models.

CREATE TABLE matching_plan_versions (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  version integer NOT NULL CHECK (version > 0),
  -- src/matching/plan/plan.reader.ts
  steps jsonb NOT NULL,
  -- What was done, and to which step; what it went back from, where it was undone.
  act text NOT NULL CHECK (act IN ('added', 'changed', 'moved', 'removed', 'done', 'not_done', 'undone', 'suggested')),
  step_id uuid,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  -- Two who change the plan at the same moment: the second looks again.
  UNIQUE (network_id, client_id, version),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES staff (network_id, id)
);
ALTER TABLE matching_plan_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_plan_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON matching_plan_versions TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON matching_plan_versions TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to) ON matching_plan_versions TO waypost_staff, waypost_job;

ALTER TABLE evidence_models DROP CONSTRAINT evidence_models_kind_check;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_kind_check CHECK (kind IN ('classic', 'engine', 'prospects'));
ALTER TABLE evidence_models DROP CONSTRAINT evidence_models_whole;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_whole CHECK (
  (kind IN ('classic', 'prospects'))
    = (layout IS NOT NULL AND numbers IS NOT NULL AND past_answers IS NOT NULL AND past_arms IS NOT NULL)
);
