// How somebody else's file of past episodes is read: which column says what, and what its values mean.

import { z } from 'zod'
import type { FactCode, FactDefinition, FactValue } from '#directory/index.ts'
import { parseDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { noService, type Episode } from './episode.ts'

const meaning = z.union([z.string(), z.number(), z.boolean(), z.null()])
const column = z.union([
  z.string().transform((name) => ({ column: name, values: undefined, times: undefined, separator: undefined })),
  z.strictObject({
    column: z.string(),
    /** What each text in the column means; null is not known. A text that is not listed refuses its row. */
    values: z.record(z.string(), meaning).optional(),
    /** What numbers are multiplied by: 100 for cents out of units. */
    times: z.number().positive().optional(),
    /** Between the codes of a list; a semicolon when left out. */
    separator: z.string().min(1).optional(),
  }),
])

export type MappedColumn = z.output<typeof column>

const mappingShape = z.strictObject({
  /** What this origin is called; rows of the same origin and id are the same episode. */
  source: z.string().min(1).max(80),
  /** The column that identifies a row; without one, its whole line does. */
  id: z.string().optional(),
  facts: z.record(z.string(), column),
  taken: column,
  working_at_365: column,
  working_at_180: column.optional(),
  /** A month, in units of money. */
  earnings_at_365: column.optional(),
  started_on: column.optional(),
  provider: column.optional(),
  /** Texts that mean "not known" in every column. The empty text does too, except in a list: there nothing was ticked. */
  unknown: z.array(z.string()).default([]),
})

export interface Mapping extends Omit<z.output<typeof mappingShape>, 'facts'> {
  readonly facts: ReadonlyMap<FactCode, MappedColumn>
}

/** What the mapping is checked against. */
export interface Vocabulary {
  readonly definitionOf: (code: string) => FactDefinition | null
  readonly isServiceType: (code: string) => boolean
}

/** Why one row was refused. `line` counts from 1, the header being the first. */
export interface RefusedRow {
  readonly line: number
  readonly column: string
  readonly reason: string
}

export type Row = Readonly<Record<string, string>>

/** The mapping, or one sentence saying what is wrong with it. */
export function readMapping(json: unknown, vocabulary: Vocabulary): Result<Mapping, string> {
  const read = mappingShape.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    return refused(`The mapping is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unreadable'}.`)
  }
  const facts = new Map<FactCode, MappedColumn>()
  for (const [code, mapped] of Object.entries(read.data.facts)) {
    if (!vocabulary.definitionOf(code)) return refused(`The mapping names a fact ${code} that there is not.`)
    facts.set(code as FactCode, mapped)
  }
  for (const type of Object.values(read.data.taken.values ?? {})) {
    if (typeof type === 'string' && type !== noService && !vocabulary.isServiceType(type)) {
      return refused(`The mapping names a service type ${type} that there is not.`)
    }
  }
  return ok({ ...read.data, facts })
}

/** The columns that the file must have. */
export function mappedColumns(mapping: Mapping): readonly string[] {
  const { id, taken, working_at_365, working_at_180, earnings_at_365, started_on, provider, facts } = mapping
  const columns = [taken, working_at_365, working_at_180, earnings_at_365, started_on, provider, ...facts.values()]
  return [...new Set([...(id === undefined ? [] : [id]), ...columns.flatMap((one) => (one ? [one.column] : []))])]
}

export interface MappedEpisode extends Episode {
  readonly provider: string | null
}

/** One row as an episode, or the first thing wrong with it. */
export function readEpisode(
  row: Row,
  mapping: Mapping,
  vocabulary: Vocabulary,
): Result<MappedEpisode, Omit<RefusedRow, 'line'>> {
  const say = (mapped: MappedColumn, reason: string) => refused({ column: mapped.column, reason })
  const facts: Partial<Record<FactCode, FactValue>> = {}
  for (const [code, mapped] of mapping.facts) {
    const definition = vocabulary.definitionOf(code)
    const isEmptyList = definition?.kind === 'codes' && (row[mapped.column] ?? '').trim() === ''
    const value = isEmptyList ? ok([]) : readFact(textIn(row, mapped, mapping), mapped, definition)
    if (!value.ok) return say(mapped, value.problem)
    if (value.value !== null) facts[code] = value.value
  }
  const taken = meaningOf(textIn(row, mapping.taken, mapping), mapping.taken)
  if (!taken.ok) return say(mapping.taken, taken.problem)
  if (typeof taken.value !== 'string') return say(mapping.taken, 'says no service type')
  if (taken.value !== noService && !vocabulary.isServiceType(taken.value)) {
    return say(mapping.taken, `${taken.value} is no service type`)
  }
  const at365 = readYesNo(textIn(row, mapping.working_at_365, mapping), mapping.working_at_365)
  if (!at365.ok) return say(mapping.working_at_365, at365.problem)
  const at180 = mapping.working_at_180
    ? readYesNo(textIn(row, mapping.working_at_180, mapping), mapping.working_at_180)
    : ok(null)
  if (!at180.ok) return say(mapping.working_at_180!, at180.problem)
  const earnings = mapping.earnings_at_365
    ? readNumber(textIn(row, mapping.earnings_at_365, mapping), mapping.earnings_at_365)
    : ok(null)
  if (!earnings.ok) return say(mapping.earnings_at_365!, earnings.problem)
  const startText = mapping.started_on ? textIn(row, mapping.started_on, mapping) : null
  const startedOn = startText === null ? null : parseDay(startText)
  if (startText !== null && startedOn === null) return say(mapping.started_on!, `${startText} is no day (YYYY-MM-DD)`)
  return ok({
    startedOn,
    facts,
    taken: taken.value,
    workingAt365: at365.value,
    workingAt180: at180.value,
    earningsAt365Cents: earnings.value === null ? null : Math.round(earnings.value * 100),
    provider: mapping.provider ? textIn(row, mapping.provider, mapping) : null,
  })
}

/** The cell, or null when it says "not known". */
function textIn(row: Row, mapped: MappedColumn, { unknown }: Mapping): string | null {
  const text = (row[mapped.column] ?? '').trim()
  return text === '' || unknown.includes(text) ? null : text
}

function meaningOf(text: string | null, { values }: MappedColumn): Result<string | number | boolean | null, string> {
  if (text === null || !values) return ok(text)
  return Object.hasOwn(values, text) ? ok(values[text] ?? null) : refused(`${text} has no meaning in the mapping`)
}

function readYesNo(text: string | null, mapped: MappedColumn): Result<boolean | null, string> {
  const said = meaningOf(text, mapped)
  if (!said.ok || said.value === null || typeof said.value === 'boolean') return said as Result<boolean | null, string>
  const word = String(said.value).toLowerCase()
  if (['1', 'true', 'yes'].includes(word)) return ok(true)
  if (['0', 'false', 'no'].includes(word)) return ok(false)
  return refused(`${word} is neither yes nor no`)
}

function readNumber(text: string | null, mapped: MappedColumn): Result<number | null, string> {
  const said = meaningOf(text, mapped)
  if (!said.ok) return said
  if (said.value === null) return ok(null)
  const number = typeof said.value === 'number' ? said.value : Number(said.value)
  if (typeof said.value === 'boolean' || !Number.isFinite(number)) return refused(`${String(said.value)} is no number`)
  // Every fact that is a number counts something; a minus is a code for "not known" that the mapping did not name.
  if (number < 0) return refused(`${number} is below zero`)
  return ok(number * (mapped.times ?? 1))
}

function readFact(
  text: string | null,
  mapped: MappedColumn,
  definition: FactDefinition | null,
): Result<FactValue | null, string> {
  if (text === null || !definition) return ok(null)
  switch (definition.kind) {
    case 'integer':
    case 'decimal': {
      const number = readNumber(text, mapped)
      if (!number.ok || number.value === null || definition.kind === 'decimal') return number
      return Number.isInteger(number.value) ? number : refused(`${number.value} is no whole number`)
    }
    case 'yes_no':
      return readYesNo(text, mapped)
    case 'level':
    case 'code':
      return readCode(text, mapped, definition)
    case 'codes': {
      const codes: string[] = []
      for (const part of text.split(mapped.separator ?? ';').map((each) => each.trim())) {
        const code = part === '' ? ok(null) : readCode(part, mapped, definition)
        if (!code.ok) return code
        if (code.value !== null) codes.push(code.value)
      }
      return ok(codes)
    }
  }
}

function readCode(text: string, mapped: MappedColumn, { values }: FactDefinition): Result<string | null, string> {
  const said = meaningOf(text, mapped)
  if (!said.ok) return said
  if (said.value === null) return ok(null)
  const code = String(said.value)
  return !values || values.includes(code) ? ok(code) : refused(`${code} is none of ${values.join(', ')}`)
}
