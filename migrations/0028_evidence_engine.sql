-- The life of a learned model: fitted, reviewed, in use, retired; the switch; learning on request; what has drifted since.

-- The classic estimator keeps its numbers in the columns that it has. A model of the engine is a card and one file of bytes,
-- which lie apart: whoever reviews and approves reads the card and no bytes.
ALTER TABLE evidence_models DROP CONSTRAINT evidence_models_kind_check;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_kind_check CHECK (kind IN ('classic', 'engine'));
ALTER TABLE evidence_models ALTER COLUMN layout DROP NOT NULL;
ALTER TABLE evidence_models ALTER COLUMN numbers DROP NOT NULL;
ALTER TABLE evidence_models ALTER COLUMN past_answers DROP NOT NULL;
ALTER TABLE evidence_models ALTER COLUMN past_arms DROP NOT NULL;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_whole CHECK (
  (kind = 'classic') = (layout IS NOT NULL AND numbers IS NOT NULL AND past_answers IS NOT NULL AND past_arms IS NOT NULL)
);

-- How the inputs lay when the model learned: shares of ranges and levels, to compare later episodes with.
ALTER TABLE evidence_models ADD COLUMN inputs jsonb;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_inputs CHECK ((kind = 'engine') = (inputs IS NOT NULL));

-- Of the engine's models, written only together with its event; of the classic estimator's, by learning itself, which puts the
-- newest in use. What was in use before stays so: read from the column that said it until now, as a
-- change of type, because the owner of the table sees no network's rows.
ALTER TABLE evidence_models ADD COLUMN state text;
ALTER TABLE evidence_models ALTER COLUMN state TYPE text
  USING (CASE WHEN replaced_at IS NULL THEN 'in_use' ELSE 'retired' END);
ALTER TABLE evidence_models ALTER COLUMN state SET NOT NULL;
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_state_check
  CHECK (state IN ('fitted', 'reviewed', 'in_use', 'retired'));
ALTER TABLE evidence_models ADD CONSTRAINT evidence_models_retired CHECK ((state = 'retired') = (replaced_at IS NOT NULL));
DROP INDEX evidence_models_in_use;
CREATE UNIQUE INDEX evidence_models_in_use ON evidence_models (network_id, kind) WHERE state = 'in_use';

-- A row of the classic estimator holds past clients' answers in compact form, so only the engine's are for these roles.
CREATE POLICY cards_read ON evidence_models FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND kind = 'engine'
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['evaluator', 'administrator']
  );
CREATE POLICY life_goes_on ON evidence_models FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND kind = 'engine'
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['evaluator', 'manager', 'administrator']
  );
GRANT UPDATE (state, replaced_at) ON evidence_models TO waypost_staff, waypost_job;

-- The model as one file (src/evidence/model-file).
CREATE TABLE evidence_model_bytes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, id) REFERENCES evidence_models (network_id, id)
);
ALTER TABLE evidence_model_bytes ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_model_bytes FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON evidence_model_bytes FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
  );
CREATE POLICY job_all ON evidence_model_bytes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON evidence_model_bytes TO waypost_staff;
GRANT SELECT, INSERT ON evidence_model_bytes TO waypost_job;

-- What happened to a model, and by whom. Added to, never changed.
CREATE TABLE evidence_model_events (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  model_id uuid NOT NULL,
  -- From 1 on: several may happen at one moment.
  seq integer NOT NULL CHECK (seq > 0),
  kind text NOT NULL CHECK (kind IN ('fitted', 'reviewed', 'put_in_use', 'retired')),
  at timestamptz NOT NULL,
  -- Null: the job that learned it.
  actor_id uuid,
  note text,
  PRIMARY KEY (network_id, id),
  UNIQUE (network_id, model_id, seq),
  FOREIGN KEY (network_id, model_id) REFERENCES evidence_models (network_id, id),
  FOREIGN KEY (network_id, actor_id) REFERENCES staff (network_id, id),
  CHECK (actor_id IS NOT NULL OR kind = 'fitted'),
  CHECK (kind <> 'reviewed' OR note IS NOT NULL)
);
ALTER TABLE evidence_model_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_model_events FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON evidence_model_events FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_adds ON evidence_model_events FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND actor_id = nullif(current_setting('app.actor_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['evaluator', 'manager', 'administrator']
  );
CREATE POLICY job_all ON evidence_model_events TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON evidence_model_events TO waypost_staff, waypost_job;

-- The switch: each turning is a row, the latest speaks. Without any, ranking by model is on.
CREATE TABLE evidence_settings (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  is_ranking_by_model boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, changed_by) REFERENCES staff (network_id, id)
);
CREATE INDEX evidence_settings_latest ON evidence_settings (network_id, changed_at DESC, id DESC);
ALTER TABLE evidence_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON evidence_settings FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY staff_turns ON evidence_settings FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND changed_by = nullif(current_setting('app.actor_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['manager', 'administrator']
  );
CREATE POLICY job_reads ON evidence_settings FOR SELECT TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON evidence_settings TO waypost_staff;
GRANT SELECT ON evidence_settings TO waypost_job;

-- Learning that somebody asked for, with how far it is. At most one at a time.
CREATE TABLE evidence_learnings (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  asked_by uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  started_at timestamptz,
  -- Its last sign of life.
  seen_at timestamptz,
  done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
  of integer NOT NULL DEFAULT 0 CHECK (of >= 0),
  stop_asked_by uuid,
  ended_at timestamptz,
  result text CHECK (result IN ('learned', 'stopped', 'failed')),
  model_id uuid,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, asked_by) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, stop_asked_by) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, model_id) REFERENCES evidence_models (network_id, id),
  CHECK ((ended_at IS NULL) = (result IS NULL)),
  CHECK ((result = 'learned') = (model_id IS NOT NULL))
);
CREATE UNIQUE INDEX evidence_learnings_one ON evidence_learnings (network_id) WHERE ended_at IS NULL;
ALTER TABLE evidence_learnings ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_learnings FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON evidence_learnings TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['evaluator', 'manager', 'administrator']
  );
CREATE POLICY job_all ON evidence_learnings TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON evidence_learnings TO waypost_staff, waypost_job;

-- How the episodes since a model was learned differ from those that it learned from: figures, suppressed before they are
-- written, no personal rows.
CREATE TABLE evidence_drift (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  model_id uuid NOT NULL,
  looked_at timestamptz NOT NULL,
  report jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, model_id) REFERENCES evidence_models (network_id, id)
);
CREATE INDEX evidence_drift_of_model ON evidence_drift (network_id, model_id, looked_at DESC);
ALTER TABLE evidence_drift ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_drift FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON evidence_drift FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',')
      && ARRAY['evaluator', 'manager', 'administrator']
  );
CREATE POLICY job_all ON evidence_drift TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON evidence_drift TO waypost_staff;
GRANT SELECT, INSERT ON evidence_drift TO waypost_job;

-- A recommendation keeps whether a model ordered it, and what averages stood beside it when none did.
ALTER TABLE recommendations ADD COLUMN ranked_by text NOT NULL DEFAULT 'model'
  CHECK (ranked_by IN ('model', 'switched_off', 'checks_failed'));
ALTER TABLE recommendations ADD COLUMN averages jsonb NOT NULL DEFAULT '[]';
