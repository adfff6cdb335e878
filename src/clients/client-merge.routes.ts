// Merging files that prove to be one, and undoing it.

import { z } from 'zod'
import {
  idOf,
  notFound,
  page,
  readForm,
  redirect,
  type Answer,
  type FormBody,
  type Routes,
  type Scene,
  type Work,
} from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { mergesInto } from './client-access.store.ts'
import { accessChanged, backToFile } from './after-change.scene.ts'
import { mergeFiles, unmergeFiles } from './client-file.store.ts'
import type { ClientHooks } from './client-hooks.ts'
import { duplicateCandidates, searchClients } from './client-search.store.ts'
import type { Client } from './client.ts'
import { findAsItWas, findClient } from './clients.store.ts'
import { likelyDuplicates } from './duplicate.ts'
import { inFile } from './open-file.guard.ts'
import { confirmMergePage, mergePage } from './pages/merge.page.ts'
import { handOf, surroundingsOf } from './surroundings.scene.ts'

const roles = ['adviser', 'manager'] as const
const finding = {
  params: z.object({ id: idOf<'client'>() }),
  query: z.object({ q: z.string().max(200).catch('') }),
  roles,
}
const ofPair = { params: z.object({ id: idOf<'client'>(), other: idOf<'client'>() }), roles }
const ofMerge = { params: z.object({ id: idOf<'client'>(), merge: idOf<'client_merge'>() }), roles }

// messages: clients.merge.same_file
// messages: clients.merge.already_merged
// messages: clients.merge.nobody_left
// messages: clients.merge.changed_meanwhile

export function mergeRoutes(routes: Routes, hooks: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/merge', finding, (scene, { params, query }) =>
    inFile(scene, params.id, (client) => showCandidates(scene, client, query.q.trim())),
  )

  routes.staff('GET', '/clients/:id/merge/:other', ofPair, (scene, { params }) =>
    inBoth(scene, params, async (client, other) => {
      const surroundings = await surroundingsOf(scene)
      return page('clients/pages/confirm-merge.njk', confirmMergePage(scene, client, { other, surroundings }))
    }),
  )

  routes.staff('POST', '/clients/:id/merge/:other', ofPair, (scene, { params, body }) =>
    inBoth(scene, params, (client, other) => merge(scene, { client, other, body }, hooks)),
  )

  routes.staff('POST', '/clients/:id/merges/:merge/undo', ofMerge, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const standing = (await mergesInto(scene.db, client.id)).find(({ id }) => id === params.merge) ?? notFound()
      const parted = await unmergeFiles(scene.db, handOf(scene), client, standing)
      if (!parted.ok) return redirect(`/clients/${client.id}/merge`, scene.t('clients.merge.changed_meanwhile'))
      const free = (await findAsItWas(scene.db, standing.absorbedId)) ?? notFound()
      await accessChanged(scene, parted.value, hooks)
      await accessChanged(scene, free, hooks)
      await scene.record('client.unmerged', { clientId: client.id, subjectId: free.id })
      return backToFile(client, scene.t('clients.merge.undone', { reference: free.reference }))
    }),
  )
}

async function showCandidates(scene: Scene, client: Client, q: string): Promise<Answer> {
  const found =
    q === ''
      ? likelyDuplicates(
          client,
          (await duplicateCandidates(scene.db, client)).filter(({ id }) => id !== client.id),
        ).map(({ file }) => file)
      : (await searchClients(scene.db, q)).filter(({ id }) => id !== client.id)
  const merges = await mergesInto(scene.db, client.id)
  const absorbed = await Promise.all(merges.map((one) => findAsItWas(scene.db, one.absorbedId)))
  const surroundings = await surroundingsOf(scene)
  const files = absorbed.filter((file) => file !== undefined)
  return page('clients/pages/merge.njk', mergePage(scene, client, { q, found, merges, absorbed: files, surroundings }))
}

/** Both files are opened: each asks its reason and leaves its trace. */
async function inBoth(
  scene: Scene,
  { id, other }: { id: ClientId; other: ClientId },
  work: (client: Client, other: Client) => Promise<Answer>,
): Promise<Answer> {
  return inFile(scene, id, (client) => inFile(scene, other, (second) => work(client, second)))
}

interface Merging {
  readonly client: Client
  readonly other: Client
  readonly body: FormBody
}

async function merge(scene: Scene, { client, other, body }: Merging, hooks: ClientHooks<Work>): Promise<Answer> {
  const form = readForm(z.object({ survivor: idOf<'client'>() }), body)
  const pair =
    form.ok && form.value.survivor === other.id
      ? { survivor: other, absorbed: client }
      : { survivor: client, absorbed: other }
  const merged = await mergeFiles(scene.db, handOf(scene), pair)
  if (!merged.ok) {
    const problems = [{ field: 'survivor', key: `clients.merge.${merged.problem}` }]
    const again = confirmMergePage(scene, client, { other, surroundings: await surroundingsOf(scene), problems })
    return page('clients/pages/confirm-merge.njk', again, { status: 400 })
  }
  const survivor = (await findClient(scene.db, pair.survivor.id)) ?? notFound()
  await accessChanged(scene, survivor, hooks)
  await scene.record('client.merged', { clientId: survivor.id, subjectId: pair.absorbed.id })
  return backToFile(survivor, scene.t('clients.merge.done', { reference: pair.absorbed.reference }))
}
