// Works a comparison out: reads who is in question, solves outside any transaction, keeps what came of it.

import type { Kysely } from 'kysely'
import { groupFactsOfAll, type GroupFacts } from '#clients/index.ts'
import { runTasks } from '#compute/index.ts'
import { estimatesForClient, type ModelId } from '#evidence/index.ts'
import { dayIn, daysBetween, yearsBetween, type CalendarDay } from '#platform/dates.ts'
import { inScope, type Database, type Db } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { JobData } from '#platform/jobs/queue.ts'
import type { Job } from '#platform/jobs/worker.ts'
import {
  chancesByLot,
  orderByLot,
  orderByWaiting,
  pairsFor,
  placeInOrder,
  rules,
  type Given,
  type Question,
  type Rule,
  type Suitor,
} from './allocation.ts'
import {
  failAllocation,
  findAllocation,
  forgetAllocations,
  keepComparison,
  type Allocation,
} from './allocations.store.ts'
import { figuresOf, groupsOf, worseOffOf, type Comparison, type Grouping, type LeftOut } from './comparison.ts'
import { candidatesFor, type Candidate } from './suitors.store.ts'
import type * as transport from './transport.tasks.ts'

export const allocateJob = 'matching.allocate'

/** Recommendations of a year count: an older one says little of a person today. */
const daysOfRecommendations = 365
/** Comparisons that nobody proposed are forgotten after so many days. */
const daysKept = 60

export interface AllocationTools {
  readonly kysely: Kysely<Database>
  readonly networks: { byId(id: string): Promise<Network | null> }
  readonly now: () => Date
}

export function allocationJobs(tools: AllocationTools): readonly Job[] {
  return [
    // One try: who asked sees that it failed, and asks again with fewer services.
    { name: allocateJob, isLong: true, tries: 1, run: (data: JobData) => allocate(tools, data) },
    {
      name: 'matching.forget_allocations',
      schedule: '50 3 * * *',
      run: ({ db, now }: Work) => forgetAllocations(db, new Date(now.getTime() - daysKept * 86_400_000)),
    },
  ]
}

async function allocate({ kysely, networks, now }: AllocationTools, data: JobData): Promise<void> {
  const id = parseId<'allocation'>(data.allocationId)
  const network = await networks.byId(data.networkId)
  if (!id || !network) throw new Error('An allocation was asked for without saying which.')
  const act = <T>(work: (db: Db) => Promise<T>) => inScope(kysely, { role: 'job', networkId: network.id }, work)
  const asked = await act((db) => findAllocation(db, id))
  if (asked?.state !== 'waiting') return
  try {
    const read = await act((db) => readSuitors(db, asked, network))
    const given = await giveByEveryRule(read.suitors, asked.question)
    const chances = chancesByLot(read.suitors, placesOf(asked.question), asked.question.seed)
    const comparison = compare(read, given)
    const clients = read.suitors.map((suitor, at) => ({
      suitor,
      got: gotBy(given, asked.question, { at, chance: chances[at]! }),
    }))
    await act((db) => keepComparison(db, network.id, { id, now: now(), modelId: read.modelId, comparison, clients }))
  } catch (error) {
    await act((db) => failAllocation(db, id, now()))
    throw error
  }
}

interface Read {
  readonly suitors: readonly Suitor[]
  readonly groups: readonly Readonly<Record<Grouping, string>>[]
  readonly leftOut: Readonly<Record<LeftOut, number>>
  readonly estimatedAnew: number
  readonly modelId: ModelId | null
}

async function readSuitors(db: Db, asked: Allocation, network: Network): Promise<Read> {
  const { question, madeAt, siteIds, madeBy } = asked
  const today = dayIn(network.timeZone, madeAt)
  const all = await candidatesFor(db, {
    ...{ siteIds, askedBy: madeBy },
    services: question.services.map(({ id }) => id),
    types: question.serviceTypes,
    since: new Date(madeAt.getTime() - daysOfRecommendations * 86_400_000),
  })
  const { rankedBy, modelId } = await estimatesForClient(db, {})
  const facts = await groupFactsOfAll(db)
  const leftOut = { no_recommendation: 0, not_open: 0, placed: 0, chose_other: 0, too_far: 0 }
  const suitors: Suitor[] = []
  let estimatedAnew = 0
  for (const candidate of all) {
    const reason = reasonAgainst(candidate, question)
    if (reason !== null) {
      leftOut[reason]++
      continue
    }
    const isAnew = rankedBy === 'model' && candidate.recommendation?.modelId !== modelId
    if (isAnew) estimatedAnew++
    suitors.push(await suitorOf(db, candidate, { question, today, network, rankedBy, isAnew }))
  }
  const groups = suitors.map(({ clientId }) => groupValues(facts.get(clientId), today))
  return { suitors, groups, leftOut, estimatedAnew, modelId: rankedBy === 'model' ? modelId : null }
}

/** Why a client is not in question; null when they are. */
export function reasonAgainst(
  candidate: Candidate,
  question: Pick<Question, 'services' | 'onlyChosen'>,
): LeftOut | null {
  const { recommendation, isPlaced, chosen } = candidate
  if (isPlaced) return 'placed'
  if (recommendation === null) return 'no_recommendation'
  if (recommendation.open.length === 0) return 'not_open'
  const wants = chosen !== null && question.services.some(({ id }) => id === chosen)
  if (!wants && (chosen !== null || question.onlyChosen)) return 'chose_other'
  return recommendation.open.every(({ isTooFar }) => isTooFar) ? 'too_far' : null
}

async function suitorOf(
  db: Db,
  candidate: Candidate,
  {
    question,
    today,
    network,
    rankedBy,
    isAnew,
  }: { question: Question; today: CalendarDay; network: Network; rankedBy: string; isAnew: boolean },
): Promise<Suitor> {
  const { clientId, siteId, restrictedTo, recommendation, since } = candidate
  if (recommendation === null || since === null) throw new Error('Who has no recommendation is not in question.')
  const kept = isAnew ? (await estimatesForClient(db, recommendation.facts)).estimates : recommendation.estimates
  const estimates = new Map(rankedBy === 'model' ? kept.map((each) => [each.type, each]) : [])
  const options = recommendation.open.flatMap(({ id, type, minutes, isTooFar }) => {
    const service = question.services.findIndex((each) => each.id === id)
    const gain = estimates.get(type ?? '')?.gain ?? null
    return isTooFar || service < 0 ? [] : [{ service, gain, minutes }]
  })
  const first = recommendation.open.map(({ type }) => estimates.get(type ?? '')).find((each) => each !== undefined)
  return {
    ...{ clientId, siteId, restrictedTo, options },
    recommendationId: recommendation.id,
    waitingDays: Math.max(0, daysBetween(dayIn(network.timeZone, since), today)),
    chanceWithout: first?.chanceWithout ?? null,
  }
}

const placesOf = ({ services }: Question): readonly number[] => services.map(({ places }) => places)

/** What each rule gives. By estimate: HiGHS, in a thread of its own. */
async function giveByEveryRule(suitors: readonly Suitor[], question: Question): Promise<ReadonlyMap<Rule, Given>> {
  const { seed, aversion } = question
  const places = placesOf(question)
  const [gain, worseOff] = [pairsFor(suitors, 0), pairsFor(suitors, aversion)]
  const { person, service } = gain
  const answers = await runTasks<typeof transport.solveTransport>({
    ...{ module: 'allocation', name: 'solveTransport', threads: 1 },
    shared: { people: suitors.length, person, service, places: Float64Array.from(places) },
    tasks: [gain, worseOff].map(({ objectives }) => ({ objectives, seed })),
  })
  const [byGain, byNeed] = answers.map(({ chosen }) =>
    suitors.map(({ options }, at) => options.find((option) => option.service === chosen[at]) ?? null),
  )
  return new Map<Rule, Given>([
    ['first_come', placeInOrder(suitors, places, orderByWaiting(suitors, seed))],
    ['gain', byGain ?? []],
    ['worse_off', byNeed ?? []],
    ['lottery', placeInOrder(suitors, places, orderByLot(suitors.length, seed))],
  ])
}

function compare(read: Read, given: ReadonlyMap<Rule, Given>): Comparison {
  const { suitors, groups, leftOut, estimatedAnew } = read
  return {
    ...{ leftOut, estimatedAnew, inQuestion: suitors.length },
    worseOff: worseOffOf(suitors)?.size ?? null,
    withoutEstimate: suitors.filter(({ options }) => options.every(({ gain }) => gain === null)).length,
    figures: rules.map((rule) => figuresOf(rule, suitors, given.get(rule) ?? [])),
    groups: groupsOf(given, groups),
  }
}

function gotBy(given: ReadonlyMap<Rule, Given>, question: Question, { at, chance }: { at: number; chance: number }) {
  const of = (rule: Rule) => {
    const option = given.get(rule)?.[at] ?? null
    const service = option === null ? null : (question.services[option.service]?.id ?? null)
    const drawn = rule === 'lottery' ? chance : null
    return { service, gain: option?.gain ?? null, minutes: option?.minutes ?? null, chance: drawn }
  }
  return { first_come: of('first_come'), gain: of('gain'), worse_off: of('worse_off'), lottery: of('lottery') }
}

function groupValues(facts: GroupFacts | undefined, today: CalendarDay): Readonly<Record<Grouping, string>> {
  const age = facts?.birthDate && facts.birthDate <= today ? yearsBetween(facts.birthDate, today) : null
  return {
    sex: facts?.sex ?? 'unknown',
    born_abroad: facts?.bornAbroad ?? 'unknown',
    disability: facts?.disability ?? 'unknown',
    age_band: ageBand(age),
  }
}

function ageBand(age: number | null): string {
  if (age === null) return 'unknown'
  return age < 25 ? 'under_25' : age < 35 ? '25_34' : age < 45 ? '35_44' : age < 55 ? '45_54' : '55_and_over'
}
