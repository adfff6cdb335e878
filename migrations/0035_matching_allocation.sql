-- Few places, many suitable clients: what managers compare, what they propose, and what advisers' choices come to.

-- One comparison of rules. Nothing in it is a person: counts, averages, and shares of groups that were suppressed before.
CREATE TABLE matching_allocations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  -- The sites that its maker managed then: their clients are in question.
  site_ids uuid[] NOT NULL,
  -- Services and places, what was asked of clients, how much the worse off count, the seed.
  question jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  ended_at timestamptz,
  -- Null where no model ordered.
  model_id uuid,
  comparison jsonb,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES staff (network_id, id),
  FOREIGN KEY (network_id, model_id) REFERENCES evidence_models (network_id, id),
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CHECK ((state = 'done') = (comparison IS NOT NULL))
);
CREATE INDEX matching_allocations_by_time ON matching_allocations (network_id, made_at DESC);

-- Who was in question, and what each rule would give them.
CREATE TABLE matching_allocation_clients (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  allocation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  recommendation_id uuid NOT NULL,
  waiting_days integer NOT NULL CHECK (waiting_days >= 0),
  -- By rule: the service with gain and travel as they stood, null where there is no place; the chance of it in the draw.
  got jsonb NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, allocation_id) REFERENCES matching_allocations (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, recommendation_id) REFERENCES recommendations (network_id, id)
);
CREATE INDEX matching_allocation_clients_of_one ON matching_allocation_clients (network_id, allocation_id);
CREATE INDEX matching_allocation_clients_of_client ON matching_allocation_clients (network_id, client_id);

-- One rule of a comparison, put to the clients' advisers. It sends nothing.
CREATE TABLE matching_proposals (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  allocation_id uuid NOT NULL,
  site_ids uuid[] NOT NULL,
  name text NOT NULL,
  rule text NOT NULL CHECK (rule IN ('first_come', 'gain', 'worse_off', 'lottery')),
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, allocation_id) REFERENCES matching_allocations (network_id, id),
  FOREIGN KEY (network_id, made_by) REFERENCES staff (network_id, id)
);
CREATE INDEX matching_proposals_by_time ON matching_proposals (network_id, made_at DESC);

-- Which adviser has been told of which month's choices: once each.
CREATE TABLE matching_choice_notes (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  month date NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, staff_id) REFERENCES staff (network_id, id),
  UNIQUE (network_id, staff_id, month)
);

-- How often the first suggestion is taken: counts without personal rows and without advisers, suppressed before they are written.
CREATE TABLE figure_choices (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- The first day of the month of the choice; null: all months together.
  period date,
  breakdown text NOT NULL CHECK (breakdown IN ('everyone', 'site', 'service_type')),
  site_id uuid,
  service_type text,
  -- `taken`: first, another, total. `reason`: why another.
  measure text NOT NULL CHECK (measure IN ('taken', 'reason')),
  category text NOT NULL,
  -- Null: hidden.
  count integer CHECK (count >= 0),
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  CHECK ((site_id IS NOT NULL) = (breakdown = 'site')),
  CHECK ((service_type IS NOT NULL) = (breakdown = 'service_type'))
);
CREATE INDEX figure_choices_of_breakdown ON figure_choices (network_id, breakdown, period);

CREATE TABLE figure_choice_counts (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  counted_at timestamptz NOT NULL,
  first_month date NOT NULL,
  last_month date NOT NULL,
  minimum integer NOT NULL CHECK (minimum > 1),
  PRIMARY KEY (network_id, id)
);

ALTER TABLE matching_allocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_allocations FORCE ROW LEVEL SECURITY;
-- Who works at all the sites that it is about.
CREATE POLICY managers_of_sites ON matching_allocations TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['manager']
    AND site_ids <@ string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[]
  );
CREATE POLICY job_all ON matching_allocations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON matching_allocations TO waypost_staff;
GRANT SELECT, INSERT, DELETE, UPDATE (state, ended_at, model_id, comparison) ON matching_allocations TO waypost_job;

ALTER TABLE matching_allocation_clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_allocation_clients FORCE ROW LEVEL SECURITY;
-- Advisers read any file of the network; managers those of their sites.
CREATE POLICY staff_all ON matching_allocation_clients TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND (
      string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser']
      OR (
        string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['manager']
        AND site_id = ANY (string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[])
      )
    )
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  )
  -- A file that moves to another site takes its rows along.
  WITH CHECK (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON matching_allocation_clients TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, UPDATE (site_id, restricted_to) ON matching_allocation_clients TO waypost_staff;
GRANT SELECT, INSERT, DELETE, UPDATE (site_id, restricted_to) ON matching_allocation_clients TO waypost_job;

ALTER TABLE matching_proposals ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_proposals FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON matching_proposals FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
  );
CREATE POLICY managers_add ON matching_proposals FOR INSERT TO waypost_staff
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['manager']
    AND site_ids <@ string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[]
  );
CREATE POLICY job_all ON matching_proposals TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT, INSERT ON matching_proposals TO waypost_staff, waypost_job;

ALTER TABLE matching_choice_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE matching_choice_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON matching_choice_notes FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND staff_id = nullif(current_setting('app.actor_id', true), '')::uuid
  );
CREATE POLICY job_all ON matching_choice_notes TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON matching_choice_notes TO waypost_staff;
GRANT SELECT, INSERT ON matching_choice_notes TO waypost_job;

ALTER TABLE figure_choices ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_choices FORCE ROW LEVEL SECURITY;
-- A site's figures are for its managers (who come with the sites that they manage), evaluators and administrators.
CREATE POLICY figures_read ON figure_choices FOR SELECT TO waypost_figures
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND (
      site_id IS NULL
      OR string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['evaluator', 'administrator']
      OR (
        string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['manager']
        AND site_id = ANY (string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[])
      )
    )
  );
CREATE POLICY job_all ON figure_choices TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON figure_choices TO waypost_figures;
GRANT SELECT, INSERT, DELETE ON figure_choices TO waypost_job;

ALTER TABLE figure_choice_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_choice_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY figures_read ON figure_choice_counts FOR SELECT TO waypost_figures
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON figure_choice_counts TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON figure_choice_counts TO waypost_figures;
GRANT SELECT, INSERT, DELETE ON figure_choice_counts TO waypost_job;
-- What was chosen by one adviser, and in one year.
CREATE INDEX matching_choices_of_adviser ON matching_choices (network_id, chosen_by, chosen_at DESC);
CREATE INDEX matching_choices_by_time ON matching_choices (network_id, chosen_at);
