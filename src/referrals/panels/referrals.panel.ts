// Referrals on the pages of others: the client's, the partner's, the service's, and what needs doing today.

import { findClients, fullName, mustGiveReason, type TimelineItem } from '#clients/index.ts'
import { addDays, momentIn } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId, OrganizationId, ServiceId } from '#platform/ids.ts'
import { namedLanguage } from '#platform/languages.ts'
import { nextDueAt, wantedStep, type WorkingClock } from '../clock.ts'
import type { EventKind } from '../event.ts'
import { isClosed, isEnded, type Referral } from '../referral.ts'
import { dueSentence, wantedSentence } from '../pages/referral.page.ts'
import { stateTag, timelineOf, type StateTag } from '../pages/timeline.page.ts'
import { clocksIn } from '../referral-clocks.store.ts'
import { openAtPartner, unclosedOfAdviser } from '../find-referrals.store.ts'
import type { KeptReferral } from '../referrals.store.ts'

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

/** All referrals of a client (`referralsOfClient`), those that are not closed first. */
export async function clientReferralsPanel(scene: Scene, all: readonly KeptReferral[]): Promise<Panel> {
  const clockOf = await clocksIn(scene)
  const rows = all.map((kept) =>
    rowOf(scene, kept, {
      title: kept.file.serviceName,
      about: kept.file.organizationName,
      clock: clockOf(kept.file),
    }),
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

/** Every referral that is not closed, of this adviser or of their clients (`idsOfCaseload`), with what is wanted next and of whom. */
export async function referralItems(scene: Scene, caseload: readonly ClientId[]): Promise<readonly DueItem[]> {
  const { db, actor } = scene
  const all = await unclosedOfAdviser(db, actor.id, caseload)
  const people = await findClients(
    db,
    all.map(({ file }) => file.clientId),
  )
  const clockOf = await clocksIn(scene)
  return all.flatMap(({ file, referral }): DueItem[] => {
    const due = nextDueAt(referral, clockOf(file))
    const person = people.get(file.clientId)
    if (due === null || !person) return []
    const wanted = wantedStep(referral, scene.today)
    const common = { href: `/referrals/${file.id}`, title: fullName(person), about: file.serviceName }
    return [
      ...interpreterItems(scene, referral).map((item) => ({ ...common, ...item })),
      {
        ...common,
        due,
        wanted: wantedSentence(scene, referral, { wanted, due }),
        tag: stateTag(scene, referral.state),
        waitsFor: wanted.of === 'adviser' ? 'me' : 'others',
      },
    ]
  })
}

/** An interpreter who was asked for is still to be booked: by the day before the meeting, or nobody understands anybody. */
function interpreterItems(
  scene: Scene,
  { state, appointment }: Referral,
): readonly Pick<DueItem, 'due' | 'wanted' | 'tag' | 'waitsFor'>[] {
  if (isEnded(state) || appointment === null || appointment.day < scene.today) return []
  const { interpreter } = appointment
  if (interpreter.state !== 'asked_for') return []
  const language = interpreter.language === null ? '' : namedLanguage(scene, interpreter.language)
  return [
    {
      due: momentIn(scene.network.timeZone, addDays(appointment.day, -1), '17:00'),
      wanted: scene.t('referrals.panel.book_interpreter', {
        day: scene.day(appointment.day),
        language,
        hasLanguage: language === '' ? 'no' : 'yes',
      }),
      tag: null,
      waitsFor: 'me',
    },
  ]
}

/** What is open at a partner, of the clients that this person may see. */
export async function partnerReferralsPanel(scene: Scene, organizationId: OrganizationId): Promise<Panel> {
  return openPanel(scene, await openAtPartner(scene.db, { organizationId }), 'referrals.panel.of_partner')
}

export async function serviceReferralsPanel(scene: Scene, serviceId: ServiceId): Promise<Panel> {
  return openPanel(scene, await openAtPartner(scene.db, { serviceId }), 'referrals.panel.of_service')
}

/** What happened to the client's referrals, for the one timeline of the client's page. */
export function referralTimeline(scene: Scene, all: readonly KeptReferral[]): readonly TimelineItem[] {
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
  const clockOf = await clocksIn(scene)
  return {
    template: 'referrals/panels/referrals.njk',
    model: {
      heading: scene.t(heading),
      empty: scene.t('referrals.panel.none_open'),
      open: all.map((kept) =>
        rowOf(scene, kept, {
          title: names.get(kept.file.clientId) ?? kept.file.reference,
          about: kept.file.serviceName,
          clock: clockOf(kept.file),
        }),
      ),
      closed: [],
    },
  }
}

function rowOf(
  scene: Scene,
  { file, referral }: KeptReferral,
  { title, about, clock }: Pick<Row, 'title' | 'about'> & { readonly clock: WorkingClock },
): Row {
  const wanted = wantedStep(referral, scene.today)
  const due = nextDueAt(referral, clock)
  return {
    href: `/referrals/${file.id}`,
    title,
    about,
    reference: file.reference,
    state: stateTag(scene, referral.state),
    wanted: wanted.of === 'nobody' ? null : wantedSentence(scene, referral, { wanted, due }),
    due: dueSentence(scene, referral, clock),
    isLate: due !== null && due < scene.now,
  }
}

/** Who goes to which partner stands in the file: names are left out until the person has said why they open it. */
async function namesOfOpenFiles(scene: Scene, all: readonly KeptReferral[]): Promise<ReadonlyMap<ClientId, string>> {
  const names = new Map<ClientId, string>()
  const people = await findClients(
    scene.db,
    all.map(({ file }) => file.clientId),
  )
  for (const [clientId, person] of people)
    if (!(await mustGiveReason(scene, person))) names.set(clientId, fullName(person))
  return names
}
