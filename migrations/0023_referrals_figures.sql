-- Figures of the loop: counts without personal rows, suppressed before they are written (docs/methods/referral-figures.md).

-- One row says one cell: a measure's category, in one month or all of them, for everyone or for one value of one breakdown.
CREATE TABLE figure_referrals (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- The first day of the month in which the referrals were sent; null: all months together.
  period date,
  breakdown text NOT NULL CHECK (breakdown IN (
    'everyone', 'site', 'partner', 'service_type', 'language', 'age_band', 'sex', 'born_abroad', 'disability'
  )),
  site_id uuid,
  organization_id uuid,
  organization_name text,
  service_type text,
  -- A language, an age band, what was told freely; 'unknown' where nothing was.
  group_value text,
  measure text NOT NULL,
  -- What the numerator counts; 'time' where median and ninetieth say how long.
  category text NOT NULL,
  -- Null: hidden, or no number of this measure.
  numerator integer CHECK (numerator >= 0),
  denominator integer CHECK (denominator >= 0),
  median double precision,
  ninetieth double precision,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organizations (network_id, id),
  CHECK ((site_id IS NOT NULL) = (breakdown = 'site')),
  CHECK ((organization_id IS NOT NULL) = (breakdown = 'partner')),
  CHECK (numerator <= denominator)
);
CREATE INDEX figure_referrals_of_breakdown ON figure_referrals (network_id, breakdown, period);
CREATE INDEX figure_referrals_of_partner ON figure_referrals (network_id, organization_id) WHERE organization_id IS NOT NULL;

-- When all of it was last counted. One row a network.
CREATE TABLE figure_referral_counts (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  counted_at timestamptz NOT NULL,
  first_month date NOT NULL,
  last_month date NOT NULL,
  -- Counts below it are hidden.
  minimum integer NOT NULL CHECK (minimum > 1),
  PRIMARY KEY (network_id, id)
);

ALTER TABLE figure_referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_referrals FORCE ROW LEVEL SECURITY;
-- A site's figures are for its managers (who come with the sites that they manage), evaluators and administrators. What names
-- no site is for whoever may read figures.
CREATE POLICY figures_read ON figure_referrals FOR SELECT TO waypost_figures
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
-- How a partner answers is for all staff: it is what the next referral needs to know.
CREATE POLICY staff_reads_partners ON figure_referrals FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id IS NOT NULL
  );
CREATE POLICY partner_reads_own ON figure_referrals FOR SELECT TO waypost_partner
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
  );
CREATE POLICY job_all ON figure_referrals TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON figure_referrals TO waypost_figures, waypost_staff, waypost_partner;
GRANT SELECT, INSERT, DELETE ON figure_referrals TO waypost_job;

ALTER TABLE figure_referral_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_referral_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON figure_referral_counts FOR SELECT TO waypost_figures, waypost_staff, waypost_partner
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON figure_referral_counts TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
GRANT SELECT ON figure_referral_counts TO waypost_figures, waypost_staff, waypost_partner;
GRANT SELECT, INSERT, DELETE ON figure_referral_counts TO waypost_job;
