// Reads a FHIR R4 Questionnaire into an instrument, or lists everything that keeps it out.

import { ok, refused, type Result } from '#platform/result.ts'
import { parseDay } from '#platform/dates.ts'
import type { FactDefinition } from '#directory/index.ts'
import { extensions } from './fhir.ts'
import { everyItem, isQuestion, type Instrument, type Item, type Question } from './instrument.ts'
import {
  joinAt,
  noteCircles,
  settleCondition,
  writtenConditionsAt,
  type WrittenCondition,
} from './questionnaire-conditions.ts'
import { factLinksAt, noteUnfitLinks } from './questionnaire-facts.ts'
import {
  extensionsOf,
  isLanguageTag,
  isObject,
  note,
  noteForeign,
  textAt,
  valueOf,
  wordsAt,
} from './questionnaire-json.ts'
import type { InstrumentProblem, Json, Place, Reading } from './questionnaire-json.ts'
import { optionsAt } from './questionnaire-options.ts'

export type { InstrumentProblem } from './questionnaire-json.ts'

const itemElements = [
  ...['id', 'extension', 'modifierExtension', 'linkId', 'definition', 'code', 'prefix', '_prefix', 'text', '_text'],
  ...['type', 'enableWhen', 'enableBehavior', 'required', 'repeats', 'readOnly', 'maxLength', 'answerOption', 'item'],
  ...['answerValueSet', 'initial'],
]
// Enough for every published instrument that keeps to these types; a file beyond them is a mistake or an attack.
const mostItems = 1000
const deepest = 16

/** What reading the items gathers beside the problems. */
interface ItemReading extends Reading {
  readonly conditions: Map<string, readonly WrittenCondition[]>
  readonly linkIds: Set<string>
}

/** The instrument in `json` (a parsed FHIR R4 Questionnaire), or all problems in the order of the file. `definitions`
 *  are the facts that the extension `urn:waypost:fact` may fill. Refused: item types outside the ten, value sets,
 *  initial values, contained resources, modifier extensions, formulas, unknown elements, conditions on unknown
 *  questions or in circles, repeated link ids. A missing language is read as English, a missing version as `1`. */
export function parseInstrument(
  json: unknown,
  definitions: Readonly<Record<string, FactDefinition>>,
): Result<Instrument, readonly InstrumentProblem[]> {
  const whole = { linkId: null, type: null }
  const reading: ItemReading = { problems: [], definitions, conditions: new Map(), linkIds: new Set() }
  if (!isObject(json) || json['resourceType'] !== 'Questionnaire') {
    note(reading, 'not_questionnaire', whole, isObject(json) ? json['resourceType'] : '')
    return refused(reading.problems)
  }
  noteForeign(reading, json, whole)
  const title = wordsAt(reading, json, 'title', whole) ?? wordsAt(reading, json, 'name', whole)
  const url = urlOf(json)
  if (!title || url === null) note(reading, 'no_name', whole)
  const found = itemsAt(reading, json, whole, 1)
  if (found.length === 0 && reading.problems.length === 0) note(reading, 'no_items', whole)
  if (reading.linkIds.size > mostItems) note(reading, 'too_many', whole, String(reading.linkIds.size))
  const items = settle(reading, found)
  if (reading.problems.length > 0 || !title || url === null) return refused(reading.problems)
  const language = textAt(json, 'language')
  return ok({
    url,
    version: textAt(json, 'version') ?? '1',
    language: language !== null && isLanguageTag(language) ? language : 'en',
    title,
    description: wordsAt(reading, json, 'description', whole),
    items,
  })
}

function urlOf(json: Json): string | null {
  const name = textAt(json, 'name') ?? textAt(json, 'id')
  return textAt(json, 'url') ?? (name === null ? null : `urn:waypost:instrument:${encodeURIComponent(name)}`)
}

/** Puts the conditions in, now that every question is known, and checks what needs the whole. */
function settle(reading: ItemReading, items: readonly Item[]): readonly Item[] {
  const byId = new Map([...everyItem(items)].map(({ item }) => [item.linkId, item]))
  const settled = withConditions(reading, items, byId)
  // Where two items share a link id, a circle through it may be none.
  if (byId.size === [...everyItem(items)].length) noteCircles(reading, settled)
  for (const { item } of everyItem(settled)) if (isQuestion(item)) noteUnfitLinks(reading, item)
  return settled
}

function withConditions(
  reading: ItemReading,
  items: readonly Item[],
  byId: ReadonlyMap<string, Item>,
): readonly Item[] {
  return items.map((item) => {
    const conditions = (reading.conditions.get(item.linkId) ?? []).flatMap((written) => {
      const target = byId.get(written.question)
      // A question that was itself refused has been noted; the conditions on it are right as they stand.
      if (!target && reading.linkIds.has(written.question)) return []
      return settleCondition(reading, written, target, item) ?? []
    })
    return item.type === 'display'
      ? { ...item, conditions }
      : { ...item, conditions, items: withConditions(reading, item.items, byId) }
  })
}

function itemsAt(reading: ItemReading, json: Json, holder: Place, depth: number): readonly Item[] {
  const list = json['item']
  if (list === undefined) return []
  if (depth > deepest) {
    note(reading, 'too_deep', holder)
    return []
  }
  if (!Array.isArray(list)) {
    note(reading, 'element', holder, 'item')
    return []
  }
  return list.flatMap((entry: unknown) => {
    if (isObject(entry)) return itemFrom(reading, entry, depth) ?? []
    note(reading, 'element', holder, entry)
    return []
  })
}

function itemFrom(reading: ItemReading, json: Json, depth: number): Item | null {
  const type = textAt(json, 'type')
  const linkId = textAt(json, 'linkId')
  const at: Place = { linkId, type }
  if (linkId === null || linkId.length > 255) note(reading, 'link_id_missing', at, json['text'])
  else if (reading.linkIds.has(linkId)) note(reading, 'link_id_twice', at)
  else reading.linkIds.add(linkId)
  noteForeign(reading, json, at)
  for (const key of Object.keys(json)) if (!itemElements.includes(key)) note(reading, 'element', at, key)
  const words = wordsAt(reading, json, 'text', at)
  if (!words && type !== 'group') note(reading, 'text_missing', at)
  const written = writtenConditionsAt(reading, json, at)
  if (linkId !== null) reading.conditions.set(linkId, written)
  const common = {
    linkId: linkId ?? '',
    words: words ?? { text: '', translations: {} },
    prefix: textAt(json, 'prefix'),
    conditions: [],
    joinedBy: joinAt(reading, json, at),
  }
  const items = itemsAt(reading, json, at, depth + 1)
  if (type === 'group') return groupFrom(reading, json, { ...common, items }, at)
  if (type === 'display') {
    if (json['required'] === true || json['repeats'] === true || items.length > 0) note(reading, 'display_flags', at)
    return { ...common, type }
  }
  return questionFrom(reading, json, { ...common, items }, at)
}

type Begun = Pick<Question, 'linkId' | 'words' | 'prefix' | 'conditions' | 'joinedBy' | 'items'>

function groupFrom(reading: ItemReading, json: Json, begun: Begun, at: Place): Item {
  if (json['repeats'] === true) note(reading, 'repeats', at)
  if (begun.items.length === 0) note(reading, 'group_empty', at)
  if ('answerOption' in json) note(reading, 'options_misplaced', at)
  return { ...begun, type: 'group', isRequired: json['required'] === true }
}

function questionFrom(reading: ItemReading, json: Json, begun: Begun, at: Place): Question | null {
  const type = at.type
  if ('answerValueSet' in json) note(reading, 'value_set', at, json['answerValueSet'])
  if ('initial' in json) note(reading, 'initial', at)
  if (json['readOnly'] === true) note(reading, 'read_only', at)
  const isChoice = type === 'choice' || type === 'open-choice'
  if (json['repeats'] === true && !isChoice) note(reading, 'repeats', at)
  if (json['repeats'] === true && begun.items.some((item) => item.type !== 'display')) note(reading, 'children', at)
  if ('answerOption' in json && !isChoice) note(reading, 'options_misplaced', at)
  const isAtDesk = valueOf(extensionsOf(json, extensions.desk)[0]) === true
  const asked = { ...begun, isRequired: json['required'] === true, facts: factLinksAt(reading, json, at), isAtDesk }
  switch (type) {
    case 'string':
    case 'text':
      return { ...asked, type, maxLength: maxLengthAt(reading, json, at) }
    case 'integer':
    case 'decimal': {
      const read = (url: string) => boundAt(reading, json, at, { url, isBound: (value) => isNumberFor(type, value) })
      return { ...asked, type, ...ordered(reading, at, read(extensions.minimum), read(extensions.maximum)) }
    }
    case 'date': {
      const read = (url: string) => boundAt(reading, json, at, { url, isBound: isDay })
      return {
        ...asked,
        type,
        ...ordered(reading, at, read(extensions.minimum), read(extensions.maximum)),
        precision: precisionAt(json),
      }
    }
    case 'boolean':
      return { ...asked, type }
    case 'choice':
    case 'open-choice':
      // A value set has been noted already; saying that options are missing as well would only confuse.
      return {
        ...asked,
        type,
        repeats: json['repeats'] === true,
        options: 'answerValueSet' in json ? [] : optionsAt(reading, json, at),
      }
    default:
      note(reading, 'type', at, type ?? '')
      return null
  }
}

function maxLengthAt(reading: Reading, json: Json, at: Place): number | null {
  const length = json['maxLength']
  if (length === undefined) return null
  if (typeof length === 'number' && Number.isInteger(length) && length > 0) return length
  note(reading, 'max_length', at, length)
  return null
}

function boundAt<T>(
  reading: Reading,
  json: Json,
  at: Place,
  bound: { readonly url: string; readonly isBound: (value: unknown) => value is T },
): T | null {
  const extension = extensionsOf(json, bound.url)[0]
  if (!extension) return null
  const value = valueOf(extension)
  if (bound.isBound(value)) return value
  note(reading, 'bounds', at, value)
  return null
}

function ordered<T extends number | string>(reading: Reading, at: Place, minimum: T | null, maximum: T | null) {
  if (minimum !== null && maximum !== null && minimum > maximum) note(reading, 'bounds', at, `${minimum} > ${maximum}`)
  return { minimum, maximum }
}

function precisionAt(json: Json): 'day' | 'month' {
  return valueOf(extensionsOf(json, extensions.entryFormat)[0]) === 'YYYY-MM' ? 'month' : 'day'
}

function isNumberFor(type: 'integer' | 'decimal', value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && (type === 'decimal' || Number.isInteger(value))
}

function isDay(value: unknown): value is string {
  return parseDay(value) !== null
}
