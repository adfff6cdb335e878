// What a partner sees of one referral and is asked about it, alike behind a link and in the inbox: only the addresses differ.

import { page, redirect, type Answer, type FormBody, type PageModel, type Panel } from '#platform/http/index.ts'
import { requirementChoices } from '../after-decline/decline.scene.ts'
import { openActs, type PartnerAct } from '../act.ts'
import { partnerAttachmentsPanel } from '../attachments/partner-attachments.scene.ts'
import { conversationWithAdviserPanel } from '../conversation/panels/conversation.panel.ts'
import type { Happening } from '../event.ts'
import { actPage, type ActPageOptions, type AnyScene } from '../pages/act.page.ts'
import type { Line } from '../pages/timeline.page.ts'
import { eventId } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { partnersAnswer } from './action-set.ts'
import { contactOf, partnerReferralPage } from './pages/partner.page.ts'

/** Where the partner stands. */
export interface PartnerPlace {
  /** What the addresses of acts, places and the like begin with. */
  readonly base: string
  /** The page of the referral itself. */
  readonly home: string
}

/** The model of the referral's page. With a clash (somebody was quicker) it is read again: what they did has to be shown. */
export async function partnerView(
  scene: AnyScene,
  kept: KeptReferral,
  { place, clash }: { readonly place: PartnerPlace; readonly clash: Line | null },
): Promise<PageModel> {
  const { db } = scene
  return partnerReferralPage(scene, {
    kept: clash === null ? kept : ((await findReferral(db, kept.file.id)) ?? kept),
    share: await findShare(db, kept.file.id),
    panels: await partnerPanels(scene, kept, place),
    base: place.base,
    clash,
    eventId: eventId(scene.now),
    undoId: eventId(scene.now),
  })
}

/** The thread with the adviser, and the files. */
async function partnerPanels(scene: AnyScene, kept: KeptReferral, { base }: PartnerPlace): Promise<readonly Panel[]> {
  const thread = await conversationWithAdviserPanel(scene, kept, { side: 'partner', action: `${base}/message` })
  return [thread, await partnerAttachmentsPanel(scene, kept, { base })].filter((panel) => panel !== null)
}

/** One question about the referral. A page that was left open, or a step back: the referral itself shows how things stand. */
export async function askPartner(
  scene: AnyScene,
  { file, referral }: KeptReferral,
  at: {
    readonly place: PartnerPlace
    readonly act: PartnerAct
    readonly body: FormBody
    readonly problems: ActPageOptions['problems']
  },
): Promise<Answer> {
  const { place, act, body, problems } = at
  if (!openActs(referral, 'partner').includes(act)) return redirect(place.home)
  const model = actPage(scene, {
    act,
    requirements: await requirementChoices(scene, act, file.serviceId),
    side: 'partner',
    referral,
    reference: file.reference,
    eventId: eventId(scene.now),
    back: place.home,
    body,
    problems,
  })
  const share = await findShare(scene.db, file.id)
  return page(
    'referrals/pages/act.njk',
    { ...model, sender: share ? contactOf(share) : null },
    { status: problems.length > 0 ? 400 : 200 },
  )
}

/** What is asked next: after a yes when to come, after "no places" when there will be some. Each can be left for later; null
 *  when there is nothing more to ask. */
export function nextQuestion({ referral }: KeptReferral, said: Happening): 'appointment' | 'places' | null {
  if (said.kind === 'accepted') return referral.appointment === null ? 'appointment' : null
  return said.kind === 'declined' && said.reason === 'no_places' && partnersAnswer.setsPlaces ? 'places' : null
}
