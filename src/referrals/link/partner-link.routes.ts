// The partner's page: one link, no account. A GET changes nothing and, until the button is pressed in this browser, shows
// nothing personal; mail scanners that open every link do no harm.

import { z } from 'zod'
import { setPlaces } from '#directory/index.ts'
import { notFound, page, textOf, type Answer, type FormBody, type Routes } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { readAct } from '../act.form.ts'
import { markSeen } from '../conversation/referral-messages.store.ts'
import type { Happening, ReferralActor } from '../event.ts'
import { problemLine, type Line } from '../pages/timeline.page.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { partnersAnswer } from './action-set.ts'
import { linkDeskRoutes } from './link-desk.routes.ts'
import { linkRenewalRoutes } from './link-renewal.routes.ts'
import { alive, open, partnersLink, shown, type LinkScene } from './link.scene.ts'
import { askPartner, nextQuestion, partnerView, type PartnerPlace } from './partner-view.scene.ts'
import { doorPage, placesPage } from './pages/partner.page.ts'
import { readPlaces } from './places.form.ts'

export function partnerLinkRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  const bearer = partnersLink(keys)
  const tokenOnly = { ...bearer, params: z.object({ token: z.string() }) }
  const withAct = { ...bearer, params: z.object({ token: z.string(), act: z.enum(partnersAnswer.acts) }) }
  linkRenewalRoutes(routes, { keys })
  linkDeskRoutes(routes)

  routes.link('GET', '/r/:token', tokenOnly, (scene, { bearer: link, params }) =>
    alive(scene, { link, ...params }, (kept) => page('referrals/link/pages/link-door.njk', doorPage(scene, kept))),
  )

  routes.link('POST', '/r/:token', tokenOnly, (scene, { bearer: link, params }) =>
    alive(scene, { link, ...params }, async (kept) => {
      if (!wasOpenedLately(kept, scene.now)) await report(scene, kept, { kind: 'opened' })
      await markSeen(scene.db, kept.file.id, 'partner', scene.now)
      return open(keys, { scene, link, token: params.token, to: 'referral' })
    }),
  )

  routes.link('GET', '/r/:token/referral', tokenOnly, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) => referralAnswer(scene, params.token, kept)),
  )

  routes.link('GET', '/r/:token/places', tokenOnly, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) =>
      page(
        'referrals/link/pages/places.njk',
        placesPage(scene, { ...(await placesAt(scene, kept, params.token)), ...untouched }),
      ),
    ),
  )

  routes.link('POST', '/r/:token/places', tokenOnly, (scene, { bearer: link, params, body, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      const form = readPlaces(body, scene.today)
      if (!form.ok) {
        const model = placesPage(scene, {
          ...(await placesAt(scene, kept, params.token)),
          body,
          problems: form.problem,
        })
        return page('referrals/link/pages/places.njk', model, { status: 400 })
      }
      await setPlaces(scene.db, kept.file.serviceId, { ...form.value, by: 'partner', asOf: scene.now })
      await scene.record('referrals.places_set', { subjectId: kept.file.serviceId })
      return open(keys, { scene, link, token: params.token, to: 'referral', notice: scene.t('referrals.places.done') })
    }),
  )

  routes.link('POST', '/r/:token/undo', tokenOnly, (scene, { bearer: link, params, body, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      const corrects = parseId<'referral_event'>(textOf(body, 'corrects')) ?? notFound()
      const said = await report(scene, kept, { kind: 'corrected', corrects }, { body })
      if (!said.ok) return referralAnswer(scene, params.token, kept, problemLine(scene, said.problem))
      return open(keys, { scene, link, token: params.token, to: 'referral', notice: scene.t('referrals.undo_done') })
    }),
  )

  routes.link('GET', '/r/:token/:act', withAct, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) =>
      askPartner(scene, kept, { place: placeOf(params.token), act: params.act, ...untouched }),
    ),
  )

  routes.link('POST', '/r/:token/:act', withAct, (scene, { bearer: link, params, body, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      const planned = kept.referral.appointment?.day ?? null
      const form = readAct(params.act, body, { today: scene.today, planned, timeZone: scene.network.timeZone })
      if (!form.ok) {
        return askPartner(scene, kept, { place: placeOf(params.token), act: params.act, body, problems: form.problem })
      }
      const said = await report(scene, kept, form.value.happening, { body, words: form.value.words })
      if (!said.ok) return referralAnswer(scene, params.token, kept, problemLine(scene, said.problem))
      await markSeen(scene.db, kept.file.id, 'partner', scene.now)
      const notice = scene.t(`referrals.act.${params.act}.done`)
      return open(keys, {
        scene,
        link,
        token: params.token,
        to: nextQuestion(said.value, form.value.happening) ?? 'referral',
        notice,
      })
    }),
  )
}

const untouched = { body: {}, problems: [] }

async function placesAt(scene: LinkScene, { file }: KeptReferral, token: string) {
  return { serviceName: file.serviceName, back: placeOf(token).home, share: await findShare(scene.db, file.id) }
}

/** Where the bearer of a link stands: the referral itself is behind the button. */
function placeOf(token: string): PartnerPlace {
  return { base: `/r/${token}`, home: `/r/${token}/referral` }
}

async function referralAnswer(
  scene: LinkScene,
  token: string,
  kept: KeptReferral,
  clash: Line | null = null,
): Promise<Answer> {
  const model = await partnerView(scene, kept, { place: placeOf(token), clash })
  return page('referrals/link/pages/partner-referral.njk', model, { status: clash === null ? 200 : 409 })
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

/** Opening it again on the same day is no news. */
function wasOpenedLately({ referral }: KeptReferral, now: Date): boolean {
  const last = referral.events.findLast((event) => event.kind === 'opened')
  return last !== undefined && now.getTime() - last.at.getTime() < 12 * 3_600_000
}
