// What somebody was told about, on the pages of others: the client's, the service's, the partner's, and Today.

import { findClients, fullName, mustGiveReason, recentClients, type Client, type TimelineItem } from '#clients/index.ts'
import { dayIn, momentIn } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import { textOf, type FieldProblem, type FormBody, type Panel, type Scene } from '#platform/http/index.ts'
import { newId, type ClientId, type OrganizationId, type ServiceId, type StaffId } from '#platform/ids.ts'
import { informalOutcomes, isOpen, mayUndo, type InformalReferral } from '../informal.ts'
import { informalAt, informalDue } from '../informal.store.ts'
import { askLabel } from '../pages/told.page.ts'
import { offeredNames } from '../told.scene.ts'

// messages: referrals.informal.outcome.*

type StaffNames = ReadonlyMap<StaffId, string>

/** What was told to a client (`informalOfClient`), and the names of those who did. */
interface Told {
  readonly all: readonly InformalReferral[]
  readonly names: StaffNames
}

/** On the client's page: the line to note another, and what was told so far. */
export async function informalPanel(scene: Scene, client: Client, told: Told): Promise<Panel> {
  return clientTold(scene, client, told)
}

/** The same, with what was typed and what is wrong with it. */
export async function clientTold(
  scene: Scene,
  client: Client,
  {
    all,
    names,
    body = {},
    problems = [],
  }: Pick<Told, 'all'> & Partial<Told> & { body?: FormBody; problems?: readonly FieldProblem[] },
): Promise<Panel> {
  return {
    template: 'referrals/informal/panels/told.njk',
    model: {
      rows: all.map((told) => ({
        ...rowOf(scene, told, `/clients/${client.id}`),
        by: names?.get(told.toldBy) ?? '',
      })),
      form:
        client.status === 'closed'
          ? null
          : {
              action: `/clients/${client.id}/told`,
              told: textOf(body, 'told') || newId<'informal_referral'>(scene.now.getTime()),
              name: textOf(body, 'name'),
              words: textOf(body, 'words'),
              isAsked: !('told' in body) || textOf(body, 'ask') !== '',
              askLabel: askLabel(scene),
              problem: scene.problems(problems).byField['name'],
              wordsProblem: scene.problems(problems).byField['words'],
              offered: await offeredNames(scene),
            },
    },
  }
}

/** On the page of a service or partner: who was told about it. Own recent clients are offered; others are found by name. */
export async function informalHerePanel(
  scene: Scene,
  of: { readonly serviceId: ServiceId } | { readonly organizationId: OrganizationId },
): Promise<Panel> {
  const back = 'serviceId' in of ? `/services/${of.serviceId}` : `/partners/${of.organizationId}`
  const latest = await informalAt(scene.db, scene.actor.id, of)
  const recent = await recentClients(scene.db, scene.actor.id)
  const clients = await findClients(
    scene.db,
    latest.map(({ clientId }) => clientId),
  )
  const rows = []
  for (const told of latest) {
    const client = clients.get(told.clientId)
    if (client && !(await mustGiveReason(scene, client)))
      rows.push({ ...rowOf(scene, told, back), name: fullName(client), href: `/clients/${client.id}` })
  }
  return {
    template: 'referrals/informal/panels/told-here.njk',
    model: {
      rows,
      action: `${back}/told`,
      told: newId<'informal_referral'>(scene.now.getTime()),
      askLabel: askLabel(scene),
      clients: [
        { value: '', text: scene.t('referrals.informal.choose_client') },
        ...recent.map((client) => ({ value: client.id, text: fullName(client) })),
      ],
    },
  }
}

/** On Today: what this person must ask now, of those whom they told and of their clients (`idsOfCaseload`), answered where it
 *  stands. Closed files are let be. */
export async function informalItems(scene: Scene, caseload: readonly ClientId[]): Promise<readonly DueItem[]> {
  const { db, actor, today } = scene
  const due = await informalDue(db, { staffId: actor.id, clientIds: caseload }, today)
  const clients = await findClients(
    db,
    due.map(({ clientId }) => clientId),
  )
  const items: DueItem[] = []
  for (const told of due) {
    const client = clients.get(told.clientId)
    if (!client || client.status === 'closed' || told.followUpOn === null) continue
    const title = (await mustGiveReason(scene, client)) ? client.reference : fullName(client)
    const row = rowOf(scene, { ...told, clientId: client.id }, '/today')
    items.push({
      due: momentIn(scene.network.timeZone, told.followUpOn, '17:00'),
      href: `/clients/${client.id}`,
      title,
      about: told.name,
      wanted: scene.t('referrals.informal.question', { day: row.when }),
      tag: null,
      waitsFor: 'me',
      answers: { template: 'referrals/informal/panels/due.njk', model: { row, of: `${title}, ${told.name}` } },
    })
  }
  return items
}

/** What was told and what came of it, for the one timeline of the client's page. */
export function informalTimeline(scene: Scene, { all, names }: Told): readonly TimelineItem[] {
  return all.flatMap((told) => {
    const href = hrefOf(told)
    const began = {
      at: told.toldAt,
      text: scene.t('referrals.informal.timeline', { name: told.name }),
      by: names.get(told.toldBy) ?? '',
      href,
    }
    if (told.outcome === null || told.outcomeAt === null) return [began]
    const text = scene.t('referrals.informal.timeline_outcome', {
      name: told.name,
      outcome: scene.t(`referrals.informal.outcome.${told.outcome}`),
    })
    return [began, { at: told.outcomeAt, text, by: '', href }]
  })
}

function rowOf(scene: Scene, told: InformalReferral, back: string) {
  const base = `/clients/${told.clientId}/told/${told.id}`
  return {
    thing: told.name,
    thingHref: hrefOf(told),
    words: told.words,
    when: scene.day(dayIn(scene.network.timeZone, told.toldAt)),
    state: stateOf(scene, told),
    back,
    undo: mayUndo(told, scene.actor.id, scene.now) ? { action: `${base}/undo` } : null,
    answers: isOpen(told)
      ? {
          action: `${base}/outcome`,
          outcomes: informalOutcomes.map((outcome) => ({
            value: outcome,
            text: scene.t(`referrals.informal.outcome.${outcome}`),
          })),
          formalHref: formalHref(told),
        }
      : null,
  }
}

function stateOf(scene: Scene, told: InformalReferral): { text: string; href: string | null } {
  if (told.referralId !== null)
    return { text: scene.t('referrals.informal.became_formal'), href: `/referrals/${told.referralId}` }
  if (told.outcome !== null) return { text: scene.t(`referrals.informal.outcome.${told.outcome}`), href: null }
  if (told.followUpOn === null) return { text: scene.t('referrals.informal.nobody_asks'), href: null }
  return { text: scene.t('referrals.informal.asked_on', { day: scene.day(told.followUpOn) }), href: null }
}

function hrefOf({ serviceId, organizationId }: InformalReferral): string | null {
  if (serviceId !== null) return `/services/${serviceId}`
  return organizationId === null ? null : `/partners/${organizationId}`
}

/** Where it becomes a referral: at once where the service is known, else through the list of services. */
function formalHref({ clientId, serviceId }: InformalReferral): string {
  return serviceId === null
    ? `/clients/${clientId}/recommendations`
    : `/clients/${clientId}/referrals/new?service=${serviceId}`
}
