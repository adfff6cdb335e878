// Which fact of the profile an item or an option fills, read from Waypost's own extension `urn:waypost:fact`.

import { extensions } from './fhir.ts'
import { factReadings, type FactLink, type FactReading, type Question } from './instrument.ts'
import { extensionsOf, note, objectsAt, valueOf, type Json, type Place, type Reading } from './questionnaire-json.ts'
import type { FactDefinition } from '#directory/index.ts'

/** The links that an item or an option declares; one that names no known fact or reading is noted and left out. */
export function factLinksAt(reading: Reading, json: Json, at: Place): readonly FactLink[] {
  const links: FactLink[] = []
  for (const extension of extensionsOf(json, extensions.fact)) {
    const parts = objectsAt(extension, 'extension')
    const part = (url: string) => valueOf(parts.find((found) => found['url'] === url))
    const fact = part('fact')
    const as = part('as') ?? 'answer'
    const value = part('value')
    if (typeof fact !== 'string' || !(fact in reading.definitions)) note(reading, 'fact_unknown', at, fact)
    else if (!isReading(as)) note(reading, 'fact_reading', at, as)
    else links.push({ fact, as, value: typeof value === 'string' ? value : null })
  }
  return links
}

/** Notes every link that could never give its fact a value of the right kind. */
export function noteUnfitLinks(reading: Reading, question: Question): void {
  const at = { linkId: question.linkId, type: question.type }
  for (const link of question.facts) {
    const definition = reading.definitions[link.fact]
    if (definition && !readingSuits(question, link, definition))
      note(reading, 'fact_reading', at, `${link.fact} ${link.as}`)
    else if (definition && link.as === 'answer' && 'options' in question) noteUnfitOptions(reading, question, link)
  }
  if (!('options' in question)) return
  for (const option of question.options) {
    for (const link of option.facts) {
      const definition = reading.definitions[link.fact]
      if (definition && (link.value === null || !valueSuits(link.value, definition))) {
        note(reading, 'fact_value', at, `${link.fact} ${link.value ?? ''}`)
      }
    }
  }
}

function noteUnfitOptions(
  reading: Reading,
  question: Extract<Question, { type: 'choice' | 'open-choice' }>,
  link: FactLink,
): void {
  const definition = reading.definitions[link.fact]
  for (const option of question.options) {
    // "None of these" stands for an empty list, and needs no code of its own.
    const isNone = definition?.kind === 'codes' && option.isExclusive
    const says = option.withholds === null && !isNone && !option.facts.some((own) => own.fact === link.fact)
    if (definition && says && !valueSuits(option.key, definition)) {
      note(reading, 'fact_value', { linkId: question.linkId, type: question.type }, `${link.fact} ${option.key}`)
    }
  }
}

function readingSuits(question: Question, link: FactLink, definition: FactDefinition): boolean {
  const isNumber = question.type === 'integer' || question.type === 'decimal'
  switch (link.as) {
    case 'months_since':
      return question.type === 'date' && definition.kind === 'integer'
    case 'more_than_zero':
      return isNumber && definition.kind === 'yes_no'
    case 'when_yes':
      return question.type === 'boolean' && link.value !== null && valueSuits(link.value, definition)
    case 'answer':
      return answerSuits(question, definition)
  }
}

function answerSuits(question: Question, definition: FactDefinition): boolean {
  switch (definition.kind) {
    case 'integer':
      return question.type === 'integer' || question.type === 'choice'
    case 'decimal':
      return question.type === 'integer' || question.type === 'decimal' || question.type === 'choice'
    case 'yes_no':
      return question.type === 'boolean' || (question.type === 'choice' && !question.repeats)
    case 'level':
      return question.type === 'choice' && !question.repeats
    case 'code':
      if (question.type === 'string' || question.type === 'text') return definition.values === undefined
      return 'options' in question && !question.repeats
    case 'codes':
      return 'options' in question
    default:
      return false
  }
}

function valueSuits(value: string, definition: FactDefinition): boolean {
  if (definition.kind === 'yes_no') return value === 'true' || value === 'false'
  if (definition.kind === 'integer') return /^-?\d+$/.test(value)
  if (definition.kind === 'decimal') return /^-?\d+(\.\d+)?$/.test(value)
  return definition.values === undefined || definition.values.includes(value)
}

function isReading(text: unknown): text is FactReading {
  return factReadings.some((reading) => reading === text)
}
