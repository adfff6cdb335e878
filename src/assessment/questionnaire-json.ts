// Reading untrusted JSON of a Questionnaire: every reader says what it found, or notes a problem and goes on.

import { changesBehaviour, extensions } from './fhir.ts'
import type { Words } from './instrument.ts'
import type { FactDefinition } from '#directory/index.ts'

export type Json = Readonly<Record<string, unknown>>

// messages: assessment.refusal.*
export type InstrumentProblemCode =
  | 'not_questionnaire'
  | 'no_name'
  | 'no_items'
  | 'contained'
  | 'modifier_extension'
  | 'behaviour'
  | 'element'
  | 'link_id_missing'
  | 'link_id_twice'
  | 'type'
  | 'too_deep'
  | 'too_many'
  | 'text_missing'
  | 'group_empty'
  | 'display_flags'
  | 'repeats'
  | 'children'
  | 'value_set'
  | 'initial'
  | 'read_only'
  | 'max_length'
  | 'bounds'
  | 'options_missing'
  | 'options_misplaced'
  | 'option_value'
  | 'option_twice'
  | 'ordinal'
  | 'translation'
  | 'condition_target'
  | 'condition_operator'
  | 'condition_answer'
  | 'condition_join'
  | 'condition_cycle'
  | 'fact_unknown'
  | 'fact_reading'
  | 'fact_value'

/** One thing that keeps an instrument out. `detail` is the offending name or value, as it stands in the file. */
export interface InstrumentProblem {
  readonly code: InstrumentProblemCode
  readonly linkId: string | null
  readonly type: string | null
  readonly detail: string
}

/** What is known while an instrument is read. `at` is the item being read, for the problems. */
export interface Reading {
  readonly problems: InstrumentProblem[]
  readonly definitions: Readonly<Record<string, FactDefinition>>
}

export interface Place {
  readonly linkId: string | null
  readonly type: string | null
}

export function note(reading: Reading, code: InstrumentProblemCode, at: Place, detail: unknown = ''): void {
  const said = typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? '')
  reading.problems.push({ code, linkId: at.linkId, type: at.type, detail: said.slice(0, 120) })
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; an absent list is empty, and what is no object is left to the caller's count. */
export function objectsAt(json: Json, key: string): readonly Json[] {
  const value = json[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textAt(json: Json, key: string): string | null {
  const value = json[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

export function extensionsOf(json: unknown, url: string): readonly Json[] {
  return isObject(json) ? objectsAt(json, 'extension').filter((extension) => extension['url'] === url) : []
}

/** Notes modifier extensions, contained resources and extensions that change what a question is. */
export function noteForeign(reading: Reading, json: Json, at: Place): void {
  if ('modifierExtension' in json) note(reading, 'modifier_extension', at)
  if ('contained' in json) note(reading, 'contained', at)
  for (const extension of objectsAt(json, 'extension')) {
    const url = extension['url']
    if (typeof url === 'string' && changesBehaviour(url)) note(reading, 'behaviour', at, url)
  }
}

/** `text` with the translations that stand beside it in `_text`; null when there is no text. */
export function wordsAt(reading: Reading, json: Json, key: string, at: Place): Words | null {
  const text = textAt(json, key)
  if (text === null) return null
  const translations: Record<string, string> = {}
  for (const extension of extensionsOf(json[`_${key}`], extensions.translation)) {
    const parts = objectsAt(extension, 'extension')
    const language = valueOf(parts.find((part) => part['url'] === 'lang'))
    const content = valueOf(parts.find((part) => part['url'] === 'content'))
    if (
      typeof language === 'string' &&
      isLanguageTag(language) &&
      typeof content === 'string' &&
      content.trim() !== ''
    ) {
      translations[language] = content.trim()
    } else note(reading, 'translation', at, typeof language === 'string' ? language : key)
  }
  return { text, translations }
}

/** The value of an extension, whatever its type; undefined when it has none. */
export function valueOf(extension: Json | undefined): unknown {
  if (!extension) return undefined
  const key = Object.keys(extension).find((name) => /^value[A-Z]/.test(name))
  return key === undefined ? undefined : extension[key]
}

export function isLanguageTag(tag: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)
}
