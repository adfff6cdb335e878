// Each night: counts how often suggestions are taken, and tells advisers once that last month's choices are there.

import { addMonths, momentIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { usualMinimum } from '#platform/suppression.ts'
import { countChoices } from './choices.ts'
import { choicesMail } from './choices.mails.ts'
import { advisersToTell, choicesSince, insertChoiceNote, replaceChoiceFigures } from './choices.store.ts'

export const choicesJob = 'matching.choices'
export const noteJob = 'matching.choice_notes'

/** This month and the twelve before it: a year to compare with. */
export const countedMonths = 13

export const choiceJobs: readonly TransactionJob[] = [
  { name: choicesJob, schedule: '55 2 * * *', run: (work) => countChoiceFigures(work) },
  // In the morning, and each day anew: a server that stood still on the first tells on the second.
  { name: noteJob, schedule: '30 6 * * *', run: tellAdvisers },
]

/** Counts all figures of the network anew. Runs as the job. */
export async function countChoiceFigures({ db, network, today, now }: Work, minimum = usualMinimum): Promise<void> {
  const last = firstOf(today)
  const first = addMonths(last, 1 - countedMonths)
  const choices = await choicesSince(db, momentIn(network.timeZone, first, '00:00'), network.timeZone)
  const count = { countedAt: now, firstMonth: first.slice(0, 7), lastMonth: last.slice(0, 7), minimum }
  await replaceChoiceFigures(db, network.id, { figures: countChoices(choices, minimum), count })
}

/** One mail an adviser and month, and only to those who chose something in it. */
export async function tellAdvisers(work: Work): Promise<void> {
  const { db, network, today, now } = work
  const end = firstOf(today)
  const month = addMonths(end, -1)
  const [from, to] = [month, end].map((day) => momentIn(network.timeZone, day, '00:00'))
  for (const { id, email, locale } of await advisersToTell(db, { month, from: from!, to: to! })) {
    const noteId = await insertChoiceNote(db, network.id, { staffId: id, month, now })
    await work.mail({ kind: choicesMail, to: email, locale, ids: { noteId } })
  }
}

export function firstOf(day: CalendarDay): CalendarDay {
  const first = parseDay(`${day.slice(0, 7)}-01`)
  if (first === null) throw new Error('Each month has a first day.')
  return first
}
