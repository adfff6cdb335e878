// The partner's page: one link, no account. A GET changes nothing and, until the button is pressed in this browser, shows
// nothing personal; mail scanners that open every link do no harm.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { setPlaces } from '#directory/index.ts'
import {
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { sign, unsign, type Keys } from '#platform/secrets.ts'
import { openActs, partnerActs, type PartnerAct } from '../act.ts'
import { readAct } from '../act.form.ts'
import type { Happening, ReferralActor } from '../event.ts'
import { actPage } from '../pages/act.page.ts'
import { deadLinkPage, doorPage, partnerReferralPage, placesPage, unknownLinkPage } from './pages/partner.page.ts'
import { problemLine, type Line } from '../pages/timeline.page.ts'
import { readPlaces } from './places.form.ts'
import { linkOfSecret, type ReferralLink } from './referral-links.store.ts'
import { conversationOf } from '../conversation/referral-messages.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'

type LinkScene = Scene<OtherActor>

const openingCookie = 'waypost_opening'
const openingPurpose = 'referrals.opening'
/** Long enough to answer with a client on the phone, short enough for a shared computer. */
const openingSeconds = 30 * 60

const bearer = {
  find: linkOfSecret,
  become: (link: ReferralLink) =>
    ({
      role: 'link',
      networkId: link.networkId,
      organizationId: link.organizationId,
      referralId: link.referralId,
    }) as const,
  missing: (scene: LinkScene) => page('referrals/link/pages/link-dead.njk', unknownLinkPage(scene), { status: 404 }),
}
const tokenOnly = { ...bearer, params: z.object({ token: z.string() }) }
const withAct = { ...bearer, params: z.object({ token: z.string(), act: z.enum(partnerActs) }) }

export function partnerLinkRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  routes.link('GET', '/r/:token', tokenOnly, async (scene, { bearer: link }) => {
    const kept = await loadKept(scene, link)
    if (isDead(link, scene.now)) return deadLink(scene, link, kept)
    return page('referrals/link/pages/link-door.njk', doorPage(scene, kept))
  })

  routes.link('POST', '/r/:token', tokenOnly, async (scene, { bearer: link, params }) => {
    const kept = await loadKept(scene, link)
    if (isDead(link, scene.now)) return deadLink(scene, link, kept)
    if (!wasOpenedLately(kept, scene.now)) await report(scene, kept, { kind: 'opened' })
    return open(keys, { scene, link, token: params.token, to: 'referral' })
  })

  routes.link('GET', '/r/:token/referral', tokenOnly, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) => referralAnswer(scene, params.token, kept)),
  )

  routes.link('GET', '/r/:token/places', tokenOnly, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) =>
      page('referrals/link/pages/places.njk', placesPage(scene, { kept, token: params.token, body: {}, problems: [] })),
    ),
  )

  routes.link('POST', '/r/:token/places', tokenOnly, (scene, { bearer: link, params, body, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      const form = readPlaces(body, scene.today)
      if (!form.ok) {
        const model = placesPage(scene, { kept, token: params.token, body, problems: form.problem })
        return page('referrals/link/pages/places.njk', model, { status: 400 })
      }
      await setPlaces(scene.db, kept.file.serviceId, { ...form.value, by: 'partner', asOf: scene.now })
      await scene.record('referrals.places_set', { subjectId: kept.file.serviceId })
      return open(keys, { scene, link, token: params.token, to: 'referral', notice: scene.t('referrals.places.done') })
    }),
  )

  routes.link('GET', '/r/:token/:act', withAct, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) =>
      askPartner(scene, kept, { ...params, body: {}, problems: [] }),
    ),
  )

  routes.link('POST', '/r/:token/:act', withAct, (scene, { bearer: link, params, body, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      const planned = kept.referral.appointment?.day ?? null
      const form = readAct(params.act, body, { today: scene.today, planned })
      if (!form.ok) return askPartner(scene, kept, { ...params, body, problems: form.problem })
      const said = await report(scene, kept, form.value.happening, { body, words: form.value.words })
      if (!said.ok) return referralAnswer(scene, params.token, kept, problemLine(scene, said.problem))
      // After a yes the next question is when to come; it can be left for later.
      const next = params.act === 'accept' && said.value.referral.appointment === null ? 'appointment' : 'referral'
      const notice = scene.t(`referrals.act.${params.act}.done`)
      return open(keys, { scene, link, token: params.token, to: next, notice })
    }),
  )
}

interface Showing {
  readonly scene: LinkScene
  readonly link: ReferralLink
  readonly keys: Keys
  readonly request: FastifyRequest
  readonly token: string
}

/** Goes on only in the browser in which somebody pressed "Show this referral"; others are sent to that button. */
async function shown(
  { scene, link, keys, request, token }: Showing,
  work: (kept: KeptReferral) => Promise<Answer>,
): Promise<Answer> {
  const kept = await loadKept(scene, link)
  if (isDead(link, scene.now)) return deadLink(scene, link, kept)
  const mark = unsign(keys, openingPurpose, request.cookies[openingCookie])
  const [linkId, until] = (mark ?? '').split(' ')
  const isOpen = linkId === link.id && Number(until) > scene.now.getTime()
  return isOpen ? work(kept) : redirect(`/r/${token}`)
}

/** Goes on with the referral opened in this browser for another half hour. */
function open(
  keys: Keys,
  {
    scene,
    link,
    token,
    to,
    notice,
  }: { scene: LinkScene; link: ReferralLink; token: string; to: string; notice?: string },
): Answer {
  const until = scene.now.getTime() + openingSeconds * 1000
  const value = sign(keys, openingPurpose, `${link.id} ${until}`)
  // Each link has its own, so that two referrals stay open in two tabs.
  const path = `/r/${token}`
  return redirect(`${path}/${to}`, notice, {
    cookies: [{ name: openingCookie, value, path, maxAgeSeconds: openingSeconds }],
  })
}

function askPartner(
  scene: LinkScene,
  kept: KeptReferral,
  at: { token: string; act: PartnerAct; body: FormBody; problems: Parameters<typeof actPage>[1]['problems'] },
): Answer | Promise<Answer> {
  const { token, act, body, problems } = at
  // A page that was left open, or a step back: the referral itself shows how things stand.
  if (!openActs(kept.referral, 'partner').includes(act)) return redirect(`/r/${token}/referral`)
  const model = actPage(scene, {
    act,
    side: 'partner',
    referral: kept.referral,
    reference: kept.file.reference,
    eventId: eventId(scene.now),
    back: `/r/${token}/referral`,
    body,
    problems,
  })
  return page('referrals/pages/act.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

async function referralAnswer(
  scene: LinkScene,
  token: string,
  kept: KeptReferral,
  clash: Line | null = null,
): Promise<Answer> {
  const share = await findShare(scene.db, kept.file.id)
  const messages = await conversationOf(scene.db, kept.file.id, 'partner')
  const model = partnerReferralPage(scene, {
    kept: await reload(scene, kept, clash),
    share,
    messages,
    token,
    clash,
    eventId: eventId(scene.now),
  })
  return page('referrals/link/pages/partner-referral.njk', model, { status: clash === null ? 200 : 409 })
}

/** Somebody was quicker: what they did is what has to be shown. */
async function reload(scene: LinkScene, kept: KeptReferral, clash: Line | null): Promise<KeptReferral> {
  return clash === null ? kept : ((await findReferral(scene.db, kept.file.id)) ?? kept)
}

/** What the partner says through the link, with the id of the form that they filled in. */
function report(
  scene: LinkScene,
  { file }: KeptReferral,
  happening: Happening,
  { body = {}, words = null }: { body?: FormBody; words?: string | null } = {},
) {
  const actor: ReferralActor = { kind: 'partner', id: file.organizationId, name: file.organizationName }
  const id = parseId<'referral_event'>(textOf(body, 'event')) ?? eventId(scene.now)
  return actOn(scene, file.id, { ...happening, actor, id, channel: 'link' }, { words })
}

async function loadKept(scene: LinkScene, link: ReferralLink): Promise<KeptReferral> {
  return (await findReferral(scene.db, link.referralId)) ?? notFound()
}

function isDead(link: ReferralLink, now: Date): boolean {
  return link.revokedAt !== null || link.expiresAt <= now
}

async function deadLink(scene: LinkScene, link: ReferralLink, kept: KeptReferral): Promise<Answer> {
  const share = await findShare(scene.db, link.referralId)
  return page('referrals/link/pages/link-dead.njk', deadLinkPage(scene, { reference: kept.file.reference, share }), {
    status: 410,
  })
}

/** Opening it again on the same day is no news. */
function wasOpenedLately({ referral }: KeptReferral, now: Date): boolean {
  const last = referral.events.findLast((event) => event.kind === 'opened')
  return last !== undefined && now.getTime() - last.at.getTime() < 12 * 3_600_000
}
