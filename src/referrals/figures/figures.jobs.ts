// Counts the figures of the loop: each night, and when somebody asks.

import { groupFactsOfAll, type GroupFacts } from '#clients/index.ts'
import { organizationNames } from '#directory/index.ts'
import { addDays, addMonths, momentIn, parseDay, yearsBetween, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { usualMinimum } from '#platform/suppression.ts'
import { informalToldFrom } from '../informal/informal.store.ts'
import {
  ageBand,
  categoriesOf,
  countFigures,
  unknownValue,
  workingDaysOn,
  type Breakdown,
  type Counted,
} from './count.ts'
import { referralMovesSince, replaceFigures } from './figures.store.ts'
import { loopOf } from './loop.ts'

export const figuresJob = 'referrals.figures'

/** This month and the twelve before it: a year to compare with. */
const countedMonths = 13
/** A draft may lie so long before it is sent: its month is that of sending. */
const daysOfADraft = 60

export const figureJobs: readonly TransactionJob[] = [
  { name: figuresJob, schedule: '40 2 * * *', run: (work) => countReferralFigures(work) },
]

/** Counts all figures of the network anew and puts them in the place of the earlier ones. Runs as the job, in one transaction:
 *  whoever reads meanwhile reads the earlier ones. */
export async function countReferralFigures(work: Work, minimum = usualMinimum): Promise<void> {
  const { db, network, today, now } = work
  const first = firstOf(addMonths(firstOf(today), 1 - countedMonths))
  const begin = addDays(first, -daysOfADraft)
  const workingDays = workingDaysOn(begin, today, network.holidays)
  const facts = await groupFactsOfAll(db)
  const names = new Map<string, string>()
  const formal = (await referralMovesSince(db, momentIn(network.timeZone, begin, '00:00'), network.timeZone)).flatMap(
    (referral): Counted[] => {
      const loop = loopOf(referral.moves, today, workingDays)
      if (!loop || loop.sentOn < first) return []
      names.set(referral.organizationId, referral.organizationName)
      const values = valuesOf(referral, facts.get(referral.clientId), loop.sentOn)
      return [{ month: loop.sentOn.slice(0, 7), values, categories: categoriesOf(loop), stays: loop.stays }]
    },
  )
  const told = await informalToldFrom(db, first)
  const others = told.flatMap(({ organizationId }) =>
    organizationId === null || names.has(organizationId) ? [] : [organizationId],
  )
  for (const [id, name] of await organizationNames(db, [...new Set(others)])) names.set(id, name)
  const informal = told.map((told): Counted => {
    const values = valuesOf(told, facts.get(told.clientId), told.toldOn)
    return {
      month: told.toldOn.slice(0, 7),
      values,
      categories: { informal: 'told', informal_outcome: told.result },
      stays: [],
    }
  })
  const months = Array.from({ length: countedMonths }, (_, n) => addMonths(first, n).slice(0, 7))
  await replaceFigures(db, network.id, {
    figures: countFigures([...formal, ...informal], months, minimum),
    names,
    count: { countedAt: now, firstMonth: months[0]!, lastMonth: months.at(-1)!, minimum },
  })
}

function valuesOf(
  {
    siteId,
    organizationId,
    serviceType,
  }: { siteId: string; organizationId: string | null; serviceType: string | null },
  facts: GroupFacts | undefined,
  on: CalendarDay,
): Readonly<Record<Breakdown, string>> {
  return {
    site: siteId,
    partner: organizationId ?? unknownValue,
    service_type: serviceType ?? unknownValue,
    language: facts?.language ?? unknownValue,
    age_band: ageBand(facts?.birthDate && facts.birthDate <= on ? yearsBetween(facts.birthDate, on) : null),
    sex: facts?.sex ?? unknownValue,
    born_abroad: facts?.bornAbroad ?? unknownValue,
    disability: facts?.disability ?? unknownValue,
  }
}

function firstOf(day: CalendarDay): CalendarDay {
  const first = parseDay(`${day.slice(0, 7)}-01`)
  if (first === null) throw new Error('Each month has a first day.')
  return first
}
