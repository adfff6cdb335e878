// The options of a choice: codings, texts or whole numbers, with their scores.

import { dataAbsentReason, extensions } from './fhir.ts'
import type { Option, Words } from './instrument.ts'
import { factLinksAt } from './questionnaire-facts.ts'
import { extensionsOf, isObject, note, noteForeign, textAt, valueOf, wordsAt } from './questionnaire-json.ts'
import type { Json, Place, Reading } from './questionnaire-json.ts'

/** Reads `answerOption`. An option that cannot be read is noted and left out. */
export function optionsAt(reading: Reading, json: Json, at: Place): readonly Option[] {
  const list = json['answerOption']
  if (!Array.isArray(list) || list.length === 0) {
    note(reading, 'options_missing', at)
    return []
  }
  const options: Option[] = []
  for (const entry of list) {
    const option = isObject(entry) ? optionFrom(reading, entry, at) : null
    if (!option) note(reading, 'option_value', at, entry)
    else if (options.some((other) => other.key === option.key)) note(reading, 'option_twice', at, option.key)
    else options.push(option)
  }
  return options
}

function optionFrom(reading: Reading, json: Json, at: Place): Option | null {
  noteForeign(reading, json, at)
  if (json['initialSelected'] === true) note(reading, 'initial', at)
  const known = [
    'valueCoding',
    'valueString',
    'valueInteger',
    '_valueString',
    'extension',
    'initialSelected',
    'id',
    'modifierExtension',
  ]
  if (Object.keys(json).some((key) => !known.includes(key))) return null
  const named = namedOption(reading, json, at)
  if (!named) return null
  return {
    ...named,
    score: scoreAt(reading, json, at),
    isExclusive: extensionsOf(json, extensions.exclusive).some((extension) => extension['valueBoolean'] === true),
    withholds: withheldBy(named.value),
    facts: factLinksAt(reading, json, at),
  }
}

function namedOption(reading: Reading, json: Json, at: Place): Pick<Option, 'key' | 'value' | 'words'> | null {
  const coding = json['valueCoding']
  if (isObject(coding)) {
    const code = textAt(coding, 'code')
    if (code === null) return null
    const words = wordsAt(reading, coding, 'display', at)
    const value = { kind: 'coding' as const, system: textAt(coding, 'system'), code, display: words?.text ?? null }
    return { key: code, value, words: words ?? plain(code) }
  }
  const words = wordsAt(reading, json, 'valueString', at)
  if (words) return { key: words.text, value: { kind: 'string', text: words.text }, words }
  const number = json['valueInteger']
  if (typeof number !== 'number' || !Number.isInteger(number)) return null
  return { key: String(number), value: { kind: 'integer', number }, words: plain(String(number)) }
}

/** The ordinal may stand on the option or, as R4 first had it, on its coding. */
function scoreAt(reading: Reading, json: Json, at: Place): number | null {
  const extension = [json, json['valueCoding']].flatMap((holder) => extensionsOf(holder, extensions.ordinal))[0]
  if (!extension) return null
  const score = valueOf(extension)
  if (typeof score === 'number' && Number.isFinite(score)) return score
  note(reading, 'ordinal', at, score)
  return null
}

function withheldBy(value: Option['value']): Option['withholds'] {
  if (value.kind !== 'coding' || value.system !== dataAbsentReason) return null
  if (value.code === 'asked-declined') return 'declined'
  return value.code === 'asked-unknown' || value.code === 'unknown' ? 'unknown' : null
}

function plain(text: string): Words {
  return { text, translations: {} }
}
