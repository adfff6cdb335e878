// Changing what a partner may see of one client, and taking all of it back.

import { z } from 'zod'
import { recordConsent, type Client } from '#clients/index.ts'
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
import { summaryLines } from '../assessment-summary.scene.ts'
import { actorOf, formEvent, inReferral } from '../in-referral.guard.ts'
import { offeredEntries } from '../new/pages/new-referral.page.ts'
import { problemLine } from '../pages/timeline.page.ts'
import { isEnded } from '../referral.ts'
import { eventId } from '../referrals.acts.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { sharingAsItIs, sharingPage, withdrawSharingPage } from './pages/sharing.page.ts'
import { findShare } from './referral-shares.store.ts'
import { changeBetween, isNoChange, nextEntries, type SharedEntry } from './share.ts'
import { changeShared, withdrawSharing } from './sharing.acts.ts'
import { choiceSoFar, readChoice, readWithdrawal, type Given } from './sharing.form.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function sharingRoutes(routes: Routes): void {
  routes.staff('GET', '/referrals/:id/sharing', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept, client) => {
      const shared = await sharedNow(scene, kept)
      if (shared === null) return redirect(`/referrals/${kept.file.id}`)
      return form(scene, { kept, client, shared, body: sharingAsItIs(shared), problems: [] })
    }),
  )

  routes.staff('POST', '/referrals/:id/sharing', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept, client) => {
      const shared = await sharedNow(scene, kept)
      if (shared === null) return redirect(`/referrals/${kept.file.id}`)
      const at = { kept, client, shared, body }
      if (textOf(body, 'preview') !== '') return form(scene, { ...at, problems: [] })
      const offered = await offeredNow(scene, client, body)
      const entries = nextEntries({ shared, offered }, choiceSoFar(body))
      const change = changeBetween(shared, entries)
      const choice = readChoice(body, change)
      if (!choice.ok) return form(scene, { ...at, problems: choice.problem })
      if (isNoChange(change)) return redirect(`/referrals/${kept.file.id}`, scene.t('referrals.sharing.unchanged'))
      return save(scene, at, { entries, added: change.added, given: choice.value.given })
    }),
  )

  routes.staff('GET', '/referrals/:id/sharing/withdraw', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept, client) => {
      const share = (await findShare(scene.db, kept.file.id)) ?? notFound()
      if (share.entries === null)
        return redirect(`/referrals/${kept.file.id}`, scene.t('referrals.sharing.withdraw_already'))
      const model = { kept, client, body: { how: 'spoken', toldBy: 'client' }, problems: [] }
      return page('referrals/sharing/pages/withdraw.njk', withdrawSharingPage(scene, model))
    }),
  )

  routes.staff('POST', '/referrals/:id/sharing/withdraw', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept, client) => {
      const said = readWithdrawal(body)
      if (!said.ok) {
        const model = withdrawSharingPage(scene, { kept, client, body, problems: said.problem })
        return page('referrals/sharing/pages/withdraw.njk', model, { status: 400 })
      }
      const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
      await withdrawSharing(scene, kept.file.id, { actor: actorOf(scene), channel: 'page', hand, ...said.value })
      await scene.record('referrals.sharing_withdrawn', { clientId: client.id, subjectId: kept.file.id })
      return redirect(`/referrals/${kept.file.id}`, scene.t('referrals.sharing.withdraw_done'))
    }),
  )
}

interface Changing {
  readonly kept: KeptReferral
  readonly client: Client
  readonly shared: readonly SharedEntry[]
  readonly body: FormBody
}

/** Null where there is nothing to change: consent is withdrawn, or the referral has ended and shows the partner nothing. */
async function sharedNow(scene: Scene, { file, referral }: KeptReferral): Promise<readonly SharedEntry[] | null> {
  if (isEnded(referral.state)) return null
  const share = await findShare(scene.db, file.id)
  return share?.entries ?? null
}

/** Everything that could be shared, as the file says it today. */
async function offeredNow(scene: Scene, client: Client, body: FormBody): Promise<readonly SharedEntry[]> {
  return offeredEntries(scene, client, {
    summary: await summaryLines(scene, client.id),
    words: choiceSoFar(body).words,
  })
}

async function form(
  scene: Scene,
  { kept, client, shared, body, problems }: Changing & { readonly problems: readonly FieldProblem[] },
): Promise<Answer> {
  const offered = await offeredNow(scene, client, body)
  const model = sharingPage(scene, {
    ...{ kept, client, shared, offered, body, problems },
    eventId: textOf(body, 'event') || eventId(scene.now),
  })
  return page('referrals/sharing/pages/sharing.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

async function save(
  scene: Scene,
  { kept, client, shared, body }: Changing,
  what: { entries: readonly SharedEntry[]; added: readonly string[]; given: Given | null },
): Promise<Answer> {
  const { file } = kept
  const seen = Number(textOf(body, 'seen'))
  const done = await changeShared(scene, file.id, {
    ...{ eventId: formEvent(scene, body), actor: actorOf(scene), channel: 'page', entries: what.entries },
    ...(Number.isInteger(seen) && seen > 0 ? { seen } : {}),
  })
  if (!done.ok) {
    // Somebody else changed the referral: what they did is shown where it stands, and nothing of this was saved.
    const { key, values } = problemLine(scene, done.problem)
    return form(scene, { kept, client, shared, body, problems: [{ field: 'agreed', key, values }] })
  }
  if (done.value.hasChanged && what.added.length > 0 && what.given !== null) {
    await recordConsent(scene.db, { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }, client, {
      ...{ purpose: 'share_for_referral', what: what.added, organizationId: file.organizationId },
      ...{ referralId: file.id, recipient: file.organizationName, until: null, ...what.given },
    })
  }
  await scene.record('referrals.sharing_changed', { clientId: client.id, subjectId: file.id })
  return redirect(`/referrals/${file.id}`, scene.t('referrals.sharing.changed'))
}
