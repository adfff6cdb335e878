// Reads a rule from stored or foreign JSON. What it gives is a rule that every check can trust.

import { z } from 'zod'
import { ok, refused, type Result } from '#platform/result.ts'
import { facts, languageLevels, levelOfBenchmark, schoolingLevels } from './fact.ts'
import type { Rule, YesNoFact } from './requirement.ts'

/** Where in the JSON it is wrong (`rules.1.atLeast`), and what is. English: it is shown in reports and logs only. */
export interface RuleProblem {
  readonly path: string
  readonly reason: string
}

/** The facts that a yes-or-no rule may name. */
export const yesNoFacts: readonly YesNoFact[] = Object.entries(facts)
  .filter(([, definition]) => definition.kind === 'yes_no')
  .map(([code]) => code as YesNoFact)

const years = z.int().min(0).max(130)
const months = z.int().min(0).max(1200)

/** CEFR, or a Canadian benchmark (`clb: 1…12`), which is read as the CEFR step beside it. */
const language = z.union([
  z.strictObject({ kind: z.literal('language'), atLeast: z.enum(languageLevels) }),
  z
    .strictObject({ kind: z.literal('language'), clb: z.int().min(1).max(12) })
    .transform(({ kind, clb }) => ({ kind, atLeast: levelOfBenchmark(clb) })),
])

const plain = z.union([
  z
    .strictObject({ kind: z.literal('age'), from: years.optional(), to: years.optional() })
    .refine((rule) => isRange(rule.from, rule.to), 'needs a lower or an upper age, in that order'),
  z.strictObject({ kind: z.literal('residence'), areas: z.array(z.string().trim().min(1)).min(1) }),
  z.strictObject({ kind: z.literal('work_permission'), accepts: z.array(z.enum(facts.work_permission.values)).min(1) }),
  language,
  z
    .strictObject({
      kind: z.literal('schooling'),
      atLeast: z.enum(schoolingLevels).optional(),
      atMost: z.enum(schoolingLevels).optional(),
    })
    .refine((rule) => isRange(step(rule.atLeast), step(rule.atMost)), 'needs a lower or an upper step, in that order'),
  z
    .strictObject({ kind: z.literal('months_unemployed'), atLeast: months.optional(), atMost: months.optional() })
    .refine((rule) => isRange(rule.atLeast, rule.atMost), 'needs a lower or an upper bound, in that order'),
  z.strictObject({ kind: z.literal('documents'), all: z.array(z.enum(facts.documents.values)).min(1) }),
  z.strictObject({ kind: z.literal('need'), anyOf: z.array(z.enum(facts.needs.values)).min(1) }),
  z.strictObject({ kind: z.literal('yes_no'), fact: z.enum(yesNoFacts), is: z.boolean() }),
])

// Groups do not nest: a group of groups says nothing that one group cannot.
const rule = z.union([plain, z.strictObject({ kind: z.literal('any_of'), rules: z.array(plain).min(2) })])

const kinds = [
  'age',
  'residence',
  'work_permission',
  'language',
  'schooling',
  'months_unemployed',
  'documents',
  'need',
  'yes_no',
  'any_of',
]

/** The rule, or where and why it is none. Unknown members are refused: a misspelt bound must not vanish. */
export function parseRequirement(json: unknown): Result<Rule, RuleProblem> {
  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined
  if (!kinds.some((known) => known === kind)) {
    return refused({ path: 'kind', reason: `is none of ${kinds.join(', ')}` })
  }
  const parsed = rule.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const issue = deepest(parsed.error.issues)
  return refused({ path: issue?.path.join('.') ?? '', reason: issue?.message ?? 'is no rule' })
}

function isRange(least: number | undefined, most: number | undefined): boolean {
  if (least === undefined || most === undefined) return least !== undefined || most !== undefined
  return least <= most
}

function step(level: (typeof schoolingLevels)[number] | undefined): number | undefined {
  return level === undefined ? undefined : schoolingLevels.indexOf(level)
}

/** Of a union's many complaints, those of the members whose kind fits; of these, the one that got furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const leaves = issues.flatMap((issue): readonly z.core.$ZodIssue[] => {
    if (issue.code !== 'invalid_union') return [issue]
    const fitting = issue.errors.filter((branch) => !branch.some((leaf) => leaf.path.join('.') === 'kind'))
    return fitting.flatMap((branch) => {
      const leaf = deepest(branch)
      return leaf ? [{ ...leaf, path: [...issue.path, ...leaf.path] }] : []
    })
  })
  return leaves.toSorted((a, b) => b.path.length - a.path.length)[0]
}

export function isYesNoFact(code: string): code is YesNoFact {
  return yesNoFacts.some((known) => known === code)
}

/** A rule from the table of requirements: what is there was read by `parseRequirement` before it was stored. */
export function storedRule(json: unknown): Rule {
  return json as Rule
}
