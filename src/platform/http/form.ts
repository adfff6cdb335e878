// Reading a form: what was typed becomes a value that can be trusted, or a list of problems beside their fields.

import { z } from 'zod'
import { parseDay, type CalendarDay } from '../dates.ts'
import { parseId, type Id } from '../ids.ts'
import { ok, refused, type Result } from '../result.ts'
import type { MessageValues } from '../i18n/index.ts'

/** One thing wrong with one field: the message's key and the values it takes. */
export interface FieldProblem {
  readonly field: string
  readonly key: string
  readonly values?: MessageValues
}

/** A form as it came: texts, and lists where a name came more than once. */
export type FormBody = Readonly<Record<string, string | readonly string[]>>

/**
 * Reads a form by a schema whose messages are catalogue keys, or `key|{"json":"values"}`.
 * The field of a problem is its path joined by dashes, as the page names its inputs.
 */
export function readForm<T>(schema: z.ZodType<T>, body: FormBody): Result<T, FieldProblem[]> {
  const read = schema.safeParse(body)
  if (read.success) return ok(read.data)
  const seen = new Set<string>()
  const problems = read.error.issues.map((issue): FieldProblem => {
    const [key = 'platform.form.unusable', values] = split(issue.message)
    return { field: issue.path.join('-'), key, ...(values ? { values } : {}) }
  })
  // One problem a field: the first says what to do next.
  return refused(problems.filter(({ field }) => !seen.has(field) && seen.add(field)))
}

function split(message: string): [string, MessageValues?] {
  const bar = message.indexOf('|')
  const key = bar < 0 ? message : message.slice(0, bar)
  // zod's own words (a text where a number is wanted) are no catalogue keys and no use to a reader.
  if (!/^[a-z-]+\.[a-z0-9_.-]+$/.test(key)) return ['platform.form.unusable']
  return bar < 0 ? [key] : [key, JSON.parse(message.slice(bar + 1)) as MessageValues]
}

/** A text that must say something: trimmed, line ends made alike, control characters dropped; `key` is the message when it does not. */
export function requiredText(key: string, max = 200) {
  return z
    .string({ error: key })
    .transform((value) => clean(value))
    .pipe(z.string().min(1, key).max(max, `platform.form.too_long|{"max":${max}}`))
}

/** A text or nothing: blank counts as nothing. */
export function optionalText(max = 200) {
  return z
    .string()
    .optional()
    .transform((value) => (value === undefined ? '' : clean(value)))
    .pipe(z.string().max(max, `platform.form.too_long|{"max":${max}}`))
    .transform((value) => (value === '' ? null : value))
}

/** One of some codes; `key` is the message when none was chosen. */
export function oneOf<const Codes extends readonly [string, ...string[]]>(codes: Codes, key: string) {
  return z.enum(codes, { error: key })
}

/** Ticked boxes: no, one or several of the codes. */
export function someOf<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value))
    .pipe(z.array(z.enum(codes, { error: 'platform.form.unusable' })))
}

/** A ticked box. */
export function ticked() {
  return z
    .string()
    .optional()
    .transform((value) => value !== undefined && value !== '')
}

/** A whole number in a range, or null when blank. */
export function optionalInteger(min: number, max: number) {
  const message = `platform.form.integer_between|{"min":${min},"max":${max}}`
  return z
    .string()
    .optional()
    .transform((value) => value?.trim() ?? '')
    .pipe(
      z.union(
        [
          z.literal('').transform(() => null),
          z
            .string()
            .regex(/^-?\d{1,9}$/, message)
            .transform(Number),
        ],
        { error: message },
      ),
    )
    .refine((value) => value === null || (value >= min && value <= max), message)
}

/** A day from three inputs (`<name>-day`, `<name>-month`, `<name>-year`) or one (`YYYY-MM-DD`): the day, null when blank, or a problem. */
export function readDay(
  body: FormBody,
  name: string,
  key = 'platform.form.no_such_day',
): Result<CalendarDay | null, FieldProblem[]> {
  const one = textOf(body, name)
  const parts = ['day', 'month', 'year'].map((part) => textOf(body, `${name}-${part}`))
  if (one === '' && parts.every((part) => part === '')) return ok(null)
  const [day = '', month = '', year = ''] = parts
  const typed = one !== '' ? one : `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const parsed = parseDay(typed)
  return parsed ? ok(parsed) : refused([{ field: name, key }])
}

/** A path's or form's id. A malformed one is refused like one that does not exist. */
export function idOf<Kind extends string>() {
  return z.string().transform((value, context): Id<Kind> => {
    const id = parseId<Kind>(value)
    if (id) return id
    context.addIssue({ code: 'custom', message: 'platform.form.unusable' })
    return z.NEVER
  })
}

/** The field's text as typed, for showing it again; the first when it came more than once. */
export function textOf(body: FormBody, name: string): string {
  return textsOf(body, name)[0]?.trim() ?? ''
}

/** The field's texts as typed. */
export function textsOf(body: FormBody, name: string): readonly string[] {
  const value = body[name]
  const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value
  // PostgreSQL refuses NUL, and nobody types it.
  return texts.map((text) => text.replaceAll('\0', ''))
}

function clean(value: string): string {
  return (
    value
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      // Control characters (but tab and line feed) are never typed on purpose, and PostgreSQL refuses NUL.
      .replace(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
      .trim()
  )
}
