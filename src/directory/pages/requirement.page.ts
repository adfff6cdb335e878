// The form of one rule: what it asks depends on its kind, and what comes back is a rule or problems beside the fields.

import { textOf, textsOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { facts, languageLevels, levelOfBenchmark, schoolingLevels } from '../fact.ts'
import type { Rule, RuleKind } from '../requirement.ts'
import { speechOf } from '../requirement-words.ts'
import { isYesNoFact, parseRequirement, yesNoFacts } from '../rule-json.ts'

/** Kinds that have a form of their own; a group comes about by adding an alternative. */
export const formKinds = [
  'age',
  'residence',
  'work_permission',
  'language',
  'schooling',
  'months_unemployed',
  'documents',
  'need',
  'yes_no',
] as const satisfies readonly RuleKind[]

export type FormKind = (typeof formKinds)[number]

export function isFormKind(kind: unknown): kind is FormKind {
  return formKinds.some((known) => known === kind)
}

// messages: directory.rule_kind.*
// messages: directory.rule_form.*

/** Reads the form of a kind. What is missing or contradicts itself is told beside its field. */
export function readRuleForm(kind: FormKind, body: FormBody): Result<Rule, FieldProblem[]> {
  switch (kind) {
    case 'age':
      return readBounds(body, 130, (from, to) => ({ kind, from, to }))
    case 'months_unemployed':
      return readBounds(body, 1200, (atLeast, atMost) => ({ kind, atLeast, atMost }))
    case 'residence': {
      const areas = textOf(body, 'areas')
        .split(/[,;\n]/)
        .map((area) => area.trim())
        .filter((area) => area !== '')
      return areas.length > 0 ? ok({ kind, areas }) : missing('areas')
    }
    case 'language':
      return readLanguage(body)
    case 'schooling':
      return readSchooling(body)
    case 'yes_no': {
      const fact = textOf(body, 'fact')
      const answer = textOf(body, 'is')
      if (!isYesNoFact(fact)) return missing('fact')
      return answer === 'yes' || answer === 'no' ? ok({ kind, fact, is: answer === 'yes' }) : missing('is')
    }
    case 'work_permission':
      return readCodes(body, 'codes', (accepts) => ({ kind, accepts }))
    case 'documents':
      return readCodes(body, 'codes', (all) => ({ kind, all }))
    case 'need':
      return readCodes(body, 'codes', (anyOf) => ({ kind, anyOf }))
  }
}

/** A rule as its form would post it. */
export function typedRule(rule: Rule): FormBody {
  const text = (value: string | number | undefined) => (value === undefined ? '' : String(value))
  switch (rule.kind) {
    case 'age':
      return { least: text(rule.from), most: text(rule.to) }
    case 'months_unemployed':
    case 'schooling':
      return { least: text(rule.atLeast), most: text(rule.atMost) }
    case 'residence':
      return { areas: rule.areas.join(', ') }
    case 'language':
      return { level: rule.atLeast }
    case 'yes_no':
      return { fact: rule.fact, is: rule.is ? 'yes' : 'no' }
    case 'work_permission':
      return { codes: rule.accepts }
    case 'documents':
      return { codes: rule.all }
    case 'need':
      return { codes: rule.anyOf }
    case 'any_of':
      return {}
  }
}

/** What the form's template shows: the fields of the kind, with what was typed and what is wrong. */
export function ruleFields(
  scene: Scene,
  kind: FormKind,
  { body, list }: { body: FormBody; list: readonly FieldProblem[] },
) {
  const { byField } = scene.problems(list)
  const typed = (name: string) => textOf(body, name)
  const t = (key: string, values?: Readonly<Record<string, string>>) => scene.t(key, values)
  const speech = speechOf(scene)
  const select = (name: string, codes: readonly string[], family: string) => [
    { value: '', text: t('directory.rule_form.choose'), selected: typed(name) === '' },
    ...codes.map((code) => ({
      value: code,
      text: t(`directory.${family}.${code}`, { language: speech.language }),
      selected: typed(name) === code,
    })),
  ]
  const boxes = (codes: readonly string[], family: string) =>
    codes.map((code) => ({
      value: code,
      text: t(`directory.${family}.${code}`),
      checked: textsOf(body, 'codes').includes(code),
    }))
  const families = { work_permission: 'permission', documents: 'document', need: 'need' } as const
  return {
    kind,
    heading: t(`directory.rule_kind.${kind}`),
    errors: byField,
    values: { least: typed('least'), most: typed('most'), areas: typed('areas') },
    numbers:
      kind === 'age' || kind === 'months_unemployed'
        ? { least: t(`directory.rule_form.${kind}_least`), most: t(`directory.rule_form.${kind}_most`) }
        : null,
    levels:
      kind === 'language'
        ? [...select('level', languageLevels.slice(1), 'level'), ...benchmarks(scene, typed('level'))]
        : null,
    levelLabel: t('directory.rule_form.level', { language: speech.language }),
    schooling:
      kind === 'schooling'
        ? { least: select('least', schoolingLevels, 'schooling'), most: select('most', schoolingLevels, 'schooling') }
        : null,
    facts: kind === 'yes_no' ? select('fact', yesNoFacts, 'fact') : null,
    answers: ['yes', 'no'].map((value) => ({
      value,
      text: t(`directory.rule_form.${value}`),
      checked: typed('is') === value,
    })),
    boxes:
      kind === 'work_permission' || kind === 'documents' || kind === 'need'
        ? boxes(facts[kind === 'need' ? 'needs' : kind].values, families[kind])
        : null,
    hasAreas: kind === 'residence',
  }
}

/** Benchmarks of Canada's scale, for services that state those. */
function benchmarks(scene: Scene, typed: string) {
  return Array.from({ length: 12 }, (_, index) => {
    const value = `clb${index + 1}`
    return { value, text: scene.t('directory.rule_form.clb', { number: index + 1 }), selected: typed === value }
  })
}

function readLanguage(body: FormBody): Result<Rule, FieldProblem[]> {
  const level = textOf(body, 'level')
  const benchmark = /^clb(\d{1,2})$/.exec(level)
  const wanted = benchmark ? levelOfBenchmark(Number(benchmark[1])) : languageLevels.find((known) => known === level)
  return wanted ? ok({ kind: 'language', atLeast: wanted }) : missing('level')
}

function readSchooling(body: FormBody): Result<Rule, FieldProblem[]> {
  const bound = (name: string) => schoolingLevels.find((known) => known === textOf(body, name))
  const rule = parseRequirement({ kind: 'schooling', atLeast: bound('least'), atMost: bound('most') })
  return rule.ok ? rule : missing('least', bound('least') ? 'directory.rule_form.order' : undefined)
}

function readBounds(
  body: FormBody,
  limit: number,
  make: (least: number | undefined, most: number | undefined) => Rule,
): Result<Rule, FieldProblem[]> {
  const problems: FieldProblem[] = []
  const bound = (field: string) => {
    const text = textOf(body, field)
    if (text === '') return undefined
    const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN
    if (number <= limit) return number
    problems.push({ field, key: 'directory.rule_form.number', values: { most: limit } })
    return undefined
  }
  const [least, most] = [bound('least'), bound('most')]
  if (problems.length > 0) return refused(problems)
  if (least === undefined && most === undefined) return missing('least', 'directory.rule_form.one_bound')
  if (least !== undefined && most !== undefined && least > most) return missing('most', 'directory.rule_form.order')
  return ok(make(least, most))
}

function readCodes(
  body: FormBody,
  field: string,
  make: (codes: readonly string[]) => unknown,
): Result<Rule, FieldProblem[]> {
  const rule = parseRequirement(make(textsOf(body, field)))
  return rule.ok ? rule : missing(field, 'directory.rule_form.one_box')
}

function missing(field: string, key = 'directory.rule_form.missing'): Result<never, FieldProblem[]> {
  return refused([{ field, key }])
}
