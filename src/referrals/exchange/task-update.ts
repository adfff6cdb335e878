// What a partner's system says by changing a Task: the events that lead from the referral as it stands to the Task as it came.
// Saying again what is known already leads to no event, so an update sent twice happens once.

import { z } from 'zod'
import { dayIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { usualMeeting, meansOfMeeting, type Appointment, type Happening } from '../event.ts'
import {
  absenceReasons,
  clientDeclineReasons,
  completionResults,
  earlyEndReasons,
  partnerDeclineReasons,
} from '../reason.ts'
import type { Referral } from '../referral.ts'
import { extensions, systems, type OutputCode } from './codes.ts'
import { issuesOf, type Issue } from './outcome.ts'
import { eventsThatHold, fhirDateTime } from './task.ts'

/** All of FHIR R4's task-status: one that no partner may set is refused by name, not as unreadable. */
const taskStatuses = [
  ...(['draft', 'requested', 'received', 'accepted', 'rejected', 'ready', 'cancelled', 'in-progress'] as const),
  ...(['on-hold', 'failed', 'completed', 'entered-in-error'] as const),
] as const

const longestNote = 2000
const words = (max: number) => z.string().trim().min(1).max(max)
const codeText = z.string().min(1).max(100)
const coding = z.object({ system: z.string().max(300).optional(), code: codeText.optional() })
const concept = z.object({ coding: z.array(coding).max(20).optional() })
const day = z.string().transform((text, context): CalendarDay => {
  const parsed = parseDay(text)
  if (parsed !== null) return parsed
  context.addIssue({ code: 'custom', message: 'A day is expected here, as YYYY-MM-DD.' })
  return z.NEVER
})
/** FHIR's dateTime: a day, or a moment with its offset. Years and months alone are no day that anything happened on. */
const dateTime = z
  .string()
  .refine((text) => parseDay(text) !== null || isMoment(text), 'A day or a moment with its offset is expected here.')
const extension = z.object({
  url: z.string().max(300),
  valueCode: codeText.optional(),
  valueString: z.string().max(300).optional(),
})
const output = z.object({
  type: concept,
  valueDate: day.optional(),
  valueDateTime: dateTime.optional(),
  valueCodeableConcept: concept.optional(),
  extension: z.array(extension).max(20).optional(),
})
const reference = z.object({ reference: z.string().max(300).optional() })

const taskShape = z.object({
  resourceType: z.literal('Task'),
  id: z.string().max(64),
  status: z.enum(taskStatuses),
  businessStatus: concept.optional(),
  statusReason: concept.optional(),
  focus: reference.optional(),
  executionPeriod: z.object({ start: dateTime.optional(), end: dateTime.optional() }).optional(),
  note: z
    .array(z.object({ text: words(longestNote) }))
    .max(500)
    .optional(),
  output: z.array(output).max(200).optional(),
})
export type IncomingTask = z.infer<typeof taskShape>

/** The Task as far as it is read; fields that the exchange does not know are passed over. Never throws. */
export function readTask(json: unknown): Result<IncomingTask, readonly [Issue, ...Issue[]]> {
  const read = taskShape.safeParse(json)
  return read.success ? ok(read.data) : refused(issuesOf('Task', read.error))
}

/** One thing that happened, with what was written beside it. */
export interface Step {
  readonly happening: Happening
  readonly words: string | null
}

export interface Moment {
  readonly today: CalendarDay
  readonly timeZone: string
  /** What the partner could read before it wrote: nothing of it is news. */
  readonly knownWords: readonly string[]
}

/** The steps from the referral to the Task, in the order in which they happened; none when it says nothing new. Whether the
 *  referral takes them is the state machine's to say. Refused: what cannot be understood, with the place where. */
export function stepsTo(
  task: IncomingTask,
  referral: Referral,
  moment: Moment,
): Result<readonly Step[], readonly [Issue, ...Issue[]]> {
  const meant = meaningOf(task)
  if (!meant.ok) return meant
  const told = readOutputs(task, referral, moment)
  if (!told.ok) return told
  const happened = happeningsOf(task, meant.value, { referral, told: told.value, moment })
  if (!happened.ok) return happened
  return withWords(happened.value, newWords(task, moment.knownWords))
}

type Meaning = 'sent' | 'received' | 'waiting_list' | 'more_information_asked' | 'accepted' | 'under_way' | 'declined'
type End = 'completed' | 'ended_early'

function meaningOf(task: IncomingTask): Result<Meaning | End, readonly [Issue, ...Issue[]]> {
  const business = codeOf(task.businessStatus, systems.state)
  switch (task.status) {
    case 'requested':
    case 'received':
    case 'on-hold':
      if (business === 'waiting_list' || business === 'more_information_asked') return ok(business)
      if (task.status === 'on-hold') return ok('waiting_list')
      return ok(task.status === 'received' ? 'received' : 'sent')
    case 'accepted':
      return ok('accepted')
    case 'in-progress':
      return ok('under_way')
    case 'rejected':
      return ok('declined')
    case 'completed':
      return ok('completed')
    case 'failed':
      return ok('ended_early')
    default:
      return refusedAt('business-rule', 'Task.status', `A partner does not set a Task to ${task.status}.`)
  }
}

interface Told {
  readonly attended: readonly CalendarDay[]
  readonly missed: readonly (Happening & { readonly kind: 'did_not_attend' })[]
  readonly appointment: Appointment | null
  readonly expectedOn: CalendarDay | null
  readonly result: (typeof completionResults)[number] | null
}

interface At {
  readonly referral: Referral
  readonly told: Told
  readonly moment: Moment
}

function happeningsOf(
  task: IncomingTask,
  meant: Meaning | End,
  { referral, told, moment }: At,
): Result<readonly Happening[], readonly [Issue, ...Issue[]]> {
  const attended = told.attended.map((on): Happening => ({ kind: 'attended', on }))
  const appointed: readonly Happening[] = told.appointment
    ? [{ kind: 'appointment_made', appointment: told.appointment }]
    : []
  const meanwhile: readonly Happening[] = [...told.missed, ...attended]
  if (meant === referral.state) {
    const isNewDay = meant === 'waiting_list' && told.expectedOn !== null && told.expectedOn !== referral.expectedOn
    if (isNewDay) return refusedAt('business-rule', 'Task.output', 'A new day on the waiting list is said in a note.')
    return ok([...meanwhile, ...appointed])
  }
  const endedOn = dayOf(task.executionPeriod?.end, moment) ?? moment.today
  switch (meant) {
    case 'sent':
    case 'received':
      if (meant === 'received' && referral.state === 'sent')
        return ok(referral.openedAt === null ? [{ kind: 'opened' }, ...meanwhile] : meanwhile)
      return refusedAt('business-rule', 'Task.status', 'An answer is not taken back by setting the Task to requested.')
    case 'waiting_list':
      return ok([{ kind: 'waiting_list', expectedOn: told.expectedOn }])
    case 'more_information_asked':
      return ok([{ kind: 'more_information_asked' }])
    case 'accepted':
      return ok([{ kind: 'accepted', appointment: told.appointment }, ...meanwhile])
    case 'declined':
      return declined(task)
    case 'under_way':
      if (attended.length > 0) return ok([...meanwhile, ...appointed])
      return refusedAt('required', 'Task.output', 'Say the day of the first attendance, in an output or as start.')
    case 'completed':
      if (told.result === null)
        return refusedAt('required', 'Task.output', `Say how it ended: an output with ${completionResults.join(', ')}.`)
      return ok([...meanwhile, { kind: 'completed', on: endedOn, result: told.result }])
    case 'ended_early': {
      const reason = oneOf(earlyEndReasons, codeOf(task.statusReason, systems.earlyEndReason))
      if (reason === null) return reasonMissing(earlyEndReasons)
      return ok([...meanwhile, { kind: 'ended_early', on: endedOn, reason }])
    }
  }
}

function declined({ statusReason }: IncomingTask): Result<readonly Happening[], readonly [Issue, ...Issue[]]> {
  const code = codeOf(statusReason, systems.declineReason)
  const partners = oneOf(partnerDeclineReasons, code)
  if (partners !== null) return ok([{ kind: 'declined', by: 'partner', reason: partners }])
  const clients = oneOf(clientDeclineReasons, code)
  if (clients !== null) return ok([{ kind: 'declined', by: 'client', reason: clients }])
  return reasonMissing([...partnerDeclineReasons, ...clientDeclineReasons])
}

function reasonMissing(codes: readonly string[]) {
  return refusedAt('required', 'Task.statusReason', `Say why, with one of these codes: ${codes.join(', ')}.`)
}

/** What the outputs tell that the referral does not know yet. */
function readOutputs(
  { output: outputs = [], executionPeriod }: IncomingTask,
  referral: Referral,
  moment: Moment,
): Result<Told, readonly [Issue, ...Issue[]]> {
  const known = eventsThatHold(referral)
  const attended = new Set<CalendarDay>()
  const missed: Told['missed'][number][] = []
  let appointment: Appointment | null = null
  let expectedOn: CalendarDay | null = null
  let result: Told['result'] = null
  for (const [index, each] of outputs.entries()) {
    const at = `Task.output[${index}]`
    const on = each.valueDate ?? dayOf(each.valueDateTime, moment)
    switch (codeOf(each.type, systems.output) as OutputCode | null) {
      case 'attended':
        if (on === null) return refusedAt('required', `${at}.valueDate`, 'Say the day.')
        attended.add(on)
        break
      case 'did-not-attend': {
        if (on === null) return refusedAt('required', `${at}.valueDate`, 'Say the day.')
        const reason = oneOf(absenceReasons, valueOf(each.extension, extensions.reason)) ?? 'absence_not_known'
        missed.push({ kind: 'did_not_attend', on, reason })
        break
      }
      case 'appointment':
        if (each.valueDateTime === undefined) return refusedAt('required', `${at}.valueDateTime`, 'Say when.')
        appointment = appointmentOf(each, each.valueDateTime, moment)
        break
      case 'expected-start':
        expectedOn = on
        break
      case 'completion-result':
        result = oneOf(completionResults, codeOf(each.valueCodeableConcept, systems.completionResult))
        break
      default:
        break
    }
  }
  const began = dayOf(executionPeriod?.start, moment)
  if (began !== null && referral.firstAttendedOn === null) attended.add(began)
  const isKnown = (kind: 'attended' | 'did_not_attend', on: CalendarDay) =>
    known.some((event) => event.kind === kind && event.on === on)
  return ok({
    attended: [...attended].filter((on) => !isKnown('attended', on)).sort(),
    missed: missed.filter(({ on }) => !isKnown('did_not_attend', on)),
    appointment:
      appointment !== null && isSame(appointment, referral.appointment, moment.timeZone) ? null : appointment,
    expectedOn,
    result,
  })
}

function appointmentOf({ extension: said }: z.infer<typeof output>, when: string, { timeZone }: Moment): Appointment {
  const onlyDay = parseDay(when)
  const moment = new Date(when)
  return {
    ...usualMeeting,
    day: onlyDay ?? dayIn(timeZone, moment),
    time: onlyDay === null ? timeIn(timeZone, moment) : null,
    place: valueOf(said, extensions.place) ?? '',
    meeting: valueOf(said, extensions.meeting) ?? '',
    means: oneOf(meansOfMeeting, valueOf(said, extensions.means)) ?? usualMeeting.means,
  }
}

// What the exchange can say of an appointment; the rest is ours and stays as it was.
function isSame(a: Appointment, b: Appointment | null, timeZone: string): boolean {
  if (b === null || (a.time === null) !== (b.time === null)) return false
  const isSameTime = fhirDateTime(a, timeZone) === fhirDateTime(b, timeZone)
  return isSameTime && a.place === b.place && a.meeting === b.meeting && a.means === b.means
}

/** Words go with the event that moves the referral; alone they are a message. */
function withWords(
  happenings: readonly Happening[],
  written: string | null,
): Result<readonly Step[], readonly [Issue, ...Issue[]]> {
  if (written !== null && written.length > longestNote)
    return refusedAt('too-long', 'Task.note', `At most ${longestNote} characters are taken at once.`)
  if (written === null && happenings.some(({ kind }) => kind === 'more_information_asked'))
    return refusedAt('required', 'Task.note', 'Write what has to be known.')
  if (written === null) return ok(happenings.map((happening) => ({ happening, words: null })))
  if (happenings.length === 0) return ok([{ happening: { kind: 'message' }, words: written }])
  const last = happenings.length - 1
  return ok(happenings.map((happening, index) => ({ happening, words: index === last ? written : null })))
}

function newWords({ note = [] }: IncomingTask, known: readonly string[]): string | null {
  const seen = new Set(known.map((text) => text.trim()))
  const fresh = note.map(({ text }) => text.normalize('NFC').replace(/\r\n?/g, '\n')).filter((text) => !seen.has(text))
  return fresh.length === 0 ? null : fresh.join('\n\n')
}

function codeOf(said: z.infer<typeof concept> | undefined, system: string): string | null {
  return said?.coding?.find((each) => each.system === system)?.code ?? null
}

function valueOf(said: readonly z.infer<typeof extension>[] | undefined, url: string): string | null {
  const found = said?.find((each) => each.url === url)
  return found?.valueCode ?? found?.valueString?.trim() ?? null
}

function oneOf<Code extends string>(codes: readonly Code[], said: string | null): Code | null {
  return codes.find((code) => code === said) ?? null
}

function dayOf(said: string | undefined, { timeZone }: Moment): CalendarDay | null {
  return said === undefined ? null : (parseDay(said) ?? dayIn(timeZone, new Date(said)))
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text) && !isNaN(Date.parse(text))
}

function timeIn(timeZone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }).format(
    moment,
  )
}

function refusedAt(code: Issue['code'], at: string, says: string) {
  return refused([{ code, at, says }] as const)
}
