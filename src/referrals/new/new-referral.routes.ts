// Choosing has happened: this looks for what stands in the way, agrees what is shared, shows the partner's view, and sends.

import { z } from 'zod'
import { summaryLines } from '../assessment-summary.scene.ts'
import { inFile, recordConsent, type Client } from '#clients/index.ts'
import { findService, type Service } from '#directory/index.ts'
import { sitesOf } from '#networks/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  textsOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { newId, parseId, type RecommendationId, type ReferralId, type ServiceId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { findStaff } from '#staff/index.ts'
import { closeTakenUp, takenUpBy, type TakenUp } from '../after-decline/taking-up.scene.ts'
import { markOf, stopsLeft, type Finding } from '../before-sending/finding.ts'
import { lookBeforeSending, type ReferralSlots } from '../before-sending/look.scene.ts'
import { agreedEntries } from '../sharing/share.ts'
import { sendNewReferral } from '../referrals.acts.ts'
import { claimReferralId } from '../referrals.store.ts'
import { readAgreement, type Agreement } from './new-referral.form.ts'
import { agreementOf, newReferralPage, offeredEntries, previewed, usualAgreement } from './pages/new-referral.page.ts'

const client = z.object({ id: idOf<'client'>() })
const chosen = z.object({
  service: z.string().catch(''),
  recommendation: z.string().catch(''),
  reason: z.string().catch(''),
  follows: z.string().catch(''),
  say: z.string().catch(''),
})
const advisers = { roles: ['adviser', 'manager'] } as const

interface Tools {
  readonly keys: Keys
  readonly slots: ReferralSlots
}

export function newReferralRoutes(routes: Routes, tools: Tools): void {
  routes.staff(
    'GET',
    '/clients/:id/referrals/new',
    { ...advisers, params: client, query: chosen },
    (scene, { params, query }) =>
      inFile(scene, params.id, async (person) => {
        const service = await serviceOf(scene, query.service)
        // Without a service there is nothing to send yet: one is chosen first.
        if (!service) return redirect(`/clients/${person.id}/recommendations`, scene.t('referrals.new.choose_first'))
        const takenUp = await takenUpBy(scene, person, query.follows)
        const agreed = takenUp?.entries ? agreementOf(takenUp.entries) : usualAgreement(person)
        const body: FormBody = {
          ...agreed,
          ...query,
          service: service.id,
          follows: takenUp?.id ?? 'none',
          referral: newId<'referral'>(scene.now.getTime()),
        }
        return formPage(scene, tools, { person, service, takenUp, body, problems: [] })
      }),
  )

  routes.staff('POST', '/clients/:id/referrals', { ...advisers, params: client }, (scene, { params, body }) =>
    inFile(scene, params.id, async (person) => {
      const service = (await serviceOf(scene, textOf(body, 'service'))) ?? notFound()
      const takenUp = await takenUpBy(scene, person, textOf(body, 'follows') || 'none')
      const drawing = { person, service, takenUp, body }
      if (textOf(body, 'preview') !== '') return formPage(scene, tools, { ...drawing, problems: [] })
      const agreement = readAgreement(body)
      if (!agreement.ok) return formPage(scene, tools, { ...drawing, problems: agreement.problem })
      const id = parseId<'referral'>(textOf(body, 'referral')) ?? newId<'referral'>(scene.now.getTime())
      const done = () =>
        redirect(`/referrals/${id}`, scene.t('referrals.new.done', { partner: service.organizationName }))
      // The same form sent twice: the referral is there, and that is the answer.
      if (await claimReferralId(scene.db, id)) return done()
      const findings = await lookBeforeSending(scene, tools.slots, { client: person, service })
      const left = stopsLeft(findings, textsOf(body, 'pass'))
      if (left.length > 0) {
        return formPage(scene, tools, { ...drawing, findings, problems: left.map(stopProblem) })
      }
      await send(scene, tools, { ...drawing, id, agreement: agreement.value, findings })
      return done()
    }),
  )
}

interface Drawing {
  readonly person: Client
  readonly service: Service
  /** The referral that this one takes up again. */
  readonly takenUp: TakenUp | null
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
  /** Looked for again when they are left out. */
  readonly findings?: readonly Finding[]
}

/** A box that was left empty is named; what cannot be passed stands at the top of the page. */
function stopProblem(finding: Finding): FieldProblem {
  return finding.mayPass
    ? { field: `pass-${markOf(finding)}`, key: `referrals.before-sending.unpassed.${finding.code}` }
    : { field: 'before-sending', key: 'referrals.before-sending.stopped' }
}
// messages: referrals.before-sending.unpassed.*

async function formPage(scene: Scene, { slots }: Tools, drawing: Drawing): Promise<Answer> {
  const { person, service, takenUp, body, problems } = drawing
  const model = newReferralPage(scene, {
    client: person,
    service,
    summary: await summaryLines(scene, person.id),
    body,
    problems,
    takenUp,
    findings: drawing.findings ?? (await lookBeforeSending(scene, slots, { client: person, service })),
    siteName: await siteName(scene, person),
  })
  return page('referrals/new/pages/new-referral.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

interface Wanted extends Omit<Drawing, 'problems'> {
  readonly id: ReferralId
  readonly agreement: Agreement
  readonly findings: readonly Finding[]
}

async function send(scene: Scene, { keys, slots }: Tools, wanted: Wanted): Promise<void> {
  const { id, person, service, takenUp, body, agreement, findings } = wanted
  const offered = offeredEntries(scene, person, {
    summary: await summaryLines(scene, person.id),
    words: agreement.words,
  })
  const entries = agreedEntries(offered, previewed(agreement.agreed, agreement.words))
  const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
  const consentId = await recordConsent(scene.db, hand, person, {
    purpose: 'share_for_referral',
    what: entries.map((entry) => entry.field),
    organizationId: service.organizationId,
    referralId: id,
    recipient: service.organizationName,
    until: null,
    how: agreement.how,
    toldBy: agreement.toldBy,
  })
  const sender = await findStaff(scene.db, scene.actor.id)
  await sendNewReferral(scene, keys, {
    file: fileOf(scene, id, { person, service }),
    choice: {
      recommendationId: await recommendationOf(scene, slots, { person, text: textOf(body, 'recommendation') }),
      reason: /^[a-z_]{1,40}$/.exec(textOf(body, 'reason'))?.[0] ?? null,
      follows: takenUp?.id ?? null,
      warningsSeen: findings.filter(({ level }) => level !== 'note').map(markOf),
    },
    share: {
      entries,
      consentId,
      senderName: scene.actor.name,
      senderEmail: sender?.email ?? '',
      siteName: await siteName(scene, person),
    },
    words: null,
    recipient: service.email,
    adviser: { kind: 'adviser', id: scene.actor.id, name: scene.actor.name },
  })
  if (takenUp) await closeTakenUp(scene, takenUp)
}

function fileOf(scene: Scene, id: ReferralId, { person, service }: { person: Client; service: Service }) {
  return {
    id,
    clientId: person.id,
    siteId: person.siteId,
    restrictedTo: person.restrictedTo,
    organizationId: service.organizationId,
    organizationName: service.organizationName,
    serviceId: service.id,
    serviceName: service.name,
    serviceType: service.serviceType,
    adviserId: scene.actor.id,
  }
}

async function recommendationOf(
  scene: Scene,
  slots: ReferralSlots,
  { person, text }: { person: Client; text: string },
): Promise<RecommendationId | null> {
  const id = parseId<'recommendation'>(text)
  return id && (await slots.isRecommendationOf(scene, person, id)) ? id : null
}

async function serviceOf(scene: Scene, text: string): Promise<Service | null> {
  const id: ServiceId | null = parseId<'service'>(text)
  return id && ((await findService(scene.db, id)) ?? null)
}

async function siteName(scene: Scene, person: Client): Promise<string> {
  const sites = await sitesOf(scene.db)
  return sites.find((site) => site.id === person.siteId)?.name ?? scene.network.name
}
