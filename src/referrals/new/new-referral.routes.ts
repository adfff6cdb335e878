// Choosing has happened: this agrees what is shared, shows the partner's view, and sends.

import { z } from 'zod'
import { summaryLines } from '../assessment-summary.scene.ts'
import { findClient, inFile, recordConsent, type Client } from '#clients/index.ts'
import { findService, type Service } from '#directory/index.ts'
import { sitesOf } from '#networks/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { newId, parseId, type ReferralId, type ServiceId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { findStaff } from '#staff/index.ts'
import { isEnded } from '../referral.ts'
import { readAgreement, type Agreement } from './new-referral.form.ts'
import { agreementOf, newReferralPage, offeredEntries, previewed, usualAgreement } from './pages/new-referral.page.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { sendNewReferral } from '../referrals.acts.ts'
import { claimReferralId, findReferral, referralsOfClient } from '../referrals.store.ts'
import { agreedEntries } from '../sharing/share.ts'

const client = z.object({ id: idOf<'client'>() })
const chosen = z.object({
  service: z.string().catch(''),
  recommendation: z.string().catch(''),
  reason: z.string().catch(''),
  follows: z.string().catch(''),
})
const advisers = { roles: ['adviser', 'manager'] } as const

export function newReferralRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  routes.staff(
    'GET',
    '/clients/:id/referrals/new',
    { ...advisers, params: client, query: chosen },
    (scene, { params, query }) =>
      inFile(scene, params.id, async (person) => {
        const service = await serviceOf(scene, query.service)
        // Without a service there is nothing to send yet: one is chosen first.
        if (!service) return redirect(`/clients/${person.id}/recommendations`, scene.t('referrals.new.choose_first'))
        const agreed = (await carriedOver(scene, person, query.follows)) ?? usualAgreement(person)
        const body: FormBody = {
          ...agreed,
          ...query,
          service: service.id,
          referral: newId<'referral'>(scene.now.getTime()),
        }
        return formPage(scene, { person, service, body, problems: [] })
      }),
  )

  routes.staff('POST', '/clients/:id/referrals', { ...advisers, params: client }, (scene, { params, body }) =>
    inFile(scene, params.id, async (person) => {
      const service = (await serviceOf(scene, textOf(body, 'service'))) ?? notFound()
      if (textOf(body, 'preview') !== '') return formPage(scene, { person, service, body, problems: [] })
      const agreement = readAgreement(body)
      if (!agreement.ok) return formPage(scene, { person, service, body, problems: agreement.problem })
      const id = parseId<'referral'>(textOf(body, 'referral')) ?? newId<'referral'>(scene.now.getTime())
      // The same form sent twice: the referral is there, and that is the answer.
      if (!(await claimReferralId(scene.db, id)))
        await send(scene, keys, { id, person, service, body, agreement: agreement.value })
      return redirect(`/referrals/${id}`, scene.t('referrals.new.done', { partner: service.organizationName }))
    }),
  )
}

interface Drawing {
  readonly person: Client
  readonly service: Service
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

async function formPage(scene: Scene, { person, service, body, problems }: Drawing): Promise<Answer> {
  const open = (await referralsOfClient(scene.db, [person.id])).find(
    ({ file, referral }) => file.serviceId === service.id && !isEnded(referral.state),
  )
  const model = newReferralPage(scene, {
    client: person,
    service: { ...service, email: service.email, phone: service.phone },
    summary: await summaryLines(scene, person.id),
    body,
    problems,
    sameOpen: open?.file.reference ?? null,
    siteName: await siteName(scene, person),
  })
  return page('referrals/new/pages/new-referral.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

async function send(
  scene: Scene,
  keys: Keys,
  wanted: Omit<Drawing, 'problems'> & { readonly id: ReferralId; readonly agreement: Agreement },
): Promise<void> {
  const { id, person, service, body, agreement } = wanted
  const fields = previewed(agreement.agreed, agreement.words)
  const offered = offeredEntries(scene, person, {
    summary: await summaryLines(scene, person.id),
    words: agreement.words,
  })
  const entries = agreedEntries(offered, fields)
  const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
  const consentId = await recordConsent(scene.db, hand, person, {
    purpose: 'share_for_referral',
    what: entries.map((entry) => entry.field),
    organizationId: service.organizationId,
    recipient: service.organizationName,
    until: null,
    how: agreement.how,
    toldBy: agreement.toldBy,
  })
  const sender = await findStaff(scene.db, scene.actor.id)
  const follows = parseId<'referral'>(textOf(body, 'follows'))
  await sendNewReferral(scene, keys, {
    file: {
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
    },
    choice: {
      recommendationId: parseId<'recommendation'>(textOf(body, 'recommendation')),
      reason: /^[a-z_]{1,40}$/.exec(textOf(body, 'reason'))?.[0] ?? null,
      follows: follows && (await findReferral(scene.db, follows)) ? follows : null,
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
}

async function serviceOf(scene: Scene, text: string): Promise<Service | null> {
  const id: ServiceId | null = parseId<'service'>(text)
  return id && ((await findService(scene.db, id)) ?? null)
}

async function siteName(scene: Scene, person: Client): Promise<string> {
  const sites = await sitesOf(scene.db)
  return sites.find((site) => site.id === person.siteId)?.name ?? scene.network.name
}

/** What was agreed for the referral that this one takes up again. Withdrawn consent carries nothing over. */
async function carriedOver(scene: Scene, person: Client, follows: string): Promise<FormBody | null> {
  const id = parseId<'referral'>(follows)
  const kept = id && (await findReferral(scene.db, id))
  const before = kept && (await findClient(scene.db, kept.file.clientId))
  if (!kept || before?.id !== person.id) return null
  const share = await findShare(scene.db, kept.file.id)
  return share?.entries ? agreementOf(share.entries) : null
}
