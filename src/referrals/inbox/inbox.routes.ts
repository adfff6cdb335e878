// The partner's inbox, for signed-in contacts of an organisation. A GET changes nothing, though the reader is known and no
// scanner: whoever looks through ten referrals has not taken up one of them, and "opened" tells an adviser that somebody
// will answer. So reading leaves a trace in the client's file, and *opened* is recorded by the button "Open" of a new row, by
// "Say that it was opened" on the page, or with the first thing that the partner does.

import { z } from 'zod'
import { setPlaces } from '#directory/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type Routes,
} from '#platform/http/index.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import type { Result } from '#platform/result.ts'
import { partnerActs } from '../act.ts'
import { readAct } from '../act.form.ts'
import { markSeen } from '../conversation/referral-messages.store.ts'
import { askPartner, nextQuestion, partnerView, type PartnerPlace } from '../link/partner-view.scene.ts'
import { placesPage } from '../link/pages/partner.page.ts'
import { readPlaces } from '../link/places.form.ts'
import type { Line } from '../pages/timeline.page.ts'
import type { ReferralProblem } from '../referral.ts'
import { eventId } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { giveAll, say, type GivenMeanwhile } from './inbox.acts.ts'
import { readInboxFilter } from './inbox-filter.ts'
import { chosenRows } from './inbox.store.ts'
import { chosenRoutes } from './chosen.routes.ts'
import { exportRoutes } from './export.routes.ts'
import { figuresRoutes } from './figures.routes.ts'
import { showInbox } from './list.scene.ts'
import { whyNot } from './pages/chosen.page.ts'
import type { InboxScene } from './pages/inbox.page.ts'
import { onePage } from './pages/one.page.ts'
import { placesRoutes } from './places.routes.ts'
import { assignee, teamOf } from './team.scene.ts'

const one = { params: z.object({ id: idOf<'referral'>() }) }
const oneAct = { params: z.object({ id: idOf<'referral'>(), act: z.enum(partnerActs) }) }
const anyQuery = z.record(z.string(), z.unknown())
const untouched = { body: {}, problems: [] }

export function inboxRoutes(routes: Routes): void {
  chosenRoutes(routes)
  exportRoutes(routes)
  figuresRoutes(routes)
  placesRoutes(routes)

  routes.partner('GET', '/inbox', { query: anyQuery }, (scene, { query }) => showInbox(scene, readInboxFilter(query)))

  routes.partner('GET', '/inbox/:id', one, (scene, { params }) => shown(scene, params.id))

  routes.partner('POST', '/inbox/:id/open', one, async (scene, { params }) => {
    const kept = await keptFor(scene, params.id)
    if (kept.referral.openedAt !== null) return redirect(`/inbox/${params.id}`)
    await say(scene, params.id, { kind: 'opened' }, { event: eventId(scene.now) })
    return redirect(`/inbox/${params.id}`, scene.t('referrals.inbox.one.opened_done'))
  })

  routes.partner('POST', '/inbox/:id/give', one, async (scene, { params, body }) => {
    await keptFor(scene, params.id)
    const to = await assignee(scene, textOf(body, 'to'))
    if (to === undefined) return redirect(`/inbox/${params.id}`)
    const giving = { id: params.id, event: formEvent(scene, body), seen: parseId(textOf(body, 'seen')) }
    const [done] = await giveAll(scene, [giving], to)
    return answered(scene, params.id, done!.result, {
      notice: scene.t('referrals.inbox.give.done', { count: 1 }),
    })
  })

  routes.partner('POST', '/inbox/:id/undo', one, async (scene, { params, body }) => {
    await keptFor(scene, params.id)
    const corrects = parseId<'referral_event'>(textOf(body, 'corrects')) ?? notFound()
    const done = await say(scene, params.id, { kind: 'corrected', corrects }, { event: formEvent(scene, body) })
    return answered(scene, params.id, done, { notice: scene.t('referrals.inbox.undo_done') })
  })

  routes.partner('GET', '/inbox/:id/places', one, async (scene, { params }) => {
    const kept = await keptFor(scene, params.id)
    return page(
      'referrals/link/pages/places.njk',
      placesPage(scene, { ...(await placesAt(scene, kept)), ...untouched }),
    )
  })

  routes.partner('POST', '/inbox/:id/places', one, async (scene, { params, body }) => {
    const kept = await keptFor(scene, params.id)
    const form = readPlaces(body, scene.today)
    if (!form.ok) {
      const model = placesPage(scene, { ...(await placesAt(scene, kept)), body, problems: form.problem })
      return page('referrals/link/pages/places.njk', model, { status: 400 })
    }
    await setPlaces(scene.db, kept.file.serviceId, { ...form.value, by: 'partner', asOf: scene.now })
    await scene.record('referrals.places_set', { subjectId: kept.file.serviceId })
    return redirect(`/inbox/${params.id}`, scene.t('referrals.places.done'))
  })

  routes.partner('GET', '/inbox/:id/:act', oneAct, async (scene, { params }) => {
    const kept = await keptFor(scene, params.id)
    return askPartner(scene, kept, { place: placeOf(params.id), act: params.act, ...untouched })
  })

  routes.partner('POST', '/inbox/:id/:act', oneAct, async (scene, { params, body }) => {
    const kept = await keptFor(scene, params.id)
    const { act } = params
    const planned = kept.referral.appointment?.day ?? null
    const form = readAct(act, body, { today: scene.today, planned, timeZone: scene.network.timeZone })
    if (!form.ok) return askPartner(scene, kept, { place: placeOf(params.id), act, body, problems: form.problem })
    const { happening, words } = form.value
    const done = await say(scene, params.id, happening, { event: formEvent(scene, body), words })
    const next = done.ok ? nextQuestion(done.value, happening) : null
    return answered(scene, params.id, done, { notice: scene.t(`referrals.act.${act}.done`), next })
  })
}

/** The referral, if it is one of the own organisation's that was sent; else there is none. */
async function keptFor(scene: InboxScene, id: ReferralId): Promise<KeptReferral> {
  return (await findReferral(scene.db, id)) ?? notFound()
}

function placeOf(id: ReferralId): PartnerPlace {
  return { base: `/inbox/${id}`, home: `/inbox/${id}` }
}

async function placesAt(scene: InboxScene, { file }: KeptReferral) {
  return { serviceName: file.serviceName, back: `/inbox/${file.id}`, share: await findShare(scene.db, file.id) }
}

/** Done: on to what is asked next, or back to the referral. Refused: the referral as it is now, with who was quicker. */
function answered(
  scene: InboxScene,
  id: ReferralId,
  done: Result<KeptReferral, ReferralProblem | GivenMeanwhile>,
  { notice, next = null }: { readonly notice: string; readonly next?: string | null },
): Answer | Promise<Answer> {
  if (!done.ok) return shown(scene, id, whyNot(scene, done.problem))
  return redirect(next === null ? `/inbox/${id}` : `/inbox/${id}/${next}`, notice)
}

/** The page of one referral. Where it shows anything of the person, the client's file says that it did, and to whom. */
async function shown(scene: InboxScene, id: ReferralId, clash: Line | null = null): Promise<Answer> {
  const [row] = await chosenRows(scene.db, [id])
  if (!row) notFound()
  const view = await partnerView(scene, row, { place: placeOf(id), clash })
  if (view.isShown) {
    const { clientId, organizationId } = row.file
    await scene.record('referrals.shown_to_partner', { clientId, subjectId: id, facts: { organizationId } })
    await markSeen(scene.db, id, 'partner', scene.now)
  }
  const model = onePage(scene, { view, row, team: await teamOf(scene) })
  return page('referrals/inbox/pages/one.njk', model, { status: clash === null ? 200 : 409 })
}

/** The id that the form was drawn with, so that a form sent twice is one event. */
function formEvent(scene: InboxScene, body: FormBody) {
  return parseId<'referral_event'>(textOf(body, 'event')) ?? eventId(scene.now)
}
