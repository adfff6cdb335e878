// What some of the invented clients told of their jobs and skills: in line with the facts of their assessment.

import { addSkillEntry, told } from '#assessment/index.ts'
import { languageLevels, type Facts } from '#directory/index.ts'
import { searchOccupations, skillsOfOccupation, type NeededSkill, type OccupationId } from '#occupations/index.ts'
import type { Random } from '#numerics/index.ts'
import type { Work } from '#platform/http/index.ts'
import { workOn, type DemoClient } from './clients.ts'

/** Jobs by the kind of work that the assessment names, as people say them. */
const jobs: Readonly<Record<string, readonly string[]>> = {
  clerical: ['office clerk', 'receptionist', 'data entry clerk'],
  sales: ['shop assistant', 'cashier'],
  care: ['care worker', 'nursing assistant', 'child carer'],
  construction: ['construction labourer', 'painter and decorator', 'bricklayer'],
  industry: ['production worker', 'machine operator', 'welder'],
  transport: ['delivery driver', 'warehouse worker', 'lorry driver'],
  hospitality: ['cook', 'waiter', 'kitchen helper'],
  professional: ['nurse', 'accountant', 'civil engineer', 'software developer'],
}

/** What they would like, by what they did. */
const aims: Readonly<Record<string, string>> = {
  ...{ clerical: 'bookkeeper', sales: 'office clerk', care: 'nurse', construction: 'electrician', industry: 'welder' },
  ...{ transport: 'bus driver', hospitality: 'baker', professional: 'project manager', none: 'shop assistant' },
}

const tasks = ['Trained two new people', 'Ordered the materials', 'Closed up in the evening', null, null]
/** Those first registered: what the sign-in of the demonstration sees. */
const mostClients = 40

interface Job {
  readonly occupationId: OccupationId
  readonly skills: readonly NeededSkill[]
}

export async function fillSkills(work: Work, random: Random, clients: readonly DemoClient[]): Promise<void> {
  const known = new Map<string, Job | null>()
  const jobOf = async (words: string) => {
    if (!known.has(words)) known.set(words, await findJob(work, words))
    return known.get(words) ?? null
  }
  for (const one of clients.slice(0, mostClients)) {
    if (one.assessedOn === null) continue
    const group = String(one.facts.occupation_group ?? 'none')
    const held = jobs[group] ?? []
    const words = held[random.below(held.length || 1)]
    const aim = random.uniform() < 0.5 ? aims[group] : undefined
    await fillClient(workOn(work, one.assessedOn, '11:00'), random, {
      ...{ one, words, aim },
      job: words === undefined ? null : await jobOf(words),
      aimed: aim === undefined ? null : await jobOf(aim),
    })
  }
}

interface Telling {
  readonly one: DemoClient
  readonly words: string | undefined
  readonly aim: string | undefined
  readonly job: Job | null
  readonly aimed: Job | null
}

async function fillClient(work: Work, random: Random, { one, words, aim, job, aimed }: Telling): Promise<void> {
  const { client, facts, adviser } = one
  const hand = { networkId: work.network.id, staffId: adviser.id, now: work.now }
  const add = (entry: ReturnType<typeof told>) => addSkillEntry(work.db, hand, client, entry)
  if (words !== undefined) {
    const years = 1 + random.below(9)
    const about = await add(told('job_held', words, { years, occupationId: job?.occupationId ?? null }))
    for (const { id, name, relation } of job?.skills ?? [])
      if (random.uniform() < (relation === 'essential' ? 0.8 : 0.3))
        await add(told('skill', name, { skillId: id, about }))
    const task = tasks[random.below(tasks.length)]
    if (task) await add(told('task', task))
  }
  if (aim !== undefined && aim !== words) await add(told('job_aim', aim, { occupationId: aimed?.occupationId ?? null }))
  for (const entry of languagesOf(client.language, facts)) await add(entry)
  if (facts.credential_abroad === true)
    await add(
      told('credential', 'Diploma from abroad', { recognised: facts.credential_recognised === true ? 'yes' : 'no' }),
    )
}

function languagesOf(first: string | null, facts: Facts): readonly ReturnType<typeof told>[] {
  const level = languageLevels.find((each) => each === facts.language_level)
  return [
    ...(first === null || first === 'en' ? [] : [told('language', first, { level: 'C2' as const })]),
    ...(level === undefined ? [] : [told('language', 'en', { level })]),
  ]
}

async function findJob({ db }: Work, words: string): Promise<Job | null> {
  const [found] = (await searchOccupations(db, words, { wished: ['en'], most: 1 })).occupations
  return found ? { occupationId: found.id, skills: await skillsOfOccupation(db, found.id, ['en']) } : null
}
