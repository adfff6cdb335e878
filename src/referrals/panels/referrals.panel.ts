// Referrals on the pages of others: the client's, the partner's, the service's, and what needs doing today.

import { findClient, fullName, idsOfFile, listClients, mustGiveReason, type TimelineItem } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId, OrganizationId, ServiceId } from '#platform/ids.ts'
import { nextDueAt, wantedStep } from '../clock.ts'
import type { EventKind } from '../event.ts'
import { isClosed } from '../referral.ts'
import { dueSentence, wantedSentence } from '../pages/referral.page.ts'
import { stateTag, timelineOf, type StateTag } from '../pages/timeline.page.ts'
import { calendarOf } from '../referrals.acts.ts'
import { openAtPartner, referralsOfClient, unclosedOfAdviser, type KeptReferral } from '../referrals.store.ts'

/** One referral in a list. */
interface Row {
  readonly href: string
  readonly title: string
  /** A person's or partner's name, in nobody's language. */
  readonly about: string
  readonly reference: string
  readonly state: StateTag
  readonly wanted: string | null
  readonly due: string | null
  readonly isLate: boolean
}

/** All referrals of a client, those that are not closed first. */
export async function clientReferralsPanel(scene: Scene, clientId: ClientId): Promise<Panel> {
  const all = await referralsOfClient(scene.db, await idsOfFile(scene.db, clientId))
  const rows = all.map((kept) =>
    rowOf(scene, kept, { title: kept.file.serviceName, about: kept.file.organizationName }),
  )
  return {
    template: 'referrals/panels/referrals.njk',
    model: {
      heading: scene.t('referrals.panel.of_client'),
      empty: scene.t('referrals.panel.none_of_client'),
      open: rows.filter((_, index) => !isClosed(all[index]!.referral)),
      closed: rows.filter((_, index) => isClosed(all[index]!.referral)),
    },
  }
}

/** More clients than one adviser ever has. */
const mostClients = 2000

/** What this adviser has to do about referrals, their own and those of their clients, what is due first on top; and what
 *  waits for others. */
export async function todayPanel(scene: Scene): Promise<Panel> {
  const { clients } = await listClients(scene.db, { adviserId: scene.actor.id }, { size: mostClients })
  const all = await unclosedOfAdviser(
    scene.db,
    scene.actor.id,
    clients.map((client) => client.id),
  )
  const names = await clientNames(scene, all)
  const rows = all.map((kept) => ({
    row: rowOf(scene, kept, { title: names.get(kept.file.clientId) ?? '', about: kept.file.serviceName }),
    isMine: wantedStep(kept.referral, scene.today).of === 'adviser',
  }))
  return {
    template: 'referrals/panels/today.njk',
    model: {
      mine: rows.filter(({ isMine, row }) => isMine || row.isLate).map(({ row }) => row),
      others: rows.filter(({ isMine, row }) => !isMine && !row.isLate).map(({ row }) => row),
    },
  }
}

/** What is open at a partner, of the clients that this person may see. */
export async function partnerReferralsPanel(scene: Scene, organizationId: OrganizationId): Promise<Panel> {
  return openPanel(scene, await openAtPartner(scene.db, { organizationId }), 'referrals.panel.of_partner')
}

export async function serviceReferralsPanel(scene: Scene, serviceId: ServiceId): Promise<Panel> {
  return openPanel(scene, await openAtPartner(scene.db, { serviceId }), 'referrals.panel.of_service')
}

/** What happened to the client's referrals, for the one timeline of the client's page. */
export async function referralTimeline(scene: Scene, clientId: ClientId): Promise<readonly TimelineItem[]> {
  const all = await referralsOfClient(scene.db, await idsOfFile(scene.db, clientId))
  return all.flatMap(({ file, referral }) =>
    timelineOf(scene, referral, [])
      .filter(({ kind }) => !quiet.includes(kind))
      .map((item) => ({
        at: new Date(item.iso),
        text: scene.t('referrals.panel.timeline', { event: item.title }),
        by: item.actor === null ? file.serviceName : `${file.serviceName} · ${item.actor}`,
        href: `/referrals/${file.id}`,
      })),
  )
}

/** What a client's page leaves to the referral's own. */
const quiet: readonly EventKind[] = ['opened', 'reminded', 'message', 'link_renewed', 'link_revoked', 'delivery_failed']

async function openPanel(scene: Scene, all: readonly KeptReferral[], heading: string): Promise<Panel> {
  const names = await namesOfOpenFiles(scene, all)
  return {
    template: 'referrals/panels/referrals.njk',
    model: {
      heading: scene.t(heading),
      empty: scene.t('referrals.panel.none_open'),
      open: all.map((kept) =>
        rowOf(scene, kept, {
          title: names.get(kept.file.clientId) ?? kept.file.reference,
          about: kept.file.serviceName,
        }),
      ),
      closed: [],
    },
  }
}

function rowOf(scene: Scene, { file, referral }: KeptReferral, { title, about }: Pick<Row, 'title' | 'about'>): Row {
  const wanted = wantedStep(referral, scene.today)
  const calendar = calendarOf(scene)
  const due = nextDueAt(referral, calendar)
  return {
    href: `/referrals/${file.id}`,
    title,
    about,
    reference: file.reference,
    state: stateTag(scene, referral.state),
    wanted: wanted.of === 'nobody' ? null : wantedSentence(scene, referral, wanted),
    due: dueSentence(scene, referral, calendar),
    isLate: due !== null && due < scene.now,
  }
}

/** Who goes to which partner stands in the file: names are left out until the person has said why they open it. */
async function namesOfOpenFiles(scene: Scene, all: readonly KeptReferral[]): Promise<ReadonlyMap<ClientId, string>> {
  const names = new Map<ClientId, string>()
  for (const clientId of new Set(all.map(({ file }) => file.clientId))) {
    const person = await findClient(scene.db, clientId)
    if (person && !(await mustGiveReason(scene, person))) names.set(clientId, fullName(person))
  }
  return names
}

async function clientNames(scene: Scene, all: readonly KeptReferral[]): Promise<ReadonlyMap<ClientId, string>> {
  const names = new Map<ClientId, string>()
  for (const { file } of all) {
    if (names.has(file.clientId)) continue
    const person = await findClient(scene.db, file.clientId)
    names.set(file.clientId, person ? fullName(person) : '')
  }
  return names
}
