// What the client is given of an appointment: what, where, when, whom they meet, how to get there, what to bring, and how to
// say that they cannot come. The same sentences on paper, in a text file and on their own page, in their language.

import { addDays, dayIn, momentIn, offsetOf } from '#platform/dates.ts'
import type { MessageValues } from '#platform/i18n/index.ts'
import type { Appointment } from '../event.ts'
import { beginsAt, endsAt } from './appointment.ts'

/** The words and formats of the letter's own language. */
export interface Speech {
  readonly locale: string
  t(key: string, values?: MessageValues): string
  day(day: Appointment['day'], style?: 'weekday'): string
  moment(moment: Date, options?: { timeZone?: string | null; style?: 'full' | 'time' }): string
  readonly words: { readonly direction: 'ltr' | 'rtl'; formatted(text: string): string }
}

/** What lies beside the appointment in free words; empty where nobody said. */
export interface WordsBeside {
  readonly directions: string
  /** How to join a call: number, link, code. */
  readonly joining: string
  readonly askFor: string
  readonly accompanying: string
  readonly bring: string
  /** Where the client rings. */
  readonly phone: string
  /** Codes of what makes the place usable. */
  readonly accessibility: readonly string[]
}

export interface LetterFacts {
  readonly reference: string
  /** Empty where it is not to be said. */
  readonly clientName: string
  readonly networkName: string
  readonly siteName: string
  readonly adviserName: string
  readonly serviceName: string
  readonly partnerName: string
  readonly appointment: Appointment
  readonly networkZone: string
  readonly beside: WordsBeside
  /** The client's own page; null where they have none. */
  readonly address: string | null
  /** The name of the interpreter's language, in the letter's. */
  readonly languageName: string | null
}

/** A line of a letter; content is what people typed, in whatever language. */
export interface LetterLine {
  readonly text: string
  readonly isContent: boolean
}

export interface LetterBlock {
  readonly heading: string
  readonly lines: readonly LetterLine[]
}

export interface ClientLetter {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  /** Null where the name is not to be said. */
  readonly greeting: string | null
  readonly blocks: readonly LetterBlock[]
  readonly foot: string
}

// messages: referrals.handover.letter.*
// messages: referrals.handover.access.*

/** The letter in the speech's language. Blocks of which nothing is known are left out. */
export function letterOf(speech: Speech, facts: LetterFacts): ClientLetter {
  const said = (key: string, values?: MessageValues) => speech.t(`referrals.handover.letter.${key}`, values)
  const blocks = [
    { heading: said('when'), lines: whenLines(speech, facts) },
    { heading: said('what'), lines: whatLines(speech, facts) },
    { heading: said('where'), lines: whereLines(speech, facts) },
    { heading: said('who'), lines: whoLines(speech, facts) },
    { heading: said('way'), lines: wayLines(speech, facts) },
    { heading: said('interpreter'), lines: interpreterLines(speech, facts) },
    { heading: said('with_you'), lines: content(facts.beside.accompanying) },
    { heading: said('bring'), lines: content(facts.beside.bring) },
    { heading: said('cannot_come'), lines: cannotComeLines(speech, facts) },
  ]
  return {
    locale: speech.locale,
    direction: speech.words.direction,
    title: said('title'),
    greeting: facts.clientName === '' ? null : said('greeting', { name: facts.clientName }),
    blocks: blocks.filter(({ lines }) => lines.length > 0),
    foot: said('foot', { site: facts.siteName, network: facts.networkName, reference: facts.reference }),
  }
}

/** The letter as a plain text file: for a screen reader, a message, or a printer that knows no more. */
export function letterText(letter: ClientLetter): string {
  const blocks = letter.blocks.map(({ heading, lines }) =>
    [heading, ...lines.map(({ text }) => `  ${text}`)].join('\n'),
  )
  const text = [letter.title, letter.greeting, ...blocks, letter.foot].filter((part) => part !== null).join('\n\n')
  // Old programs on Windows show a file as one line without it.
  return `${text}\n`.replaceAll('\n', '\r\n')
}

/** Day and time in one line each, and the reader's own time where the clocks differ. */
function whenLines(speech: Speech, { appointment, networkZone }: LetterFacts): readonly LetterLine[] {
  const lines = [own(speech.day(appointment.day, 'weekday'))]
  const [begins, ends] = [beginsAt(appointment, networkZone), endsAt(appointment, networkZone)]
  if (begins === null || ends === null) return [...lines, own(speech.t('referrals.handover.letter.time_later'))]
  const timeZone = appointment.zone ?? networkZone
  const isElsewhere = timeZone !== networkZone
  // Said where it could be doubted: elsewhere, and on a day when the clocks change.
  const zone = isElsewhere || changesClocks(appointment, timeZone) ? zoneName(speech, timeZone, begins) : null
  const time = (moment: Date, zoneOf: string) => speech.moment(moment, { timeZone: zoneOf, style: 'time' })
  const values = {
    begins: time(begins, timeZone),
    ends: time(ends, timeZone),
    hasEnd: appointment.minutes === null ? 'no' : 'yes',
    zone,
    hasZone: zone === null ? 'no' : 'yes',
  }
  lines.push(own(speech.t('referrals.handover.letter.time', values)))
  if (!isElsewhere || time(begins, timeZone) === time(begins, networkZone)) return lines
  const here = { time: time(begins, networkZone), day: speech.day(dayIn(networkZone, begins), 'weekday') }
  return [...lines, own(speech.t('referrals.handover.letter.time_here', here))]
}

function whatLines(speech: Speech, { serviceName, partnerName, appointment }: LetterFacts): readonly LetterLine[] {
  return [
    own(speech.t('referrals.handover.letter.service', { service: serviceName, partner: partnerName })),
    own(speech.t(`referrals.handover.letter.means_${appointment.means}`)),
  ]
}

function whereLines(speech: Speech, { appointment, beside }: LetterFacts): readonly LetterLine[] {
  if (appointment.means !== 'in_person') return content(beside.joining || appointment.place)
  if (appointment.place === '') return [own(speech.t('referrals.handover.letter.place_later'))]
  return content(appointment.place)
}

function whoLines(speech: Speech, { appointment, beside, adviserName }: LetterFacts): readonly LetterLine[] {
  const said = (key: string, name: string) =>
    name === '' ? [] : [own(speech.t(`referrals.handover.letter.${key}`, { name }))]
  return [
    ...said('you_meet', appointment.meeting),
    ...said('ask_for', beside.askFor),
    ...(appointment.isHandover ? said(`adviser_${appointment.means}`, adviserName) : []),
  ]
}

function wayLines(speech: Speech, { appointment, beside }: LetterFacts): readonly LetterLine[] {
  if (appointment.means !== 'in_person') return []
  return [
    ...content(beside.directions),
    ...beside.accessibility.map((code) => own(speech.t(`referrals.handover.access.${code}`))),
  ]
}

function interpreterLines(speech: Speech, { appointment, languageName }: LetterFacts): readonly LetterLine[] {
  const { state } = appointment.interpreter
  if (state === 'not_needed') return []
  const values = { language: languageName, hasLanguage: languageName === null ? 'no' : 'yes' }
  return [own(speech.t(`referrals.handover.letter.interpreter_${state}`, values))]
}

function cannotComeLines(speech: Speech, { beside, address }: LetterFacts): readonly LetterLine[] {
  const lines = [own(speech.t('referrals.handover.letter.tell_us'))]
  if (beside.phone !== '') lines.push(own(speech.t('referrals.handover.letter.ring', { phone: beside.phone })))
  if (address !== null) lines.push(own(speech.t('referrals.handover.letter.page')), { text: address, isContent: true })
  return [...lines, own(speech.t('referrals.handover.letter.nothing_bad'))]
}

function own(text: string): LetterLine {
  return { text, isContent: false }
}

function content(text: string): readonly LetterLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ text: line.trim(), isContent: true }))
}

/** Whether the zone's clocks change on this day. */
function changesClocks({ day }: Appointment, timeZone: string): boolean {
  const atMidnight = (of: Appointment['day']) => offsetOf(timeZone, momentIn(timeZone, of, '00:00'))
  return atMidnight(day) !== atMidnight(addDays(day, 1))
}

/** "Central European Summer Time", in the letter's language. */
function zoneName(speech: Speech, timeZone: string, moment: Date): string {
  // The pseudo-locale borrows the formats of English.
  const locale = /^en$|-X[AB]$/.test(speech.locale) ? 'en-GB' : speech.locale
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(moment)
  return speech.words.formatted(parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone)
}
