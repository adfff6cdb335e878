-- Occupations and skills: reference data that each network imports for itself, what is said of their labour market, and what
-- clients tell of jobs, tasks, credentials, languages and skills.

-- Where words come from. The licence is shown wherever they are.
CREATE TABLE occupation_sources (
  network_id uuid NOT NULL REFERENCES networks (id),
  source text NOT NULL,
  title text NOT NULL,
  licence text NOT NULL,
  url text,
  -- Some of its occupations say what skills they need: such a source takes the place of the list that comes with Waypost.
  has_skills boolean NOT NULL DEFAULT false,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, source)
);

CREATE TABLE occupations (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  source text NOT NULL,
  -- What the source calls it: ESCO's address, the O*NET-SOC code.
  code text COLLATE "C" NOT NULL,
  -- The unit group of ISCO-08 and the SOC code, where the source tells them: what a labour-market file speaks of.
  isco text,
  soc text,
  -- The source has it no longer. Clients' files may still name it.
  gone_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, source) REFERENCES occupation_sources (network_id, source)
);
CREATE UNIQUE INDEX occupations_known_by ON occupations (network_id, source, code);

-- What it is called in one language, with the hash of all that this language says of it.
CREATE TABLE occupation_names (
  network_id uuid NOT NULL REFERENCES networks (id),
  occupation_id uuid NOT NULL,
  language text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  description text,
  content_hash text NOT NULL,
  PRIMARY KEY (network_id, occupation_id, language),
  FOREIGN KEY (network_id, occupation_id) REFERENCES occupations (network_id, id)
);

-- What people call it: the name (position 0) and the other labels.
CREATE TABLE occupation_labels (
  network_id uuid NOT NULL REFERENCES networks (id),
  occupation_id uuid NOT NULL,
  language text NOT NULL,
  position smallint NOT NULL,
  label text NOT NULL,
  PRIMARY KEY (network_id, occupation_id, language, position),
  FOREIGN KEY (network_id, occupation_id) REFERENCES occupations (network_id, id)
);

-- Folded words of labels, to find a label by. A table of exact keys, because under row-level security PostgreSQL uses an index
-- only for leakproof operators: comparing text is, the trigram and full-text operators are not.
CREATE TABLE occupation_words (
  network_id uuid NOT NULL REFERENCES networks (id),
  word text COLLATE "C" NOT NULL,
  occupation_id uuid NOT NULL,
  language text NOT NULL,
  position smallint NOT NULL,
  -- Words of the label, repeated here: the shortest labels are chosen before any label is read.
  word_count smallint NOT NULL,
  PRIMARY KEY (network_id, word, occupation_id, language, position),
  FOREIGN KEY (network_id, occupation_id) REFERENCES occupations (network_id, id)
);
CREATE INDEX occupation_words_of_occupation ON occupation_words (network_id, occupation_id, language);

CREATE TABLE skills (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  source text NOT NULL,
  code text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('skill', 'knowledge', 'language', 'digital', 'transversal')),
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, source) REFERENCES occupation_sources (network_id, source)
);
CREATE UNIQUE INDEX skills_known_by ON skills (network_id, source, code);

CREATE TABLE skill_names (
  network_id uuid NOT NULL REFERENCES networks (id),
  skill_id uuid NOT NULL,
  language text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (network_id, skill_id, language),
  FOREIGN KEY (network_id, skill_id) REFERENCES skills (network_id, id)
);

CREATE TABLE occupation_skills (
  network_id uuid NOT NULL REFERENCES networks (id),
  occupation_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  relation text NOT NULL CHECK (relation IN ('essential', 'optional')),
  -- How much it matters where the source measures that (O*NET, 1 to 5).
  importance real,
  PRIMARY KEY (network_id, occupation_id, skill_id),
  FOREIGN KEY (network_id, occupation_id) REFERENCES occupations (network_id, id),
  FOREIGN KEY (network_id, skill_id) REFERENCES skills (network_id, id)
);
CREATE INDEX occupation_skills_of_skill ON occupation_skills (network_id, skill_id);

CREATE TABLE labour_market (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  -- Who says so, and the day that it holds for.
  source text NOT NULL,
  as_of date NOT NULL,
  scheme text NOT NULL CHECK (scheme IN ('isco', 'soc', 'esco')),
  code text COLLATE "C" NOT NULL,
  -- Empty: everywhere.
  area text NOT NULL DEFAULT '',
  growth_percent numeric(7, 2),
  growth_years smallint CHECK (growth_years > 0),
  earnings_cents bigint CHECK (earnings_cents >= 0),
  earnings_per text CHECK (earnings_per IN ('hour', 'week', 'month', 'year')),
  currency text,
  in_demand boolean,
  PRIMARY KEY (network_id, id),
  CHECK ((growth_percent IS NULL) = (growth_years IS NULL)),
  CHECK ((earnings_cents IS NULL) = (earnings_per IS NULL)),
  CHECK ((earnings_cents IS NULL) = (currency IS NULL))
);
CREATE UNIQUE INDEX labour_market_known_by ON labour_market (network_id, source, scheme, code, area);
CREATE INDEX labour_market_by_code ON labour_market (network_id, scheme, code);

-- What a client tells. A row never changes but by being taken back: what is said anew is another row that names the earlier one,
-- so the rows are their own history.
CREATE TABLE client_skill_entries (
  network_id uuid NOT NULL REFERENCES networks (id),
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  site_id uuid NOT NULL,
  restricted_to uuid[],
  kind text NOT NULL CHECK (kind IN ('job_held', 'job_aim', 'task', 'skill', 'credential', 'language')),
  -- In the person's own words; of a language its BCP 47 tag; of a ticked skill its name as it was shown.
  words text NOT NULL CHECK (words <> ''),
  occupation_id uuid,
  skill_id uuid,
  -- The job that it was told with.
  about uuid,
  years numeric(4, 1) CHECK (years BETWEEN 0 AND 70),
  place text,
  recognised text CHECK (recognised IN ('earned_here', 'yes', 'no', 'asked_for', 'not_known')),
  level text CHECK (level IN ('none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2')),
  replaces uuid,
  added_by uuid NOT NULL,
  added_at timestamptz NOT NULL,
  removed_by uuid,
  removed_at timestamptz,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, client_id) REFERENCES clients (network_id, id),
  FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, id),
  FOREIGN KEY (network_id, occupation_id) REFERENCES occupations (network_id, id),
  FOREIGN KEY (network_id, skill_id) REFERENCES skills (network_id, id),
  FOREIGN KEY (network_id, about) REFERENCES client_skill_entries (network_id, id),
  FOREIGN KEY (network_id, replaces) REFERENCES client_skill_entries (network_id, id),
  CHECK (occupation_id IS NULL OR kind IN ('job_held', 'job_aim')),
  CHECK (skill_id IS NULL OR kind = 'skill'),
  CHECK ((recognised IS NOT NULL) = (kind = 'credential')),
  CHECK ((level IS NOT NULL) = (kind = 'language')),
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX client_skill_entries_of_client ON client_skill_entries (network_id, client_id, added_at);
-- The same skill ticked twice, or the same language told twice, is one.
CREATE UNIQUE INDEX client_skill_entries_skill ON client_skill_entries (network_id, client_id, skill_id)
  WHERE skill_id IS NOT NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX client_skill_entries_language ON client_skill_entries (network_id, client_id, words)
  WHERE kind = 'language' AND removed_at IS NULL;

ALTER TABLE occupation_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation_sources FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupation_sources FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupation_sources TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE occupations ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupations FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupations FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupations TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE occupation_names ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation_names FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupation_names FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupation_names TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE occupation_labels ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation_labels FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupation_labels FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupation_labels TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE occupation_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation_words FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupation_words FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupation_words TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE skills ENABLE ROW LEVEL SECURITY;
ALTER TABLE skills FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON skills FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON skills TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE skill_names ENABLE ROW LEVEL SECURITY;
ALTER TABLE skill_names FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON skill_names FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON skill_names TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE occupation_skills ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation_skills FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON occupation_skills FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON occupation_skills TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE labour_market ENABLE ROW LEVEL SECURITY;
ALTER TABLE labour_market FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_reads ON labour_market FOR SELECT TO waypost_staff
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);
CREATE POLICY job_all ON labour_market TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

ALTER TABLE client_skill_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_skill_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON client_skill_entries TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    AND (restricted_to IS NULL OR nullif(current_setting('app.actor_id', true), '')::uuid = ANY (restricted_to))
  );
CREATE POLICY job_all ON client_skill_entries TO waypost_job
  USING (network_id = nullif(current_setting('app.network_id', true), '')::uuid);

-- Reference data are read by staff and written by imports alone.
GRANT SELECT ON occupation_sources, occupations, occupation_names, occupation_labels, occupation_words, skills,
  skill_names, occupation_skills, labour_market TO waypost_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON occupation_sources, occupations, occupation_names, occupation_labels, occupation_words,
  skills, skill_names, occupation_skills, labour_market TO waypost_job;
GRANT SELECT, INSERT, UPDATE (site_id, restricted_to, removed_by, removed_at) ON client_skill_entries
  TO waypost_staff, waypost_job;
