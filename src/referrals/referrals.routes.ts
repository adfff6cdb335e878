// Referrals for staff: the page of one referral, and one question a page for whatever can happen to it.

import { z } from 'zod'
import { findClient, fullName } from '#clients/index.ts'
import { findService } from '#directory/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type Panel,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Result } from '#platform/result.ts'
import { findStaff } from '#staff/index.ts'
import { adviserActs, isInternalNote, isPartnersWord, openActs, type Act } from './act.ts'
import { readAct } from './act.form.ts'
import { clocksRoutes } from './clocks/clocks.routes.ts'
import { spokenChannels, type Channel } from './event.ts'
import type { ReferralSlots } from './before-sending/look.scene.ts'
import { clientLinksRoutes } from './handover/client-links.routes.ts'
import { handoverRoutes, type HandoverTools } from './handover/handover.routes.ts'
import { partnerCalendarRoutes } from './handover/partner-calendar.routes.ts'
import { handoverPanels } from './handover/panels/handover.panel.ts'
import { figuresRoutes } from './figures/insights.routes.ts'
import { stuckRoutes } from './figures/stuck.routes.ts'
import { informalRoutes } from './informal/informal.routes.ts'
import { afterDeclineRoutes } from './after-decline/after-decline.routes.ts'
import { requirementChoices } from './after-decline/decline.scene.ts'
import { whatNowPanels } from './after-decline/panels/what-now.panel.ts'
import { capacityLinkRoutes } from './capacity/capacity-link.routes.ts'
import { capacityRoutes } from './capacity/capacity.routes.ts'
import { whomRoutes } from './new/whom.routes.ts'
import { newReferralRoutes } from './new/new-referral.routes.ts'
import { actPage } from './pages/act.page.ts'
import { referralPage } from './pages/referral.page.ts'
import { problemLine, type Line } from './pages/timeline.page.ts'
import { inboxRoutes } from './inbox/inbox.routes.ts'
import { partnerLinkRoutes } from './link/partner-link.routes.ts'
import type { ReferralProblem } from './referral.ts'
import { liveLinkOf } from './link/referral-links.store.ts'
import { attachmentRulesRoutes } from './attachments/attachment-rules.routes.ts'
import type { AttachmentTools } from './attachments/attachment.scene.ts'
import { attachmentsRoutes } from './attachments/attachments.routes.ts'
import { inboxAttachmentsRoutes } from './attachments/inbox-attachments.routes.ts'
import { linkAttachmentsRoutes } from './attachments/link-attachments.routes.ts'
import { attachmentsPanel } from './attachments/panels/attachments.panel.ts'
import { conversationRoutes } from './conversation/conversation.routes.ts'
import { conversationPanel } from './conversation/panels/conversation.panel.ts'
import { conversationOf, type ReferralMessage } from './conversation/referral-messages.store.ts'
import { actorOf, formEvent, inReferral } from './in-referral.guard.ts'
import { sharedPanel } from './sharing/panels/shared.panel.ts'
import { sharingRoutes } from './sharing/sharing.routes.ts'
import { clockFor } from './referral-clocks.store.ts'
import { actOn, eventId, reassign, renewLink, revokeLink } from './referrals.acts.ts'
import { findReferral, type KeptReferral } from './referrals.store.ts'

const advisers = { roles: ['adviser', 'manager'] } as const
const one = { ...advisers, params: z.object({ id: idOf<'referral'>() }) }
const oneAct = { ...advisers, params: z.object({ id: idOf<'referral'>(), act: z.enum(adviserActs) }) }
const address = z.email()

export function referralsRoutes(
  routes: Routes,
  tools: HandoverTools & { slots: ReferralSlots; attachments: AttachmentTools },
): void {
  const { keys, slots } = tools
  newReferralRoutes(routes, { keys, slots })
  afterDeclineRoutes(routes)
  whomRoutes(routes)
  capacityRoutes(routes, { keys })
  capacityLinkRoutes(routes)
  clocksRoutes(routes)
  informalRoutes(routes)
  figuresRoutes(routes)
  stuckRoutes(routes)
  partnerLinkRoutes(routes, { keys })
  inboxRoutes(routes)
  sharingRoutes(routes)
  conversationRoutes(routes)
  attachmentsRoutes(routes, tools.attachments)
  attachmentRulesRoutes(routes, tools.attachments)
  linkAttachmentsRoutes(routes, { keys, tools: tools.attachments })
  inboxAttachmentsRoutes(routes, tools.attachments)
  handoverRoutes(routes, tools)
  clientLinksRoutes(routes, tools)
  partnerCalendarRoutes(routes, tools)

  routes.staff('GET', '/referrals/:id', one, (scene, { params }) =>
    inReferral(scene, params.id, (kept) => shown(scene, kept)),
  )

  routes.staff('POST', '/referrals/:id/undo', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const corrects = parseId<'referral_event'>(textOf(body, 'corrects')) ?? notFound()
      const event = {
        kind: 'corrected',
        corrects,
        id: formEvent(scene, body),
        actor: actorOf(scene),
        channel: 'page',
      } as const
      return answered(scene, kept, await actOn(scene, params.id, event), 'referrals.undo_done')
    }),
  )

  routes.staff('POST', '/referrals/:id/take-over', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) => {
      const to = { id: scene.actor.id, name: scene.actor.name }
      const done = await reassign(scene, { id: params.id, to, actor: actorOf(scene) })
      return answered(scene, kept, done, 'referrals.page.taken_over')
    }),
  )

  routes.staff('POST', '/referrals/:id/link', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const recipient = address.safeParse(textOf(body, 'recipient'))
      if (!recipient.success)
        return shown(scene, kept, { clash: { key: 'referrals.link.bad_address', values: {} }, status: 400 })
      const renewed = await renewLink(scene, keys, { id: params.id, recipient: recipient.data, actor: actorOf(scene) })
      return answered(scene, kept, renewed, 'referrals.link.renewed')
    }),
  )

  routes.staff('POST', '/referrals/:id/link/revoke', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) =>
      answered(scene, kept, await revokeLink(scene, params.id, actorOf(scene)), 'referrals.link.revoked'),
    ),
  )

  routes.staff('GET', '/referrals/:id/:act', oneAct, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) =>
      // Messages have one place to be written in, where their readers are chosen.
      params.act !== 'message' && openActs(kept.referral, 'adviser').includes(params.act)
        ? ask(scene, kept, { act: params.act, body: {}, problems: [] })
        : redirect(`/referrals/${params.id}`),
    ),
  )

  routes.staff('POST', '/referrals/:id/:act', oneAct, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const { act } = params
      const form = readAct(act, body, {
        today: scene.today,
        planned: kept.referral.appointment?.day ?? null,
        timeZone: scene.network.timeZone,
      })
      if (!form.ok) return ask(scene, kept, { act, body, problems: form.problem })
      const channel = isPartnersWord(act) ? toldBy(body) : 'page'
      const event = { ...form.value.happening, id: formEvent(scene, body), actor: actorOf(scene), channel } as const
      const seen = Number(textOf(body, 'seen'))
      const done = await actOn(scene, params.id, event, {
        ...(Number.isInteger(seen) && seen > 0 ? { seen } : {}),
        words: form.value.words,
        ...(isInternalNote(act) ? { audience: 'colleagues' } : {}),
      })
      return answered(scene, kept, done, isPartnersWord(act) ? 'referrals.act.recorded' : `referrals.act.${act}.done`)
    }),
  )
}

/** Done: back to the referral. Refused: the referral as it is now, with who was quicker. */
async function answered(
  scene: Scene,
  kept: KeptReferral,
  done: Result<KeptReferral, ReferralProblem>,
  notice: string,
): Promise<Answer> {
  if (done.ok) return redirect(`/referrals/${kept.file.id}`, scene.t(notice))
  const now = (await findReferral(scene.db, kept.file.id)) ?? notFound()
  return shown(scene, now, { clash: problemLine(scene, done.problem), status: 409 })
}

async function shown(
  scene: Scene,
  kept: KeptReferral,
  { clash, status }: { clash?: Line; status?: number } = {},
): Promise<Answer> {
  const { db } = scene
  const { file } = kept
  const person = (await findClient(db, file.clientId)) ?? notFound()
  const service = await findService(db, file.serviceId)
  const model = referralPage(scene, {
    kept,
    clientName: fullName(person),
    adviserName: (await findStaff(db, file.adviserId))?.name ?? '',
    shared: await sharedPanel(scene, kept, person),
    messages: wordsBesideActs(kept, await conversationOf(db, file.id, 'adviser')),
    link: await liveLinkOf(db, file.id, scene.now),
    partnerPhone: service?.phone ?? null,
    clock: await clockFor(scene, file),
    panels: await panelsOf(scene, kept),
    eventId: eventId(scene.now),
    clash: clash ?? null,
  })
  return page('referrals/pages/referral.njk', model, { status: status ?? 200 })
}

/** What was written with an answer stands beside it in the history; messages have a thread of their own. */
function wordsBesideActs({ referral }: KeptReferral, messages: readonly ReferralMessage[]): readonly ReferralMessage[] {
  const said = new Set(referral.events.filter(({ kind }) => kind === 'message').map(({ id }) => String(id)))
  return messages.filter(({ eventId }) => !said.has(eventId))
}

/** What the parts of referrals show on the page of one, in reading order. */
async function panelsOf(scene: Scene, kept: KeptReferral): Promise<readonly Panel[]> {
  return [
    ...(await whatNowPanels(scene, kept)),
    ...(await handoverPanels(scene, kept)),
    await conversationPanel(scene, kept),
    await attachmentsPanel(scene, kept),
  ]
}

async function ask(
  scene: Scene,
  { file, referral }: KeptReferral,
  { act, body, problems }: { act: Act; body: FormBody; problems: Parameters<typeof actPage>[1]['problems'] },
): Promise<Answer> {
  const model = actPage(scene, {
    act,
    requirements: await requirementChoices(scene, act, file.serviceId),
    side: 'adviser',
    referral,
    reference: file.reference,
    eventId: eventId(scene.now),
    back: `/referrals/${file.id}`,
    body,
    problems,
  })
  return page('referrals/pages/act.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

/** How the partner said what the adviser records for them. */
function toldBy(body: FormBody): Channel {
  return spokenChannels.find((channel) => channel === textOf(body, 'told')) ?? 'phone'
}
