// Made by `npm run schema` from a freshly migrated database. Do not edit.

import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

export interface Database {
  answered_challenges: AnsweredChallengesTable
  api_tokens: ApiTokensTable
  assessment_events: AssessmentEventsTable
  assessments: AssessmentsTable
  audit_events: AuditEventsTable
  capacity_askers: CapacityAskersTable
  capacity_questions: CapacityQuestionsTable
  client_consents: ClientConsentsTable
  client_disclosures: ClientDisclosuresTable
  client_events: ClientEventsTable
  client_keys: ClientKeysTable
  client_merges: ClientMergesTable
  client_notes: ClientNotesTable
  client_skill_entries: ClientSkillEntriesTable
  client_visits: ClientVisitsTable
  clients: ClientsTable
  directory_import_parts: DirectoryImportPartsTable
  directory_imports: DirectoryImportsTable
  directory_loose_rows: DirectoryLooseRowsTable
  directory_versions: DirectoryVersionsTable
  episodes: EpisodesTable
  evidence_drift: EvidenceDriftTable
  evidence_episodes: EvidenceEpisodesTable
  evidence_learnings: EvidenceLearningsTable
  evidence_model_bytes: EvidenceModelBytesTable
  evidence_model_events: EvidenceModelEventsTable
  evidence_models: EvidenceModelsTable
  evidence_settings: EvidenceSettingsTable
  figure_choice_counts: FigureChoiceCountsTable
  figure_choices: FigureChoicesTable
  figure_referral_counts: FigureReferralCountsTable
  figure_referrals: FigureReferralsTable
  follow_up_links: FollowUpLinksTable
  follow_ups: FollowUpsTable
  incoming_referrals: IncomingReferralsTable
  informal_referrals: InformalReferralsTable
  instruments: InstrumentsTable
  labour_market: LabourMarketTable
  locations: LocationsTable
  mail_messages: MailMessagesTable
  matching_allocation_clients: MatchingAllocationClientsTable
  matching_allocations: MatchingAllocationsTable
  matching_catalogues: MatchingCataloguesTable
  matching_choice_notes: MatchingChoiceNotesTable
  matching_choices: MatchingChoicesTable
  matching_client_links: MatchingClientLinksTable
  matching_client_orders: MatchingClientOrdersTable
  matching_client_questions: MatchingClientQuestionsTable
  matching_findings: MatchingFindingsTable
  matching_plan_versions: MatchingPlanVersionsTable
  matching_proposals: MatchingProposalsTable
  matching_settings: MatchingSettingsTable
  matching_waits: MatchingWaitsTable
  networks: NetworksTable
  occupation_labels: OccupationLabelsTable
  occupation_names: OccupationNamesTable
  occupation_skills: OccupationSkillsTable
  occupation_sources: OccupationSourcesTable
  occupation_words: OccupationWordsTable
  occupations: OccupationsTable
  organizations: OrganizationsTable
  outcome_statements: OutcomeStatementsTable
  partner_contacts: PartnerContactsTable
  partner_credentials: PartnerCredentialsTable
  partner_links: PartnerLinksTable
  partner_passkeys: PartnerPasskeysTable
  partner_sessions: PartnerSessionsTable
  recommendations: RecommendationsTable
  referral_appointments: ReferralAppointmentsTable
  referral_attachment_pieces: ReferralAttachmentPiecesTable
  referral_attachment_rules: ReferralAttachmentRulesTable
  referral_attachments: ReferralAttachmentsTable
  referral_client_links: ReferralClientLinksTable
  referral_clocks: ReferralClocksTable
  referral_events: ReferralEventsTable
  referral_link_codes: ReferralLinkCodesTable
  referral_link_guesses: ReferralLinkGuessesTable
  referral_links: ReferralLinksTable
  referral_messages: ReferralMessagesTable
  referral_places: ReferralPlacesTable
  referral_shares: ReferralSharesTable
  referrals: ReferralsTable
  requirements: RequirementsTable
  schedules: SchedulesTable
  schema_migrations: SchemaMigrationsTable
  service_at_locations: ServiceAtLocationsTable
  services: ServicesTable
  sign_in_attempts: SignInAttemptsTable
  sites: SitesTable
  skill_names: SkillNamesTable
  skills: SkillsTable
  staff: StaffTable
  staff_credentials: StaffCredentialsTable
  staff_links: StaffLinksTable
  staff_passkeys: StaffPasskeysTable
  staff_sessions: StaffSessionsTable
  staff_sites: StaffSitesTable
  webhook_deliveries: WebhookDeliveriesTable
  webhook_endpoints: WebhookEndpointsTable
}

export interface AnsweredChallengesTable {
  network_id: string
  id: string
  at: Date
}

export interface ApiTokensTable {
  network_id: string
  id: string
  organization_id: string
  label: string
  scopes: string[]
  secret_hash: Buffer
  made_by: string
  created_at: Date
  expires_at: Date
  last_used_on: string | null
  revoked_at: Date | null
}

export interface AssessmentEventsTable {
  network_id: string
  id: string
  assessment_id: string
  step: number
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  version: number | null
  page: string | null
  response: ColumnType<unknown, string | null, string | null>
  actor_id: string | null
  happened_at: Date
}

export interface AssessmentsTable {
  network_id: string
  id: string
  reference: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  instrument_id: string
  manner: string
  language: string
  answered_on: string | null
  draft: ColumnType<unknown, string | null, string | null>
  response: ColumnType<unknown, string | null, string | null>
  version: Generated<number>
  started_by: string | null
  started_at: Date
  saved_by: string | null
  saved_at: Date
  completed_by: string | null
  completed_at: Date | null
  discarded_at: Date | null
}

export interface AuditEventsTable {
  network_id: string
  id: string
  at: Date
  actor_kind: string
  actor_id: string | null
  action: string
  client_id: string | null
  subject_id: string | null
  facts: ColumnType<unknown, string | null | undefined, string | null>
}

export interface CapacityAskersTable {
  network_id: string
  id: string
  question_id: string
  staff_id: string
  asked_at: Date
  dismissed_at: Date | null
}

export interface CapacityQuestionsTable {
  network_id: string
  id: string
  organization_id: string
  service_id: string
  organization_name: string
  service_name: string
  asker_name: string
  places: number
  wanted_from: string | null
  hours: Generated<string[]>
  needs: Generated<string[]>
  language: string | null
  note: string | null
  asked_at: Date
  due_at: Date
  told_at: Date | null
  key_id: string
  secret_hash: Buffer
  recipient: string | null
  expires_at: Date
  answer: string | null
  places_free: number | null
  starts_on: string | null
  ask_again_on: string | null
  words: string | null
  answered_at: Date | null
  answered_by: string | null
  answered_name: string | null
}

export interface ClientConsentsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  event: string
  withdraws: string | null
  purpose: string
  what: Generated<string[]>
  organization_id: string | null
  recipient: string | null
  until: string | null
  how: string
  told_by: string
  recorded_by: string | null
  happened_at: Date
  referral_id: string | null
}

export interface ClientDisclosuresTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  value: string | null
  told_at: Date
  recorded_by: string | null
}

export interface ClientEventsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  facts: ColumnType<unknown, string | null | undefined, string | null>
  actor_id: string | null
  happened_at: Date
}

export interface ClientKeysTable {
  network_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  key: string
}

export interface ClientMergesTable {
  network_id: string
  id: string
  client_id: string
  absorbed_id: string
  site_id: string
  restricted_to: string[] | null
  moved: ColumnType<unknown, string | null, string | null>
  merged_by: string
  merged_at: Date
  undone_by: string | null
  undone_at: Date | null
}

export interface ClientNotesTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  about: string
  words: string
  author_id: string
  written_at: Date
  corrects: string | null
}

export interface ClientSkillEntriesTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  words: string
  occupation_id: string | null
  skill_id: string | null
  about: string | null
  years: number | null
  place: string | null
  recognised: string | null
  level: string | null
  replaces: string | null
  added_by: string
  added_at: Date
  removed_by: string | null
  removed_at: Date | null
}

export interface ClientVisitsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  staff_id: string
  reason: string
  words: string | null
  given_at: Date
  good_until: Date
}

export interface ClientsTable {
  network_id: string
  id: string
  reference: string
  name: string
  family_name: string | null
  birth_date: string | null
  phones: Generated<string[]>
  email: string | null
  reached_by: string[]
  language: string | null
  script: string | null
  needs_interpreter: Generated<boolean>
  access_needs: Generated<string[]>
  access_words: string | null
  address: string | null
  residence_area: string | null
  latitude: number | null
  longitude: number | null
  site_id: string
  adviser_id: string | null
  status: Generated<string>
  closed_reason: string | null
  closed_at: Date | null
  restricted_to: string[] | null
  merged_into: string | null
  created_at: Date
  updated_at: Date
  version: Generated<number>
}

export interface DirectoryImportPartsTable {
  network_id: string
  import_id: string
  part: number
  bytes: Buffer
}

export interface DirectoryImportsTable {
  network_id: string
  id: string
  file_name: string
  source: string | null
  state: string
  lines_read: Generated<number>
  organizations_done: Generated<number>
  organizations_total: number | null
  report: ColumnType<unknown, string | null, string | null>
  started_by: string | null
  created_at: Date
  finished_at: Date | null
}

export interface DirectoryLooseRowsTable {
  network_id: string
  id: string
  source: string
  kind: string
  exchange_id: string
  content_hash: string
  gone_since: string | null
  hsds: ColumnType<unknown, string | null, string | null>
}

export interface DirectoryVersionsTable {
  network_id: string
  version: string
}

export interface EpisodesTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  assessment_id: string | null
  started_on: string
  facts: ColumnType<unknown, string | null, string | null>
  state: string
  closed_on: string | null
  taken: string | null
  taken_on: string | null
  referred_to: string | null
  working_at_180: boolean | null
  working_at_365: boolean | null
  in_training_at_365: boolean | null
  earnings_at_365_cents: number | null
  source_at_365: string | null
  is_contradicted: Generated<boolean>
  created_at: Date
  settled_at: Date
}

export interface EvidenceDriftTable {
  network_id: string
  id: string
  model_id: string
  looked_at: Date
  report: ColumnType<unknown, string | null, string | null>
}

export interface EvidenceEpisodesTable {
  network_id: string
  id: string
  source: string
  source_key: string
  content_hash: string
  started_on: string | null
  facts: ColumnType<unknown, string | null, string | null>
  taken: string
  provider: string | null
  working_at_180: boolean | null
  working_at_365: boolean | null
  earnings_at_365_cents: number | null
  imported_at: Date
}

export interface EvidenceLearningsTable {
  network_id: string
  id: string
  asked_by: string
  asked_at: Date
  started_at: Date | null
  seen_at: Date | null
  done: Generated<number>
  of: Generated<number>
  stop_asked_by: string | null
  ended_at: Date | null
  result: string | null
  model_id: string | null
  terms: ColumnType<unknown, string | null | undefined, string | null>
}

export interface EvidenceModelBytesTable {
  network_id: string
  id: string
  bytes: Buffer
}

export interface EvidenceModelEventsTable {
  network_id: string
  id: string
  model_id: string
  seq: number
  kind: string
  at: Date
  actor_id: string | null
  note: string | null
}

export interface EvidenceModelsTable {
  network_id: string
  id: string
  kind: string
  version: number
  learned_at: Date
  replaced_at: Date | null
  layout: ColumnType<unknown, string | null, string | null>
  numbers: Buffer | null
  past_answers: Buffer | null
  past_arms: Buffer | null
  card: ColumnType<unknown, string | null, string | null>
  inputs: ColumnType<unknown, string | null, string | null>
  state: string
}

export interface EvidenceSettingsTable {
  network_id: string
  id: string
  is_ranking_by_model: boolean
  changed_at: Date
  changed_by: string
  reason: string
}

export interface FigureChoiceCountsTable {
  network_id: string
  id: string
  counted_at: Date
  first_month: string
  last_month: string
  minimum: number
}

export interface FigureChoicesTable {
  network_id: string
  id: string
  period: string | null
  breakdown: string
  site_id: string | null
  service_type: string | null
  measure: string
  category: string
  count: number | null
}

export interface FigureReferralCountsTable {
  network_id: string
  id: string
  counted_at: Date
  first_month: string
  last_month: string
  minimum: number
}

export interface FigureReferralsTable {
  network_id: string
  id: string
  period: string | null
  breakdown: string
  site_id: string | null
  organization_id: string | null
  organization_name: string | null
  service_type: string | null
  group_value: string | null
  measure: string
  category: string
  numerator: number | null
  denominator: number | null
  median: number | null
  ninetieth: number | null
}

export interface FollowUpLinksTable {
  network_id: string
  id: string
  follow_up_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  key_id: string
  secret_hash: Buffer
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
}

export interface FollowUpsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  episode_id: string
  months: number
  due_on: string
  ends_on: string
  state: string
  answered_at: Date | null
  statement_id: string | null
}

export interface IncomingReferralsTable {
  network_id: string
  id: string
  reference: string
  organization_id: string
  organization_name: string
  sender_system: string
  sender_value: string
  fields: ColumnType<unknown, string | null, string | null>
  consent_on: string
  status: string
  reason: string | null
  version: number
  received_at: Date
  updated_at: Date
  decided_at: Date | null
  decided_by: string | null
  client_id: string | null
  site_id: string | null
  restricted_to: string[] | null
}

export interface InformalReferralsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string | null
  service_id: string | null
  service_type: string | null
  name: string
  words: string | null
  told_by: string
  told_at: Date
  told_on: string
  follow_up_on: string | null
  outcome: string | null
  outcome_by: string | null
  outcome_at: Date | null
  referral_id: string | null
  undone_at: Date | null
}

export interface InstrumentsTable {
  network_id: string
  id: string
  url: string
  version: string
  title: string
  source: string
  questionnaire: ColumnType<unknown, string | null, string | null>
  digest: string
  added_by: string | null
  added_at: Date
  retired_by: string | null
  retired_at: Date | null
}

export interface LabourMarketTable {
  network_id: string
  id: string
  source: string
  as_of: string
  scheme: string
  code: string
  area: Generated<string>
  growth_percent: number | null
  growth_years: number | null
  earnings_cents: number | null
  earnings_per: string | null
  currency: string | null
  in_demand: boolean | null
}

export interface LocationsTable {
  network_id: string
  id: string
  organization_id: string
  source: string
  source_id: string
  exchange_id: string
  content_hash: string
  name: string | null
  kind: string
  address: string | null
  city: string | null
  postal_code: string | null
  latitude: number | null
  longitude: number | null
  transport: string | null
  accessibility: Generated<string[]>
  languages: Generated<string[]>
  gone_since: string | null
  updated_at: Date
  hsds: ColumnType<unknown, string | null, string | null>
}

export interface MailMessagesTable {
  network_id: string
  id: string
  kind: string
  recipient: string
  locale: string
  ids: ColumnType<unknown, string | null, string | null>
  state: string
  message_id: string | null
  attempts: Generated<number>
  problem: string | null
  created_at: Date
  sent_at: Date | null
  next_try_at: Date | null
  claim: string | null
  claimed_at: Date | null
}

export interface MatchingAllocationClientsTable {
  network_id: string
  id: string
  allocation_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  recommendation_id: string
  waiting_days: number
  got: ColumnType<unknown, string | null, string | null>
}

export interface MatchingAllocationsTable {
  network_id: string
  id: string
  made_by: string
  made_at: Date
  site_ids: string[]
  question: ColumnType<unknown, string | null, string | null>
  state: Generated<string>
  ended_at: Date | null
  model_id: string | null
  comparison: ColumnType<unknown, string | null, string | null>
}

export interface MatchingCataloguesTable {
  network_id: string
  id: string
  content: Buffer
  made_at: Date
}

export interface MatchingChoiceNotesTable {
  network_id: string
  id: string
  staff_id: string
  month: string
  told_at: Date
}

export interface MatchingChoicesTable {
  network_id: string
  id: string
  recommendation_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  service_id: string
  rank: number | null
  standing: string
  reason: string | null
  words: string | null
  chosen_by: string
  chosen_at: Date
  shown_by: ColumnType<unknown, string | null | undefined, string | null>
  tier: number | null
}

export interface MatchingClientLinksTable {
  network_id: string
  id: string
  recommendation_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  key_id: string
  secret_hash: Buffer
  locale: string
  view: ColumnType<unknown, string | null, string | null>
  made_by: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  opened_at: Date | null
}

export interface MatchingClientOrdersTable {
  network_id: string
  id: string
  recommendation_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  locale: string
  shown: string[]
  wanted: string[]
  turned_down: string[]
  words: string | null
  recorded_by: string
  recorded_at: Date
}

export interface MatchingClientQuestionsTable {
  network_id: string
  id: string
  recommendation_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  link_id: string | null
  kind: string
  fact: string | null
  words: string
  asked_at: Date
  answer: string | null
  answer_words: string | null
  answered_by: string | null
  answered_at: Date | null
}

export interface MatchingFindingsTable {
  network_id: string
  id: string
  service_type: string
  gain: number
  low: number
  high: number
  source: string
  year: number | null
  population: string | null
  imported_at: Date
}

export interface MatchingPlanVersionsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  version: number
  steps: ColumnType<unknown, string | null, string | null>
  act: string
  step_id: string | null
  made_by: string
  made_at: Date
}

export interface MatchingProposalsTable {
  network_id: string
  id: string
  allocation_id: string
  site_ids: string[]
  name: string
  rule: string
  made_by: string
  made_at: Date
}

export interface MatchingSettingsTable {
  network_id: string
  id: string
  lottery: boolean
  reason: string
  changed_by: string
  changed_at: Date
}

export interface MatchingWaitsTable {
  network_id: string
  id: string
  median_days: number
  people: number
}

export interface NetworksTable {
  id: string
  slug: string
  name: string
  time_zone: string
  locale: string
  holidays: Generated<string[]>
  is_demo: Generated<boolean>
  settings: ColumnType<unknown, string | null | undefined, string | null>
  created_at: Date
}

export interface OccupationLabelsTable {
  network_id: string
  occupation_id: string
  language: string
  position: number
  label: string
}

export interface OccupationNamesTable {
  network_id: string
  occupation_id: string
  language: string
  name: string
  description: string | null
  content_hash: string
}

export interface OccupationSkillsTable {
  network_id: string
  occupation_id: string
  skill_id: string
  relation: string
  importance: number | null
}

export interface OccupationSourcesTable {
  network_id: string
  source: string
  title: string
  licence: string
  url: string | null
  has_skills: Generated<boolean>
  imported_at: Date
}

export interface OccupationWordsTable {
  network_id: string
  word: string
  occupation_id: string
  language: string
  position: number
  word_count: number
}

export interface OccupationsTable {
  network_id: string
  id: string
  source: string
  code: string
  isco: string | null
  soc: string | null
  gone_at: Date | null
}

export interface OrganizationsTable {
  network_id: string
  id: string
  source: string
  source_id: string
  exchange_id: string
  content_hash: string
  whole_hash: string
  name: string
  alternate_name: string | null
  description: string | null
  email: string | null
  phone: string | null
  website: string | null
  gone_since: string | null
  updated_at: Date
  hsds: ColumnType<unknown, string | null, string | null>
}

export interface OutcomeStatementsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  kind: string
  since: string | null
  as_of: string
  source: string
  channel: string
  monthly_earnings_cents: number | null
  recorded_by: string | null
  recorded_at: Date
  corrects: string | null
  source_key: string | null
}

export interface PartnerContactsTable {
  network_id: string
  id: string
  organization_id: string
  name: string
  title: string | null
  email: string | null
  phone: string | null
  locale: string
  reached_by: string
  state: string
  is_lead: Generated<boolean>
  created_at: Date
  left_at: Date | null
}

export interface PartnerCredentialsTable {
  network_id: string
  account_id: string
  password_hash: string
  changed_at: Date
}

export interface PartnerLinksTable {
  network_id: string
  id: string
  account_id: string
  kind: string
  secret_hash: Buffer
  key_id: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface PartnerPasskeysTable {
  network_id: string
  id: string
  account_id: string
  credential_id: string
  public_key: Buffer
  counter: number
  transports: Generated<string[]>
  name: string
  created_at: Date
  last_used_at: Date | null
}

export interface PartnerSessionsTable {
  network_id: string
  id: string
  account_id: string
  secret_hash: Buffer
  created_at: Date
  expires_at: Date
  ended_at: Date | null
}

export interface RecommendationsTable {
  network_id: string
  id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  made_by: string
  made_at: Date
  model_id: string | null
  facts: ColumnType<unknown, string | null, string | null>
  wishes: ColumnType<unknown, string | null, string | null>
  estimates: ColumnType<unknown, string | null, string | null>
  ranking: ColumnType<unknown, string | null, string | null>
  ranked_by: Generated<string>
  averages: ColumnType<unknown, string | null | undefined, string | null>
  unsupported: Generated<string[]>
  catalogue_id: string | null
  for_day: string | null
  differences: ColumnType<unknown, string | null | undefined, string | null>
  nearest: ColumnType<unknown, string | null | undefined, string | null>
  ordered_by: string | null
  seed: number | null
  digest: string | null
}

export interface ReferralAppointmentsTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  place_id: string | null
  accessibility: Generated<string[]>
  directions: string | null
  joining: string | null
  ask_for: string | null
  accompanying: string | null
  bring: string | null
  phone: string | null
  written_at: Date
  blanked_at: Date | null
}

export interface ReferralAttachmentPiecesTable {
  network_id: string
  id: string
  attachment_id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  from_kind: string
  shown_to_partner: boolean
  shown_to_client: boolean
  is_cleared: boolean
  seq: number
  piece: Buffer
}

export interface ReferralAttachmentRulesTable {
  network_id: string
  id: string
  keep_days: number
  most_file_megabytes: number
  most_referral_megabytes: number
  changed_by: string
  changed_at: Date
}

export interface ReferralAttachmentsTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  event_id: string
  from_kind: string
  from_name: string
  name: string
  kind: string
  bytes: number
  sha256: Buffer
  shown_to_partner: boolean
  shown_to_client: Generated<boolean>
  scan: string
  scanned_at: Date | null
  added_at: Date
  gone_at: Date | null
  gone_because: string | null
}

export interface ReferralClientLinksTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  key_id: string
  secret_hash: Buffer
  made_by: string | null
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  opened_at: Date | null
}

export interface ReferralClocksTable {
  network_id: string
  id: string
  step: string
  service_type: string | null
  organization_id: string | null
  ladder: ColumnType<unknown, string | null, string | null>
  changed_by: string
  changed_at: Date
}

export interface ReferralEventsTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  seq: number
  kind: string
  at: Date
  actor_kind: string
  actor_id: string | null
  actor_name: string
  channel: string
  payload: ColumnType<unknown, string | null, string | null>
  sent_at: Date | null
}

export interface ReferralLinkCodesTable {
  network_id: string
  id: string
  link_id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  key_id: string
  tries: Generated<number>
  created_at: Date
  expires_at: Date
}

export interface ReferralLinkGuessesTable {
  network_id: string
  id: string
  subject_hash: Buffer
  at: Date
}

export interface ReferralLinksTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  kind: string
  key_id: string
  secret_hash: Buffer
  recipient: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  message_id: string | null
}

export interface ReferralMessagesTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  event_id: string
  from_kind: string
  words: string
  shown_to_partner: boolean
  written_at: Date
  sent_at: Date | null
  shown_to_client: Generated<boolean>
  hidden_at: Date | null
  seen_by_adviser_at: Date | null
  seen_by_partner_at: Date | null
  seen_by_client_at: Date | null
}

export interface ReferralPlacesTable {
  network_id: string
  id: string
  directions: string | null
  phone: string | null
  changed_by: string
  changed_at: Date
}

export interface ReferralSharesTable {
  network_id: string
  id: string
  referral_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  fields: ColumnType<unknown, string | null, string | null>
  consent_id: string | null
  sender_name: string
  sender_email: string
  site_name: string
  shared_at: Date
  withdrawn_at: Date | null
  sent_at: Date | null
}

export interface ReferralsTable {
  network_id: string
  id: string
  reference: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
  organization_id: string
  organization_name: string
  service_id: string
  service_name: string
  service_type: string | null
  adviser_id: string
  recommendation_id: string | null
  choice_reason: string | null
  follows_id: string | null
  created_at: Date
  state: string
  next_due_at: Date | null
  first_attended_on: string | null
  version: number
  sent_at: Date | null
  partner_turn_on: string | null
  partner_due_on: string | null
  assigned_contact_id: string | null
  warnings_seen: Generated<string[]>
}

export interface RequirementsTable {
  network_id: string
  id: string
  service_id: string
  kind: string
  rule: ColumnType<unknown, string | null, string | null>
  note: string | null
  created_at: Date
  created_by: string | null
  changed_at: Date
  changed_by: string | null
  removed_at: Date | null
  removed_by: string | null
  is_negotiable: Generated<boolean>
}

export interface SchedulesTable {
  network_id: string
  id: string
  organization_id: string
  service_id: string | null
  location_id: string | null
  weekdays: number[]
  opens_at: string
  closes_at: string
  week_of_month: number | null
  valid_from: string | null
  valid_to: string | null
}

export interface SchemaMigrationsTable {
  name: string
  digest: string
  applied_at: Date
}

export interface ServiceAtLocationsTable {
  network_id: string
  id: string
  organization_id: string
  service_id: string
  location_id: string
  source: string
  source_id: string
  exchange_id: string
  gone_since: string | null
  hsds: ColumnType<unknown, string | null, string | null>
}

export interface ServicesTable {
  network_id: string
  id: string
  organization_id: string
  organization_name: string
  source: string
  source_id: string
  exchange_id: string
  content_hash: string
  name: string
  alternate_name: string | null
  description: string | null
  service_type: string | null
  status: string
  languages: Generated<string[]>
  interpretation: string | null
  email: string | null
  url: string | null
  phone: string | null
  fees: string | null
  cost_cents: number | null
  currency: string | null
  eligibility: string | null
  minimum_age: number | null
  maximum_age: number | null
  areas: Generated<string[]>
  documents: Generated<string[]>
  keywords: Generated<string>
  places_free: number | null
  places_as_of: Date | null
  places_by: string | null
  next_start: string | null
  assured_on: string | null
  source_changed_on: string | null
  gone_since: string | null
  updated_at: Date
  hsds: ColumnType<unknown, string | null, string | null>
  search: GeneratedAlways<string>
}

export interface SignInAttemptsTable {
  network_id: string
  id: string
  subject_hash: Buffer
  at: Date
}

export interface SitesTable {
  network_id: string
  id: string
  name: string
  kind: string
  address: string | null
  latitude: number | null
  longitude: number | null
  time_zone: string | null
  is_active: Generated<boolean>
}

export interface SkillNamesTable {
  network_id: string
  skill_id: string
  language: string
  name: string
}

export interface SkillsTable {
  network_id: string
  id: string
  source: string
  code: string
  kind: string
}

export interface StaffTable {
  network_id: string
  id: string
  name: string
  email: string
  roles: Generated<string[]>
  locale: string
  languages: Generated<string[]>
  state: string
  created_at: Date
  left_at: Date | null
}

export interface StaffCredentialsTable {
  network_id: string
  account_id: string
  password_hash: string
  changed_at: Date
}

export interface StaffLinksTable {
  network_id: string
  id: string
  account_id: string
  kind: string
  secret_hash: Buffer
  key_id: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface StaffPasskeysTable {
  network_id: string
  id: string
  account_id: string
  credential_id: string
  public_key: Buffer
  counter: number
  transports: Generated<string[]>
  name: string
  created_at: Date
  last_used_at: Date | null
}

export interface StaffSessionsTable {
  network_id: string
  id: string
  account_id: string
  secret_hash: Buffer
  created_at: Date
  expires_at: Date
  ended_at: Date | null
}

export interface StaffSitesTable {
  network_id: string
  staff_id: string
  site_id: string
  manages: Generated<boolean>
}

export interface WebhookDeliveriesTable {
  network_id: string
  id: string
  organization_id: string
  endpoint_id: string
  event_type: string
  task_id: string | null
  reference: string | null
  happened_at: Date
  state: string
  tries: Generated<number>
  next_try_at: Date | null
  last_tried_at: Date | null
  last_status: number | null
  last_problem: string | null
  last_ms: number | null
}

export interface WebhookEndpointsTable {
  network_id: string
  id: string
  organization_id: string
  address: string
  events: string[]
  key_id: string
  state: string
  failing_since: Date | null
  made_by: string
  created_at: Date
}
