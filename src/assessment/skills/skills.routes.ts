// A client's jobs and skills: told in their own words, found among occupations, ticked, and compared with a job aimed at.

import { z } from 'zod'
import { idsOfFile, inFile, type Client } from '#clients/index.ts'
import {
  namedOccupations,
  namedSkills,
  searchOccupations,
  skillsOfOccupation,
  type NeededSkill,
  type Occupation,
  type OccupationId,
} from '#occupations/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  textsOf,
  type Answer,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { Db } from '#platform/db/index.ts'
import { jobFacts } from './job-facts.scene.ts'
import { chooseOccupationPage } from './pages/choose-occupation.page.ts'
import { jobPage } from './pages/job.page.ts'
import { skillsPage, type StaffNames } from './pages/skills.page.ts'
import { tickPage, tickSize } from './pages/tick.page.ts'
import { drawnEntry, readEntry } from './skills.form.ts'
import { entryKinds, told, type SkillEntry, type SkillEntryId } from './skill-entry.ts'
import { addSkillEntry, removeSkillEntry, replaceSkillEntry, skillEntriesOf } from './skills.store.ts'

export interface SkillHooks {
  /** Names of staff; assessment knows only their ids. */
  readonly staffNames: (db: Db) => Promise<ReadonlyMap<string, string>>
}

const roles = ['adviser', 'manager'] as const
const ofClient = { roles, params: z.object({ id: idOf<'client'>() }) }
const ofEntry = { roles, params: z.object({ id: idOf<'client'>(), entry: idOf<'skill_entry'>() }) }

export function skillRoutes(routes: Routes, hooks: SkillHooks): void {
  listRoutes(routes, hooks)
  occupationRoutes(routes)
  tickRoutes(routes)
}

function listRoutes(routes: Routes, { staffNames }: SkillHooks): void {
  routes.staff('GET', '/clients/:id/skills', ofClient, (scene, { params }) =>
    inFile(scene, params.id, async (client) => listed(scene, client, { staffNames: await staffNames(scene.db) })),
  )

  routes.staff('POST', '/clients/:id/skills', ofClient, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const kind = entryKinds.find((each) => each === textOf(body, 'kind')) ?? notFound()
      const read = readEntry(kind, body)
      if (!read.ok)
        return listed(scene, client, { staffNames: await staffNames(scene.db), body, kind, problems: read.problem })
      const id = drawnEntry(body)
      const added = await addSkillEntry(scene.db, handOf(scene), client, { ...read.value, ...(id ? { id } : {}) })
      if (added) await noteChange(scene, client, added, 'added')
      const isJob = kind === 'job_held' || kind === 'job_aim'
      if (isJob && (added ?? id)) return redirect(`${hrefOf(client)}/${added ?? id}/occupation`)
      return redirect(hrefOf(client), scene.t(added ? 'assessment.skills.saved' : 'assessment.skills.there_already'))
    }),
  )

  routes.staff('POST', '/clients/:id/skills/:entry/remove', ofEntry, (scene, { params }) =>
    withEntry(scene, params, async ({ client, entry }) => {
      if (await removeSkillEntry(scene.db, handOf(scene), entry.id))
        await noteChange(scene, client, entry.id, 'removed')
      return redirect(hrefOf(client), scene.t('assessment.skills.taken_back'))
    }),
  )

  routes.staff('GET', '/clients/:id/skills/:entry', ofEntry, (scene, { params }) =>
    withJob(scene, params, async ({ client, entry, entries, occupation, skills }) => {
      const facts = await jobFacts(scene, client, { entries, occupation, skills })
      return page('assessment/skills/pages/job.njk', jobPage(scene, client, { entry, occupation, facts }))
    }),
  )
}

function occupationRoutes(routes: Routes): void {
  const query = z.object({ q: z.string().max(200).optional() })
  routes.staff(
    'GET',
    '/clients/:id/skills/:entry/occupation',
    { ...ofEntry, query },
    (scene, { params, query: { q } }) =>
      withEntry(scene, params, async ({ client, entry }) => {
        if (!isJob(entry)) return notFound()
        const typed = q?.trim() || entry.words
        const found = await searchOccupations(scene.db, typed, { wished: [scene.locale] })
        return page(
          'assessment/skills/pages/choose-occupation.njk',
          chooseOccupationPage(scene, client, { entry, typed, found }),
        )
      }),
  )

  routes.staff('POST', '/clients/:id/skills/:entry/occupation', ofEntry, (scene, { params, body }) =>
    withEntry(scene, params, async ({ client, entry }) => {
      if (!isJob(entry)) return notFound()
      const chosen = textOf(body, 'occupation')
      if (chosen === 'none') return redirect(hrefOf(client), scene.t('assessment.skills.kept_words'))
      const [occupation] = (await namedOccupations(scene.db, idsIn([chosen]), [scene.locale])).values()
      if (!occupation) {
        const typed = textOf(body, 'q') || entry.words
        const found = await searchOccupations(scene.db, typed, { wished: [scene.locale] })
        const problems = [{ field: 'occupation', key: 'assessment.skills.occupation_missing' }]
        const again = chooseOccupationPage(scene, client, { entry, typed, found, problems })
        return page('assessment/skills/pages/choose-occupation.njk', again, { status: 400 })
      }
      const id = await chooseOccupation(scene, client, entry, occupation.id)
      return redirect(`${hrefOf(client)}/${id}${entry.kind === 'job_held' ? '/tick' : ''}`)
    }),
  )
}

function tickRoutes(routes: Routes): void {
  const query = z.object({ from: z.coerce.number().int().min(0).max(10_000).catch(0) })
  routes.staff('GET', '/clients/:id/skills/:entry/tick', { ...ofEntry, query }, (scene, { params, query: { from } }) =>
    withJob(scene, params, async (job) => {
      const start = from < job.skills.length ? from : 0
      return page('assessment/skills/pages/tick.njk', tickPage(scene, job.client, { ...job, from: start }))
    }),
  )

  routes.staff(
    'POST',
    '/clients/:id/skills/:entry/tick',
    { ...ofEntry, query },
    (scene, { params, query: { from }, body }) =>
      withJob(scene, params, async (job) => {
        const { client, entry, entries, skills } = job
        await saveTicks(scene, client, { entry, entries, shown: skills.slice(from, from + tickSize), body })
        const next = from + tickSize
        const isMore = textOf(body, 'next') === 'more' && next < skills.length
        if (isMore) return redirect(`${hrefOf(client)}/${entry.id}/tick?from=${next}`)
        const done = entry.kind === 'job_aim' ? `${hrefOf(client)}/${entry.id}` : hrefOf(client)
        return redirect(done, scene.t('assessment.skills.saved'))
      }),
  )
}

interface Ticks {
  readonly entry: SkillEntry
  readonly entries: readonly SkillEntry[]
  readonly shown: readonly NeededSkill[]
  readonly body: FormBody
}

/** What is ticked of the skills shown is on the list, and what is not is taken back; others stay. */
async function saveTicks(scene: Scene, client: Client, { entry, entries, shown, body }: Ticks): Promise<void> {
  const ticked = new Set(textsOf(body, 'skill'))
  const hand = handOf(scene)
  for (const skill of shown) {
    const there = entries.filter(({ skillId, removedAt }) => skillId === skill.id && removedAt === null)
    if (ticked.has(skill.id) && there.length === 0) {
      const added = await addSkillEntry(scene.db, hand, client, {
        ...told('skill', skill.name, { skillId: skill.id, about: entry.id }),
      })
      if (added) await noteChange(scene, client, added, 'added')
    }
    if (ticked.has(skill.id)) continue
    for (const one of there)
      if (await removeSkillEntry(scene.db, hand, one.id)) await noteChange(scene, client, one.id, 'removed')
  }
}

async function chooseOccupation(
  scene: Scene,
  client: Client,
  earlier: SkillEntry,
  occupationId: OccupationId,
): Promise<SkillEntryId> {
  if (earlier.occupationId === occupationId) return earlier.id
  const { kind, words, years, place } = earlier
  const now = told(kind, words, { years, place, occupationId })
  const id = await replaceSkillEntry(scene.db, handOf(scene), client, { earlier, now })
  await noteChange(scene, client, id, 'changed')
  return id
}

interface Opened {
  readonly client: Client
  readonly entry: SkillEntry
  readonly entries: readonly SkillEntry[]
}

type Params = { readonly id: Client['id']; readonly entry: SkillEntryId }

/** Opens the file and finds the entry in it, as it stands: an old address leads to what took its place. */
async function withEntry(scene: Scene, { id, entry: wanted }: Params, work: (opened: Opened) => Promise<Answer>) {
  return inFile(scene, id, async (client) => {
    const entries = await skillEntriesOf(scene.db, await idsOfFile(scene.db, client.id))
    let entry = entries.find((one) => one.id === wanted) ?? notFound()
    // Each replaces an earlier one: the chain ends.
    for (
      let later: SkillEntry | undefined = entry;
      later;
      later = entries.find(({ replaces }) => replaces === entry.id)
    )
      entry = later
    if (entry.removedAt !== null) return redirect(hrefOf(client), scene.t('assessment.skills.taken_back_before'))
    return work({ client, entry, entries })
  })
}

/** The same for a job whose occupation is known, with the skills of it; without one it must first be chosen. */
async function withJob(
  scene: Scene,
  params: Params,
  work: (job: Opened & { readonly occupation: Occupation; readonly skills: readonly NeededSkill[] }) => Promise<Answer>,
): Promise<Answer> {
  return withEntry(scene, params, async (opened) => {
    const { client, entry } = opened
    if (!isJob(entry)) return notFound()
    if (entry.occupationId === null) return redirect(`${hrefOf(client)}/${entry.id}/occupation`)
    const wished = [scene.locale]
    const occupation = (await namedOccupations(scene.db, [entry.occupationId], wished)).get(entry.occupationId)
    if (!occupation) throw new Error('An occupation that a file names is not there.')
    return work({ ...opened, occupation, skills: await skillsOfOccupation(scene.db, occupation.id, wished) })
  })
}

type Listing = Omit<Parameters<typeof skillsPage>[2], 'entries' | 'occupations' | 'skills'> & {
  readonly staffNames: StaffNames
}

async function listed(scene: Scene, client: Client, listing: Listing): Promise<Answer> {
  const entries = await skillEntriesOf(scene.db, await idsOfFile(scene.db, client.id))
  const ids = entries.flatMap(({ occupationId }) => occupationId ?? [])
  const occupations = await namedOccupations(scene.db, ids, [scene.locale])
  const ticked = entries.flatMap(({ skillId }) => skillId ?? [])
  const skills = await namedSkills(scene.db, ticked, [scene.locale])
  const model = skillsPage(scene, client, { ...listing, entries, occupations, skills })
  return page('assessment/skills/pages/skills.njk', model, { status: listing.problems ? 400 : 200 })
}

async function noteChange(scene: Scene, client: Client, id: SkillEntryId, what: 'added' | 'changed' | 'removed') {
  await scene.record(`assessment.skill_${what}`, { clientId: client.id, subjectId: id })
}

function isJob({ kind }: SkillEntry): boolean {
  return kind === 'job_held' || kind === 'job_aim'
}

function idsIn(texts: readonly string[]): readonly OccupationId[] {
  return texts.flatMap((text) => {
    const read = idOf<'occupation'>().safeParse(text)
    return read.success ? [read.data] : []
  })
}

function handOf(scene: Scene) {
  return { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
}

function hrefOf(client: Pick<Client, 'id'>): string {
  return `/clients/${client.id}/skills`
}
