// The profile: what the answers say about a client, as facts that rules can check and estimates can use.

import { daysBetween, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { FactCode, FactDefinition, Facts, FactValue } from '#directory/index.ts'
import { askedQuestions, enabledItems, optionKeys, type Answer, type Answers } from './answers.ts'
import type { ChoiceQuestion, FactLink, Instrument, Option, Question } from './instrument.ts'

/** Completed answers of one assessment. */
export interface AnsweredInstrument {
  readonly assessmentId: string
  readonly instrument: Instrument
  readonly answers: Answers
  /** The day on which the person answered. */
  readonly answeredOn: CalendarDay
}

/** Where a fact comes from. A list of codes may come from several questions. */
interface FactSource {
  readonly assessmentId: string
  readonly linkId: string
  readonly answeredOn: CalendarDay
}

export interface Profile {
  readonly facts: Facts
  readonly sources: Readonly<Partial<Record<FactCode, readonly FactSource[]>>>
}

type Definitions = Readonly<Record<FactCode, FactDefinition>>

/** The facts in the answers of several instruments. Where two tell the same fact, the answer given later counts, and in
 *  one instrument the first question that says something; lists of codes are joined. A question that was not answered,
 *  or with "prefer not to say", leaves its fact unknown. Months since a day are counted to `on`. */
export function deriveProfile(
  answered: readonly AnsweredInstrument[],
  definitions: Definitions,
  on: CalendarDay,
): Profile {
  const facts: Partial<Record<FactCode, FactValue>> = {}
  const sources: Partial<Record<FactCode, readonly FactSource[]>> = {}
  const latestFirst = answered.toSorted((a, b) =>
    a.answeredOn < b.answeredOn ? 1 : a.answeredOn > b.answeredOn ? -1 : 0,
  )
  for (const one of latestFirst) {
    for (const said of statementsOf(one, definitions, on)) {
      const source = { assessmentId: one.assessmentId, linkId: said.linkId, answeredOn: one.answeredOn }
      const known = facts[said.fact]
      if (known === undefined) {
        facts[said.fact] = said.value
        sources[said.fact] = [source]
      } else if (isList(known) && isList(said.value)) {
        facts[said.fact] = [...new Set([...known, ...said.value])]
        sources[said.fact] = [...(sources[said.fact] ?? []), source]
      }
    }
  }
  return { facts, sources }
}

/** The profile without these facts, whatever the answers say of them. */
export function withoutFacts({ facts, sources }: Profile, codes: readonly FactCode[]): Profile {
  const isKept = ([code]: readonly [string, unknown]) => !codes.some((left) => left === code)
  return {
    facts: Object.fromEntries(Object.entries(facts).filter(isKept)),
    sources: Object.fromEntries(Object.entries(sources).filter(isKept)),
  }
}

/** The profile with facts that the client's record knows for certain (the age from the birth date): those win. */
export function withKnownFacts(profile: Profile, known: Facts): Profile {
  const sources = Object.fromEntries(Object.entries(profile.sources).filter(([fact]) => !(fact in known)))
  return { facts: { ...profile.facts, ...known }, sources }
}

interface Statement {
  readonly fact: FactCode
  readonly value: FactValue
  readonly linkId: string
}

function statementsOf(
  { instrument, answers }: AnsweredInstrument,
  definitions: Definitions,
  on: CalendarDay,
): readonly Statement[] {
  const enabled = enabledItems(instrument, answers)
  return askedQuestions(instrument.items, enabled).flatMap((question) => {
    const given = answers.get(question.linkId)
    if (!given || given.length === 0) return []
    return factsToldBy(question).flatMap((fact): Statement[] => {
      const definition = isFact(fact, definitions) ? definitions[fact] : undefined
      const value = definition ? valueTold(question, given, { fact, definition, on }) : null
      return value === null || !isFact(fact, definitions) ? [] : [{ fact, value, linkId: question.linkId }]
    })
  })
}

/** The facts that a question or one of its options fills. */
export function factsToldBy(question: Question): readonly string[] {
  const ofOptions = 'options' in question ? question.options.flatMap((option) => option.facts) : []
  return [...new Set([...question.facts, ...ofOptions].map((link) => link.fact))]
}

interface Wanted {
  readonly fact: string
  readonly definition: FactDefinition
  readonly on: CalendarDay
}

function valueTold(question: Question, given: readonly Answer[], wanted: Wanted): FactValue | null {
  const link = question.facts.find(({ fact }) => fact === wanted.fact)
  const [first] = given
  if (!first) return null
  if ('options' in question) return chosenValue(question, given, link, wanted)
  if (!link) return null
  switch (link.as) {
    case 'months_since':
      return first.kind === 'date' ? monthsSince(first.date, wanted.on) : null
    case 'more_than_zero':
      return first.kind === 'number' ? first.number > 0 : null
    case 'when_yes': {
      if (first.kind !== 'yes_no') return null
      if (!first.yes || link.value === null) return null
      return wanted.definition.kind === 'codes' ? [link.value] : link.value
    }
    case 'answer':
      if (first.kind === 'number') return first.number
      if (first.kind === 'yes_no') return first.yes
      return first.kind === 'text' && wanted.definition.kind === 'code' ? first.text : null
  }
}

/** What the chosen options say. A question that asks for the whole list may answer it with an empty one ("none of
 *  these"); one whose options only add to a list says nothing when none of those is chosen. */
function chosenValue(
  question: ChoiceQuestion,
  given: readonly Answer[],
  link: FactLink | undefined,
  { fact, definition }: Wanted,
): FactValue | null {
  const chosen = question.options.filter(({ key }) => optionKeys(given).includes(key))
  const speaking = chosen.filter((option) => option.withholds === null)
  if (speaking.length === 0) return null
  const values = speaking.flatMap((option) => {
    const own = option.facts.filter((found) => found.fact === fact).flatMap((found) => found.value ?? [])
    if (own.length > 0) return own
    return link && isCodeOf(definition, option) ? [option.key] : []
  })
  if (definition.kind === 'codes') return values.length > 0 || link ? [...new Set(values)] : null
  const [value] = values
  if (value === undefined) return null
  if (definition.kind === 'yes_no') return value === 'true'
  return definition.kind === 'integer' || definition.kind === 'decimal' ? Number(value) : value
}

function isCodeOf(definition: FactDefinition, option: Option): boolean {
  const isNumeric = definition.kind === 'integer' || definition.kind === 'decimal'
  return definition.values?.includes(option.key) ?? (isNumeric || !option.isExclusive)
}

/** Whole months from a day or month to a day, never below zero. A month counts from its first day. */
function monthsSince(date: string, on: CalendarDay): number | null {
  const from = parseDay(date) ?? parseDay(`${date}-01`)
  if (!from || daysBetween(from, on) < 0) return from ? 0 : null
  const months =
    (Number(on.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(on.slice(5, 7)) - Number(from.slice(5, 7))
  return on.slice(8) < from.slice(8) ? months - 1 : months
}

function isList(value: FactValue): value is readonly string[] {
  return Array.isArray(value)
}

function isFact(code: string, definitions: Definitions): code is FactCode {
  return Object.hasOwn(definitions, code)
}
