// One referral in the inbox: what the link shows, and what a team needs beside it: who looks after it, and what happened.

import { dayIn } from '#platform/dates.ts'
import type { PageModel } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import type { Contact } from '#partners/index.ts'
import type { EventKind, ReferralEvent } from '../../event.ts'
import { timelineOf } from '../../pages/timeline.page.ts'
import { isEnded } from '../../referral.ts'
import type { InboxRow } from '../inbox.store.ts'
import { giveChoices } from './chosen.page.ts'
import { isUnopened, ownStateTag, type InboxScene } from './inbox.page.ts'

/** What the partner may know of the history: not whom the system reminded elsewhere, nor what the client does next. */
const told: ReadonlySet<EventKind> = new Set([
  ...(['drafted', 'sent', 'opened', 'waiting_list', 'more_information_asked', 'accepted', 'declined'] as const),
  ...(['appointment_made', 'attended', 'did_not_attend', 'completed', 'ended_early'] as const),
  ...(['withdrawn', 'expired', 'corrected'] as const),
])

/** The model of the page; `view` is the model that link and inbox have alike. */
export function onePage(
  scene: InboxScene,
  { view, row, team }: { readonly view: PageModel; readonly row: InboxRow; readonly team: readonly Contact[] },
): PageModel {
  const { file, referral, assignedTo } = row
  const address = `/inbox/${file.id}`
  const isOpen = !isEnded(referral.state)
  return {
    ...view,
    back: '/inbox',
    state: ownStateTag(scene, referral.state),
    received: {
      key: 'referrals.inbox.one.received',
      values: { day: scene.day(dayIn(scene.network.timeZone, row.sentAt)), name: row.senderName, site: row.siteName },
    },
    openHref: isUnopened(referral) ? `${address}/open` : null,
    assigned: {
      name: assignedTo?.name ?? null,
      isMe: assignedTo?.id === scene.actor.id,
      seen: assignedTo?.id ?? '',
      href: isOpen ? `${address}/give` : null,
      choices: giveChoices(scene, team, assignedTo?.id ?? 'nobody'),
      me: scene.actor.id,
      // The forms of this page are different events, even when somebody steps back and sends another of them.
      taking: newId<'referral_event'>(scene.now.getTime()),
      giving: newId<'referral_event'>(scene.now.getTime()),
    },
    timeline: timelineOf(scene, { ...referral, events: referral.events.filter(isTold) }, []),
  }
}

function isTold(event: ReferralEvent): boolean {
  if (event.kind === 'reassigned') return event.side === 'partner'
  return told.has(event.kind) || (event.kind === 'reminded' && event.whom === 'partner')
}
