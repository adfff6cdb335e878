// What may be known about a client that a rule can check or an estimate can use: one list of facts for everyone.
// Assessment fills them, requirements test them, evidence learns from them. A fact that is not known is left out.

export type FactKind = 'integer' | 'decimal' | 'yes_no' | 'level' | 'code' | 'codes'

export interface FactDefinition {
  readonly kind: FactKind
  /** For `level`: the steps from least to most. For `code` and `codes`: what may be said. Free when left out. */
  readonly values?: readonly string[]
  /** Sex, origin, health and the like (docs/glossary.md): they arrange access and check fairness, and never rank. */
  readonly isProtected?: true
  /** Something that help can change (a licence, a language level), told apart from what is as it is. */
  readonly isChangeable?: true
}

/** CEFR steps; `none` is below A1. Canadian benchmarks are read onto them by `levelOfBenchmark`. */
export const languageLevels = ['none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const

/** Schooling completed, least to most. */
export const schoolingLevels = [
  'none',
  'primary',
  'lower_secondary',
  'upper_secondary',
  'post_secondary',
  'degree',
] as const

export const facts = {
  age: { kind: 'integer', isProtected: true },
  sex: { kind: 'code', values: ['female', 'male', 'other'], isProtected: true },
  born_abroad: { kind: 'yes_no', isProtected: true },
  disability: { kind: 'yes_no', isProtected: true },
  residence_area: { kind: 'code' },
  work_permission: { kind: 'code', values: ['yes', 'limited', 'no', 'applied_for'], isChangeable: true },
  language_level: { kind: 'level', values: languageLevels, isChangeable: true },
  languages: { kind: 'codes' },
  schooling: { kind: 'level', values: schoolingLevels, isChangeable: true },
  credential_abroad: { kind: 'yes_no' },
  credential_recognised: { kind: 'yes_no', isChangeable: true },
  months_unemployed: { kind: 'integer' },
  months_worked_3_years: { kind: 'integer' },
  earlier_spells: { kind: 'integer' },
  earlier_monthly_earnings: { kind: 'decimal' },
  occupation_group: {
    kind: 'code',
    values: [
      'none',
      'clerical',
      'sales',
      'care',
      'construction',
      'industry',
      'transport',
      'hospitality',
      'professional',
    ],
  },
  digital_skills: { kind: 'level', values: ['none', 'basic', 'everyday', 'confident', 'expert'], isChangeable: true },
  driving_licence: { kind: 'yes_no', isChangeable: true },
  caring_duties: { kind: 'yes_no', isChangeable: true },
  children: { kind: 'integer' },
  receives_benefit: { kind: 'yes_no' },
  has_internet: { kind: 'yes_no', isChangeable: true },
  hours_available: { kind: 'codes', values: ['mornings', 'afternoons', 'evenings', 'weekends'], isChangeable: true },
  hours_a_week: { kind: 'integer', isChangeable: true },
  minutes_willing_to_travel: { kind: 'integer', isChangeable: true },
  documents: {
    kind: 'codes',
    values: [
      'identity',
      'work_permit',
      'school_certificate',
      'cv',
      'benefit_letter',
      'driving_licence',
      'criminal_record_check',
    ],
    isChangeable: true,
  },
  needs: {
    kind: 'codes',
    values: [
      ...[
        'language',
        'skills',
        'credential',
        'job_search',
        'work_experience',
        'childcare',
        'housing',
        'debt',
        'health',
      ],
      ...['legal', 'transport', 'digital', 'confidence', 'self_employment', 'documents', 'safety'],
    ],
    isChangeable: true,
  },
  aims: {
    kind: 'codes',
    values: ['job_soon', 'better_job', 'training', 'recognised_profession', 'own_business', 'part_time', 'not_sure'],
    isChangeable: true,
  },
} as const satisfies Record<string, FactDefinition>

export type FactCode = keyof typeof facts

/** Numbers for integer and decimal, booleans for yes or no, the step's or option's code, or a list of codes. */
export type FactValue = number | boolean | string | readonly string[]

/** What is known of one client at one time. A code that is absent is not known, which is never the same as no. */
export type Facts = Readonly<Partial<Record<FactCode, FactValue>>>

export const factCodes = Object.keys(facts) as readonly FactCode[]

export function definitionOf(code: FactCode): FactDefinition {
  return facts[code]
}

/** A Canadian Language Benchmark (1 to 12) as the nearest CEFR step. The pairing used by Canadian language providers (1–2 A1, 3–4 A2, …); a benchmark measures more finely. */
export function levelOfBenchmark(benchmark: number): (typeof languageLevels)[number] {
  const steps = [1, 3, 5, 7, 9, 11]
  let reached = 0
  for (const step of steps) if (benchmark >= step) reached++
  return languageLevels[reached]!
}
