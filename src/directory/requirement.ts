// What a service asks of people, as rules that can be checked, and their three answers: meets, does not meet, not known.

import { definitionOf, type FactCode, type Facts, type FactValue } from './fact.ts'
import type { facts as factList, languageLevels, schoolingLevels } from './fact.ts'

export type LanguageLevel = (typeof languageLevels)[number]
export type SchoolingLevel = (typeof schoolingLevels)[number]
export type WorkPermission = (typeof factList.work_permission.values)[number]
export type DocumentCode = (typeof factList.documents.values)[number]
export type NeedCode = (typeof factList.needs.values)[number]
/** The facts that are answered with yes or no. */
export type YesNoFact = { [F in FactCode]: (typeof factList)[F]['kind'] extends 'yes_no' ? F : never }[FactCode]

/** Bounds are inclusive; a rule with two bounds has at least one of them. Lists are never empty. */
export type Rule =
  | { readonly kind: 'age'; readonly from?: number | undefined; readonly to?: number | undefined }
  | { readonly kind: 'residence'; readonly areas: readonly string[] }
  | { readonly kind: 'work_permission'; readonly accepts: readonly WorkPermission[] }
  | { readonly kind: 'language'; readonly atLeast: LanguageLevel }
  | {
      readonly kind: 'schooling'
      readonly atLeast?: SchoolingLevel | undefined
      readonly atMost?: SchoolingLevel | undefined
    }
  | { readonly kind: 'months_unemployed'; readonly atLeast?: number | undefined; readonly atMost?: number | undefined }
  | { readonly kind: 'documents'; readonly all: readonly DocumentCode[] }
  | { readonly kind: 'need'; readonly anyOf: readonly NeedCode[] }
  | { readonly kind: 'yes_no'; readonly fact: YesNoFact; readonly is: boolean }
  | { readonly kind: 'any_of'; readonly rules: readonly Rule[] }

export type RuleKind = Rule['kind']

/** Why a rule is not met: the rule, and what is known instead. For any-of, why each of its rules is not met. */
export interface Unmet {
  readonly rule: Rule
  readonly has: FactValue | null
  readonly parts: readonly Unmet[]
}

/** `facts` of an unknown answer: any of these, once known, may settle it; never empty. */
export type Check =
  | { readonly answer: 'meets' }
  | { readonly answer: 'does_not_meet'; readonly why: Unmet }
  | { readonly answer: 'not_known'; readonly facts: readonly FactCode[] }

const meets: Check = { answer: 'meets' }

/**
 * Checks one rule. A fact that is absent, or of the wrong kind, is not known. Any-of follows Kleene: met when one rule is
 * met, whatever the others; not met only when all are not met. So learning a fact never makes a met rule unknown.
 */
export function checkRequirement(rule: Rule, facts: Facts): Check {
  switch (rule.kind) {
    case 'age':
      return checkRange(rule, 'age', facts, { least: rule.from, most: rule.to })
    case 'months_unemployed':
      return checkRange(rule, 'months_unemployed', facts, { least: rule.atLeast, most: rule.atMost })
    case 'residence':
      return checkText(rule, 'residence_area', facts, (area) => rule.areas.some((known) => samePlace(known, area)))
    case 'work_permission':
      return checkText(rule, 'work_permission', facts, (code) => rule.accepts.some((accepted) => accepted === code))
    case 'language':
      return checkLevel(rule, 'language_level', facts, { least: rule.atLeast })
    case 'schooling':
      return checkLevel(rule, 'schooling', facts, { least: rule.atLeast, most: rule.atMost })
    case 'documents':
      return checkCodes(rule, 'documents', facts, (codes) => rule.all.every((code) => codes.includes(code)))
    case 'need':
      return checkCodes(rule, 'needs', facts, (codes) => rule.anyOf.some((code) => codes.includes(code)))
    case 'yes_no': {
      const value = facts[rule.fact]
      return typeof value === 'boolean' ? settled(rule, value, value === rule.is) : notKnown(rule.fact)
    }
    case 'any_of':
      return checkAny(rule, facts)
  }
}

/** The facts that a rule looks at, each once, in the rule's order. */
export function factsOf(rule: Rule): readonly FactCode[] {
  switch (rule.kind) {
    case 'age':
    case 'months_unemployed':
    case 'work_permission':
    case 'schooling':
    case 'documents':
      return [rule.kind]
    case 'residence':
      return ['residence_area']
    case 'language':
      return ['language_level']
    case 'need':
      return ['needs']
    case 'yes_no':
      return [rule.fact]
    case 'any_of':
      return [...new Set(rule.rules.flatMap(factsOf))]
  }
}

/** Several rules of one service taken together: not met when one is not met, unknown when one is unknown, else met. */
export function checkAll(rules: readonly Rule[], facts: Facts): Check {
  const open: FactCode[] = []
  for (const rule of rules) {
    const check = checkRequirement(rule, facts)
    if (check.answer === 'does_not_meet') return check
    if (check.answer === 'not_known') open.push(...check.facts)
  }
  return open.length > 0 ? { answer: 'not_known', facts: [...new Set(open)] } : meets
}

interface Bounds<T> {
  readonly least?: T | undefined
  readonly most?: T | undefined
}

function checkRange(rule: Rule, code: FactCode, facts: Facts, { least, most }: Bounds<number>): Check {
  const value = facts[code]
  if (typeof value !== 'number' || Number.isNaN(value)) return notKnown(code)
  return settled(rule, value, (least === undefined || value >= least) && (most === undefined || value <= most))
}

function checkLevel(rule: Rule, code: FactCode, facts: Facts, { least, most }: Bounds<string>): Check {
  const steps = definitionOf(code).values ?? []
  const value = facts[code]
  const at = typeof value === 'string' ? steps.indexOf(value) : -1
  if (value === undefined || at < 0) return notKnown(code)
  const isHighEnough = least === undefined || at >= steps.indexOf(least)
  return settled(rule, value, isHighEnough && (most === undefined || at <= steps.indexOf(most)))
}

function checkText(rule: Rule, code: FactCode, facts: Facts, isMet: (text: string) => boolean): Check {
  const value = facts[code]
  return typeof value === 'string' && value !== '' ? settled(rule, value, isMet(value)) : notKnown(code)
}

function checkCodes(rule: Rule, code: FactCode, facts: Facts, isMet: (codes: readonly string[]) => boolean): Check {
  const value = facts[code]
  return typeof value === 'object' ? settled(rule, value, isMet(value)) : notKnown(code)
}

function checkAny(rule: Extract<Rule, { kind: 'any_of' }>, facts: Facts): Check {
  const open: FactCode[] = []
  const parts: Unmet[] = []
  for (const part of rule.rules) {
    const check = checkRequirement(part, facts)
    if (check.answer === 'meets') return meets
    if (check.answer === 'not_known') open.push(...check.facts)
    else parts.push(check.why)
  }
  if (open.length > 0) return { answer: 'not_known', facts: [...new Set(open)] }
  return { answer: 'does_not_meet', why: { rule, has: null, parts } }
}

function settled(rule: Rule, has: FactValue, isMet: boolean): Check {
  return isMet ? meets : { answer: 'does_not_meet', why: { rule, has, parts: [] } }
}

function notKnown(code: FactCode): Check {
  return { answer: 'not_known', facts: [code] }
}

/** Areas are typed by hand on both sides. */
function samePlace(a: string, b: string): boolean {
  return a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase()
}
