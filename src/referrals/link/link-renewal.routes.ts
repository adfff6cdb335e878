// A link that has expired is renewed by a code, sent to the address that the link went to and typed in here.

import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { changeScope } from '#platform/db/index.ts'
import { notFound, page, redirect, textOf, type Answer, type Routes } from '#platform/http/index.ts'
import type { Keys } from '#platform/secrets.ts'
import { actOn, eventId, makeLink, systemActor } from '../referrals.acts.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { codeOf, makeCode, takeTry } from './link-codes.store.ts'
import { deadLink, isLive, mayRenew, open, partnersLink, scopeOfLink, type LinkScene } from './link.scene.ts'
import { codePage } from './pages/partner.page.ts'
import { findLink, liveLinkOf, type ReferralLink } from './referral-links.store.ts'
import { readCode } from './renewal.ts'

const template = 'referrals/link/pages/link-code.njk'

export function linkRenewalRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  const tokenOnly = { ...partnersLink(keys), params: z.object({ token: z.string() }) }

  routes.link('POST', '/r/:token/renew', tokenOnly, (scene, { bearer: link, params }) =>
    expired(scene, { link, token: params.token }, async ({ file }) => {
      // Whether a mail leaves now is told to nobody who cannot read that mailbox.
      const codeId = await makeCode(scene.db, { file, link, keyId: keys.currentId }, scene.now)
      if (codeId !== null) {
        const { locale } = scene.network
        await scene.mail({ kind: 'referrals.link_code', to: link.recipient, locale, ids: { codeId } })
        await scene.record('referrals.link_code_sent', { subjectId: file.id })
      }
      return redirect(`/r/${params.token}/code`)
    }),
  )

  routes.link('GET', '/r/:token/code', tokenOnly, (scene, { bearer: link, params }) =>
    expired(scene, { link, token: params.token }, async ({ file }) =>
      page(template, codePage(scene, { reference: file.reference, link, token: params.token, problems: [] })),
    ),
  )

  routes.link('POST', '/r/:token/code', tokenOnly, (scene, { bearer: link, params, body }) =>
    expired(scene, { link, token: params.token }, async (kept) => {
      const typed = readCode(textOf(body, 'code'))
      const code = typed === null ? null : await takeTry(scene.db, link.id, scene.now)
      if (typed === null || code === null || !isSame(typed, codeOf(keys, code))) {
        // The same words for a wrong code, an old one, one tried too often, and one that was never sent.
        const problems = [
          { field: 'code', key: typed === null ? 'referrals.link.code_form' : 'referrals.link.code_wrong' },
        ]
        const model = codePage(scene, { reference: kept.file.reference, link, token: params.token, problems })
        return page(template, model, { status: 400 })
      }
      return renew(scene, { keys, link, kept })
    }),
  )
}

/** Goes on where a code may renew the link; a live one needs none, and any other stays dead. */
async function expired(
  scene: LinkScene,
  { link, token }: { link: ReferralLink; token: string },
  work: (kept: KeptReferral) => Promise<Answer>,
): Promise<Answer> {
  if (isLive(link, scene.now)) return redirect(`/r/${token}`)
  const kept = (await findReferral(scene.db, link.referralId)) ?? notFound()
  return (await mayRenew(scene, link, kept)) ? work(kept) : deadLink(scene, { link, token }, kept)
}

/**
 * Opens a link that works in this browser. One that was renewed already, by this form sent twice or by a colleague, is opened
 * as it is; else there is a new row, an event by the system, and a mail with the new link to the same address.
 */
async function renew(
  scene: LinkScene,
  { keys, link, kept }: { keys: Keys; link: ReferralLink; kept: KeptReferral },
): Promise<Answer> {
  // The bearer may neither make links nor speak for the system.
  await changeScope(scene.db, { role: 'job', networkId: link.networkId })
  const live = (await liveLinkOf(scene.db, link.referralId, scene.now)) ?? (await newLink(scene, { keys, link, kept }))
  await changeScope(scene.db, scopeOfLink(live))
  const token = partnerAddress(keys, live, '').slice('/r/'.length)
  const actor = { kind: 'partner', id: kept.file.organizationId, name: kept.file.organizationName } as const
  await actOn(scene, link.referralId, { kind: 'opened', id: eventId(scene.now), actor, channel: 'link' })
  return open(keys, { scene, link: live, token, to: 'referral', notice: scene.t('referrals.link.code_done') })
}

async function newLink(
  scene: LinkScene,
  { keys, link, kept }: { keys: Keys; link: ReferralLink; kept: KeptReferral },
): Promise<ReferralLink> {
  const id = await makeLink(scene, keys, { file: kept.file, recipient: link.recipient })
  const event = { kind: 'link_renewed', id: eventId(scene.now), actor: systemActor, channel: 'system' } as const
  const done = await actOn(scene, link.referralId, event)
  const made = await findLink(scene.db, id)
  if (!done.ok || made === undefined) throw new Error('A link that could be renewed was not.')
  return made
}

function isSame(typed: string, code: string): boolean {
  return timingSafeEqual(Buffer.from(typed), Buffer.from(code))
}
