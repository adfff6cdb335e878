// Giving a file to another adviser or site.

import { z } from 'zod'
import {
  idOf,
  noProblems,
  readForm,
  textOf,
  type FieldProblem,
  type FormBody,
  type Scene,
} from '#platform/http/index.ts'
import type { SiteId, StaffId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Client } from '../client.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'

const reassignForm = z.object({
  siteId: idOf<'site'>(),
  adviserId: z.union([z.literal('').transform(() => null), idOf<'staff'>()]),
})

/** Only an active site and an adviser who has not left may be chosen, and someone at the one site or the other chooses. */
export function readReassignment(
  body: FormBody,
  { client, surroundings, siteIds }: { client: Client; surroundings: Surroundings; siteIds: readonly SiteId[] },
): Result<{ siteId: SiteId; adviserId: StaffId | null }, FieldProblem[]> {
  const form = readForm(reassignForm, body)
  if (!form.ok) return form
  const { siteId, adviserId } = form.value
  const isSite = siteId === client.siteId || surroundings.sites.some((site) => site.id === siteId)
  if (!isSite) return refused([{ field: 'siteId', key: 'clients.reassign.no_such_site' }])
  const isAdviser = adviserId === null || surroundings.advisers.some(({ id }) => id === adviserId)
  if (!isAdviser) return refused([{ field: 'adviserId', key: 'clients.reassign.no_such_adviser' }])
  const isOwn = siteIds.includes(client.siteId) || siteIds.includes(siteId)
  return isOwn ? ok({ siteId, adviserId }) : refused([{ field: 'siteId', key: 'clients.reassign.not_own_site' }])
}

interface Reassigning {
  readonly surroundings: Surroundings
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function reassignPage(scene: Scene, client: Client, { surroundings, body = {}, problems = [] }: Reassigning) {
  const site = textOf(body, 'siteId') || client.siteId
  const adviser = 'adviserId' in body ? textOf(body, 'adviserId') : (client.adviserId ?? '')
  return {
    title: scene.t('clients.reassign.title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/reassign`,
    sites: surroundings.sites.map(({ id, name }) => ({ value: id, text: name, selected: id === site })),
    advisers: [
      { value: '', text: scene.t('clients.nobody'), selected: adviser === '' },
      ...surroundings.advisers.map(({ id, name, siteIds }) => ({
        value: id,
        text: siteIds.length > 0 ? `${name} (${siteIds.map((at) => surroundings.siteName(at)).join(', ')})` : name,
        selected: id === adviser,
      })),
    ],
  }
}
