// What may be known about a client that a rule can check or an estimate can use: one list of facts for everyone.
// Assessment fills them, requirements test them, evidence learns from them. A fact that is not known is left out.

export type FactKind = 'integer' | 'decimal' | 'yes_no' | 'level' | 'code' | 'codes'

export interface FactDefinition {
  readonly kind: FactKind
  /** For `level`: the steps from least to most. For `code` and `codes`: what may be said. Free when left out. */
  readonly values?: readonly string[]
  /** Sex, origin, health and the like (docs/glossary.md): they arrange access and check fairness, and never rank. */
  readonly isProtected?: true
}

/** What can become of a fact. `fixed`: past or given, and nobody is asked to change it. `changeable`: by learning or with
 *  help (a language level, a licence, a certificate). `circumstance`: how life is arranged now, which the person, or help
 *  with childcare or transport, may arrange otherwise. */
export type FactNature = 'fixed' | 'changeable' | 'circumstance'

/** A fact of the list below. */
export interface KnownFact extends FactDefinition {
  readonly nature: FactNature
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
  age: { nature: 'fixed', kind: 'integer', isProtected: true },
  sex: { nature: 'fixed', kind: 'code', values: ['female', 'male', 'other'], isProtected: true },
  born_abroad: { nature: 'fixed', kind: 'yes_no', isProtected: true },
  disability: { nature: 'fixed', kind: 'yes_no', isProtected: true },
  residence_area: { nature: 'circumstance', kind: 'code' },
  work_permission: { nature: 'changeable', kind: 'code', values: ['yes', 'limited', 'no', 'applied_for'] },
  language_level: { nature: 'changeable', kind: 'level', values: languageLevels },
  languages: { nature: 'fixed', kind: 'codes' },
  schooling: { nature: 'changeable', kind: 'level', values: schoolingLevels },
  credential_abroad: { nature: 'fixed', kind: 'yes_no' },
  credential_recognised: { nature: 'changeable', kind: 'yes_no' },
  months_unemployed: { nature: 'fixed', kind: 'integer' },
  months_worked_3_years: { nature: 'fixed', kind: 'integer' },
  earlier_spells: { nature: 'fixed', kind: 'integer' },
  earlier_monthly_earnings: { nature: 'fixed', kind: 'decimal' },
  occupation_group: {
    nature: 'fixed',
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
  digital_skills: { nature: 'changeable', kind: 'level', values: ['none', 'basic', 'everyday', 'confident', 'expert'] },
  driving_licence: { nature: 'changeable', kind: 'yes_no' },
  caring_duties: { nature: 'circumstance', kind: 'yes_no' },
  children: { nature: 'fixed', kind: 'integer' },
  receives_benefit: { nature: 'circumstance', kind: 'yes_no' },
  has_internet: { nature: 'circumstance', kind: 'yes_no' },
  hours_available: {
    nature: 'circumstance',
    kind: 'codes',
    values: ['mornings', 'afternoons', 'evenings', 'weekends'],
  },
  hours_a_week: { nature: 'circumstance', kind: 'integer' },
  minutes_willing_to_travel: { nature: 'circumstance', kind: 'integer' },
  documents: {
    nature: 'changeable',
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
  },
  needs: {
    nature: 'circumstance',
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
  },
  aims: {
    nature: 'circumstance',
    kind: 'codes',
    values: ['job_soon', 'better_job', 'training', 'recognised_profession', 'own_business', 'part_time', 'not_sure'],
  },
} as const satisfies Record<string, KnownFact>

export type FactCode = keyof typeof facts

/** Numbers for integer and decimal, booleans for yes or no, the step's or option's code, or a list of codes. */
export type FactValue = number | boolean | string | readonly string[]

/** What is known of one client at one time. A code that is absent is not known, which is never the same as no. */
export type Facts = Readonly<Partial<Record<FactCode, FactValue>>>

export const factCodes = Object.keys(facts) as readonly FactCode[]

export function definitionOf(code: FactCode): KnownFact {
  return facts[code]
}

export function factNature(code: FactCode): FactNature {
  return facts[code].nature
}

/** A Canadian Language Benchmark (1 to 12) as the nearest CEFR step. The pairing used by Canadian language providers (1–2 A1, 3–4 A2, …); a benchmark measures more finely. */
export function levelOfBenchmark(benchmark: number): (typeof languageLevels)[number] {
  const steps = [1, 3, 5, 7, 9, 11]
  let reached = 0
  for (const step of steps) if (benchmark >= step) reached++
  return languageLevels[reached]!
}
