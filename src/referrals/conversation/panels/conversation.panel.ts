// The conversation on the pages of others: the referral's own, the partner's behind link and inbox, the client's.

import { findClients, fullName } from '#clients/index.ts'
import type { DueItem } from '#platform/due.ts'
import { noProblems, type Panel, type Scene } from '#platform/http/index.ts'
import type { AnyScene } from '../../pages/act.page.ts'
import { eventId } from '../../referrals.acts.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { isShutToPartner } from '../../sharing/partner-reads.scene.ts'
import type { Side } from '../audience.ts'
import { conversationPanelModel } from '../pages/conversation.page.ts'
import { threadOf } from '../pages/thread.page.ts'
import { conversationOf, markSeen, unreadByAdviser } from '../referral-messages.store.ts'

/** For staff. Once the adviser in charge has opened it (which leaves its trace in the file), the others' messages count as
 *  read; a colleague who looks in reads for themselves alone. */
export async function conversationPanel(scene: Scene, kept: KeptReferral): Promise<Panel> {
  const { file } = kept
  const messages = await conversationOf(scene.db, file.id, 'adviser')
  const isPartnerShut = await isShutToPartner(scene.db, kept)
  if (file.adviserId === scene.actor.id) await markSeen(scene.db, file.id, 'adviser', scene.now)
  const model = conversationPanelModel(scene, { kept, messages, isPartnerShut, body: {}, problems: [] })
  return { template: 'referrals/conversation/panels/conversation.njk', model }
}

/** What partners and clients wrote and the adviser has not read, for Today: an answer is wanted from the moment it came. */
export async function messageItems(scene: Scene): Promise<readonly DueItem[]> {
  const unread = await unreadByAdviser(scene.db, scene.actor.id)
  const people = await findClients(
    scene.db,
    unread.map(({ clientId }) => clientId),
  )
  return unread.map(({ id, clientId, serviceName, count, since }) => {
    const person = people.get(clientId)
    return {
      due: since,
      href: `/referrals/${id}#conversation`,
      title: person ? fullName(person) : serviceName,
      about: person ? serviceName : null,
      wanted: scene.t('referrals.conversation.unread_count', { count }),
      tag: null,
      waitsFor: 'me',
    }
  })
}

/** For a partner or client: their thread with the adviser, and one field that is posted to `action` with `words` and `event`.
 *  Drawing it marks nothing as read: whoever opens the page by a press of a button calls `markSeen`. */
export async function conversationWithAdviserPanel(
  scene: AnyScene,
  kept: KeptReferral,
  { side, action }: { readonly side: Exclude<Side, 'adviser'>; readonly action: string },
): Promise<Panel> {
  const messages = await conversationOf(scene.db, kept.file.id, side)
  return {
    template: 'referrals/conversation/panels/conversation-with-adviser.njk',
    model: {
      items: threadOf(scene, kept.referral, { side, messages }),
      action,
      eventId: eventId(scene.now),
      words: '',
      problems: noProblems,
    },
  }
}
