// Who holds a partner's link, what a wrong or dead one shows, and how long a referral stays open in one browser.

import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Db } from '#platform/db/index.ts'
import { notFound, page, redirect, type Answer, type OtherActor, type Scene } from '#platform/http/index.ts'
import { sign, unsign, type BearerToken, type Keys } from '#platform/secrets.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { partnersAnswer } from './action-set.ts'
import { noteGuess } from './link-codes.store.ts'
import { deadLinkPage, tooManyGuessesPage, unknownLinkPage } from './pages/partner.page.ts'
import { linkOfSecret, type ReferralLink } from './referral-links.store.ts'
import { isRenewable } from './renewal.ts'

export type LinkScene = Scene<OtherActor>

const openingCookie = 'waypost_opening'
const openingPurpose = 'referrals.opening'
/** Long enough to answer with a client on the phone, short enough for a shared computer. */
const openingSeconds = 30 * 60

/** Wrong addresses an hour from one place before the answer says so. A link that exists is looked up first and always opens. */
const guessesAnHour = 30

/** The bearer of a partner's link, for `routes.link`. */
export function partnersLink(keys: Keys) {
  return {
    find: (db: Db, token: BearerToken) => linkOfSecret(db, token, partnersAnswer.kind),
    become: scopeOfLink,
    missing: (scene: LinkScene, request: FastifyRequest) => unknownLink(scene, keys, request),
  }
}

/** What the bearer sees of the database: the link's referral, for its organisation, and nothing else. */
export function scopeOfLink(link: ReferralLink) {
  const { networkId, organizationId, referralId } = link
  return { role: 'link', networkId, organizationId, referralId } as const
}

async function unknownLink(scene: LinkScene, keys: Keys, request: FastifyRequest): Promise<Answer> {
  const subjectHash = createHmac('sha256', keys.of(keys.currentId)).update(`link guess ${request.ip}`).digest()
  const guesses = await noteGuess(scene.db, { networkId: scene.network.id, subjectHash, now: scene.now })
  return guesses > guessesAnHour
    ? page('referrals/link/pages/link-dead.njk', tooManyGuessesPage(scene), { status: 429 })
    : page('referrals/link/pages/link-dead.njk', unknownLinkPage(scene), { status: 404 })
}

/** The link's referral, while the link lives; else the calm page that says what can be done. */
export async function alive(
  scene: LinkScene,
  at: { readonly link: ReferralLink; readonly token: string },
  work: (kept: KeptReferral) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { link } = at
  const kept = (await findReferral(scene.db, link.referralId)) ?? notFound()
  return isLive(link, scene.now) ? work(kept) : deadLink(scene, at, kept)
}

export function isLive(link: ReferralLink, now: Date): boolean {
  return link.revokedAt === null && link.expiresAt > now
}

export interface Showing {
  readonly scene: LinkScene
  readonly link: ReferralLink
  readonly keys: Keys
  readonly request: FastifyRequest
  readonly token: string
}

/** Goes on only in the browser in which somebody pressed "Show this referral"; others are sent to that button. */
export function shown(
  { scene, link, keys, request, token }: Showing,
  work: (kept: KeptReferral) => Answer | Promise<Answer>,
): Promise<Answer> {
  return alive(scene, { link, token }, (kept) => {
    const mark = unsign(keys, openingPurpose, request.cookies[openingCookie])
    const [linkId, until] = (mark ?? '').split(' ')
    const isOpen = linkId === link.id && Number(until) > scene.now.getTime()
    return isOpen ? work(kept) : redirect(`/r/${token}`)
  })
}

/** Goes on with the referral opened in this browser for another half hour. */
export function open(
  keys: Keys,
  at: { scene: LinkScene; link: ReferralLink; token: string; to: string; notice?: string },
): Answer {
  const until = at.scene.now.getTime() + openingSeconds * 1000
  const value = sign(keys, openingPurpose, `${at.link.id} ${until}`)
  // Each link has its own, so that two referrals stay open in two tabs.
  const path = `/r/${at.token}`
  return redirect(`${path}/${at.to}`, at.notice, {
    cookies: [{ name: openingCookie, value, path, maxAgeSeconds: openingSeconds }],
  })
}

/** Whether this link may be renewed by a code now. */
export async function mayRenew(scene: LinkScene, link: ReferralLink, { referral }: KeptReferral): Promise<boolean> {
  const share = await findShare(scene.db, link.referralId)
  const isConsentWithdrawn = share === undefined || share.entries === null
  const { revokedAt, expiresAt } = link
  return isRenewable({ revokedAt, expiresAt, state: referral.state, isConsentWithdrawn }, scene.now)
}

export async function deadLink(
  scene: LinkScene,
  { link, token }: { readonly link: ReferralLink; readonly token: string },
  kept: KeptReferral,
): Promise<Answer> {
  const share = await findShare(scene.db, link.referralId)
  const renewal = (await mayRenew(scene, link, kept)) ? { recipient: link.recipient, token } : null
  const model = deadLinkPage(scene, { reference: kept.file.reference, share, renewal })
  return page('referrals/link/pages/link-dead.njk', model, { status: 410 })
}
