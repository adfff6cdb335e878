// Three hundred invented clients: registered over the past months, most of them assessed.

import {
  completeAnswers,
  findAssessment,
  offeredInstruments,
  saveDraft,
  startAssessment,
  type StoredInstrument,
} from '#assessment/index.ts'
import { insertDisclosure, registerClient, type AccessNeed, type Client } from '#clients/index.ts'
import type { Facts } from '#directory/index.ts'
import type { Random } from '#numerics/index.ts'
import { openEpisode } from '#outcomes/index.ts'
import { addDays, dayFrom, momentIn, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { answersTo } from './answers.ts'
import { drawName, drawPhone } from './names.ts'
import { drawFacts } from './people.ts'
import { areaOf } from './region.ts'
import type { DemoColleague } from './staff.ts'

export interface DemoClient {
  readonly client: Client
  readonly facts: Facts
  readonly assessedOn: CalendarDay | null
  readonly adviser: DemoColleague
}

/** The work of one past day: the same transaction, seen from then. */
export function workOn(work: Work, day: CalendarDay, time = '10:00'): Work {
  return { ...work, now: momentIn(work.network.timeZone, day, time), today: day }
}

/** Registers and assesses the clients; the same random stream gives the same people. */
export async function fillClients(
  work: Work,
  random: Random,
  { staff, count }: { staff: readonly DemoColleague[]; count: number },
): Promise<DemoClient[]> {
  const advisers = staff.filter((colleague) => colleague.roles.includes('adviser'))
  const instruments = await offeredInstruments(work.db)
  const made: DemoClient[] = []
  for (let n = 0; n < count; n++) {
    // The first few belong to the adviser who signs in, so that there is work on the first page.
    const adviser = n < 30 ? advisers[0]! : advisers[random.below(advisers.length)]!
    const registeredOn = addDays(work.today, -1 - Math.floor(150 * random.uniform() ** 1.4))
    made.push(
      await fillClient(workOn(work, registeredOn), random, {
        adviser,
        instruments,
        isAssessed: random.uniform() < 0.92,
      }),
    )
  }
  return made
}

interface Circumstance {
  readonly adviser: DemoColleague
  readonly instruments: readonly StoredInstrument[]
  readonly isAssessed: boolean
}

async function fillClient(
  work: Work,
  random: Random,
  { adviser, instruments, isAssessed }: Circumstance,
): Promise<DemoClient> {
  const facts = drawFacts(random)
  const { given, family } = drawName(random, facts.sex)
  const area = areaOf(String(facts.residence_area))
  const needsInterpreter = ['none', 'A1'].includes(String(facts.language_level))
  const language =
    facts.born_abroad === true ? (['ar', 'uk', 'fa', 'pl', 'so', 'ti', 'pt', 'tr'][random.below(8)] ?? 'ar') : 'en'
  const hand = { networkId: work.network.id, staffId: adviser.id, now: work.now }
  const hasPhone = random.uniform() < 0.93
  const client = await registerClient(work.db, hand, {
    person: {
      name: given,
      familyName: family,
      birthDate: birthDayOf(Number(facts.age), work.today, random),
      phones: hasPhone ? [drawPhone(random).replaceAll(' ', '')] : [],
      email: null,
      reachedBy: hasPhone ? ['phone'] : ['in_person'],
      language,
      script: null,
      needsInterpreter,
      accessNeeds: drawAccessNeeds(random, facts),
      accessWords: null,
      address: null,
      residenceArea: area.code,
      position: {
        latitude: area.latitude + 0.02 * (random.uniform() - 0.5),
        longitude: area.longitude + 0.02 * (random.uniform() - 0.5),
      },
    },
    siteId: adviser.siteIds[random.below(adviser.siteIds.length)]!,
    adviserId: adviser.id,
  })
  const disclosed = {
    sex: String(facts.sex),
    born_abroad: facts.born_abroad === true ? 'yes' : 'no',
    disability: facts.disability === true ? 'yes' : 'no',
  } as const
  for (const [kind, value] of Object.entries(disclosed)) {
    if (random.uniform() < 0.85)
      await insertDisclosure(work.db, hand, client, { kind: kind as keyof typeof disclosed, value })
  }
  if (!isAssessed) return { client, facts, assessedOn: null, adviser }
  await assess(work, { client, facts, instruments, areaName: area.name, hand })
  await openEpisode(work, { clientId: client.id, assessmentId: null, day: work.today, facts })
  return { client, facts, assessedOn: work.today, adviser }
}

interface Assessing {
  readonly client: Client
  readonly facts: Facts
  readonly instruments: readonly StoredInstrument[]
  readonly areaName: string
  readonly hand: {
    readonly networkId: Work['network']['id']
    readonly staffId: DemoColleague['id']
    readonly now: Date
  }
}

async function assess(work: Work, { client, facts, instruments, areaName, hand }: Assessing): Promise<void> {
  for (const instrument of instruments) {
    const answers = answersTo(instrument.instrument.url.split(':').at(-1) ?? '', facts, areaName)
    if (!answers) continue
    const start = { instrument, manner: 'in_person', language: 'en', answeredOn: work.today } as const
    const id = await startAssessment(work.db, hand, client, start)
    const started = await findAssessment(work.db, id)
    if (!started) throw new Error('An assessment of the demonstration could not be read back.')
    await saveDraft(work.db, hand, started, { answers, page: 'all' })
    const drafted = await findAssessment(work.db, id)
    if (drafted) await completeAnswers(work.db, hand, drafted, work.today)
  }
}

function birthDayOf(age: number, today: CalendarDay, random: Random): CalendarDay | null {
  const year = Number(today.slice(0, 4)) - age - 1
  return dayFrom(year, 1 + random.below(12), 1 + random.below(28))
}

function drawAccessNeeds(random: Random, facts: Facts): readonly AccessNeed[] {
  const wanted: [AccessNeed, number][] = [
    ['step_free', facts.disability === true ? 0.4 : 0.02],
    ['large_print', Number(facts.age) > 50 ? 0.12 : 0.02],
    ['hearing_loop', 0.02],
    ['quiet_space', facts.disability === true ? 0.2 : 0.03],
  ]
  return wanted.filter(([, share]) => random.uniform() < share).map(([need]) => need)
}
