// The adviser's booking: the appointment, and what lies beside it in free words.

import { textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Appointment } from '../event.ts'
import { readAppointment, type Around } from './appointment.form.ts'
import type { KeptWords } from './handover.store.ts'

/** A place to choose: a location of the service, or a site. */
export interface Place {
  readonly id: string
  /** Its name and address in one line, as the client reads it. */
  readonly text: string
  readonly accessibility: readonly string[]
  /** How to get there, as the directory or somebody before said it. */
  readonly directions: string
}

export interface Booking {
  readonly appointment: Appointment
  readonly words: KeptWords
  /** What was typed of the way, to be remembered with the place. */
  readonly typedDirections: string
}

const mostWords = 1500
const longestLine = 300
const wordFields = ['directions', 'joining', 'askFor', 'accompanying', 'bring', 'phone'] as const

/** The booking, or the problems beside its fields. Directions that are left empty are those of the place. */
export function readBooking(
  body: FormBody,
  places: readonly Place[],
  around: Omit<Around, 'isWanted'>,
): Result<Booking, FieldProblem[]> {
  const place = places.find(({ id }) => id === textOf(body, 'where'))
  const isElsewhere = textOf(body, 'means') !== '' && textOf(body, 'means') !== 'in_person'
  const placed = place && !isElsewhere ? place : undefined
  const read = readAppointment({ ...body, place: placed?.text ?? textOf(body, 'place') }, { ...around, isWanted: true })
  const problems = [...(read.ok ? [] : read.problem), ...wordFields.flatMap((field) => tooLong(body, field))]
  if (!read.ok || read.value === null || problems.length > 0) return refused(problems)
  const typed = wordsOf(body, 'directions')
  return ok({
    appointment: read.value,
    typedDirections: typed,
    words: {
      placeId: placed?.id ?? null,
      accessibility: placed?.accessibility ?? [],
      directions: isElsewhere ? '' : typed || (placed?.directions ?? ''),
      joining: isElsewhere ? wordsOf(body, 'joining') : '',
      askFor: wordsOf(body, 'askFor'),
      accompanying: wordsOf(body, 'accompanying'),
      bring: wordsOf(body, 'bring'),
      phone: wordsOf(body, 'phone'),
    },
  })
}

function tooLong(body: FormBody, field: (typeof wordFields)[number]): FieldProblem[] {
  const isLine = field === 'askFor' || field === 'phone'
  const max = isLine ? longestLine : mostWords
  return wordsOf(body, field).length > max ? [{ field, key: 'platform.form.too_long', values: { max } }] : []
}

function wordsOf(body: FormBody, field: string): string {
  return textOf(body, field).normalize('NFC').replace(/\r\n?/g, '\n')
}
