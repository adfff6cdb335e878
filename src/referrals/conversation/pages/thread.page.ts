// The thread of a referral as one side reads it: who said what, when, to whom, and whether it was read.

import type { MessageValues } from '#platform/i18n/index.ts'
import type { AnyScene } from '../../pages/act.page.ts'
import { eventTitle } from '../../pages/timeline.page.ts'
import type { Referral } from '../../referral.ts'
import type { Audience, Side } from '../audience.ts'
import type { ReferralMessage } from '../referral-messages.store.ts'

// messages: referrals.conversation.*

export interface ThreadItem {
  readonly id: string
  readonly isOwn: boolean
  /** Who wrote it: a name that somebody typed, or null where `fromText` says it. */
  readonly fromName: string | null
  readonly fromText: string | null
  readonly when: string
  readonly iso: string
  readonly words: string
  /** What it came with, where it is more than a message. */
  readonly with: { readonly key: string; readonly values: MessageValues } | null
  /** Whom it is for; null where there is only one other side. */
  readonly to: string | null
  readonly seen: readonly string[]
  readonly isNew: boolean
}

export function threadOf(
  scene: AnyScene,
  referral: Referral,
  { side, messages }: { readonly side: Side; readonly messages: readonly ReferralMessage[] },
): readonly ThreadItem[] {
  return messages.map((message) => {
    const event = referral.events.find(({ id }) => id === message.eventId)
    const isOwn = message.from === side && side !== 'adviser'
    const name = event?.actor.name ?? ''
    const isNamed = message.from !== 'client' && name !== '' && !isOwn
    return {
      id: message.id,
      isOwn: message.from === side,
      fromName: isNamed ? name : null,
      fromText: isNamed
        ? null
        : scene.t(isOwn ? 'referrals.conversation.you' : `referrals.conversation.from_${message.from}`),
      when: scene.moment(message.at),
      iso: message.at.toISOString(),
      words: message.words,
      with:
        event === undefined || event.kind === 'message'
          ? null
          : { key: 'referrals.conversation.with', values: { event: scene.t(eventTitle(event)) } },
      to: side === 'adviser' ? scene.t(`referrals.conversation.for.${toOf(message)}`) : null,
      seen: [
        ...readersOf(message, side).map((reader) => seenText(scene, message, reader)),
        ...(message.hiddenAt === null ? [] : [scene.t('referrals.conversation.hidden_since')]),
      ],
      isNew: message.from !== side && message.seenBy[side] === null,
    }
  })
}

function toOf({ from, audience, hiddenAt }: ReferralMessage): Audience | 'to_adviser' {
  if (from !== 'adviser') return 'to_adviser'
  if (hiddenAt === null) return audience
  return audience === 'client' ? 'partner_and_client' : 'partner'
}

/** Of whom it is said whether they have read it: those it was written to, on the page of whoever wrote it. */
function readersOf({ from, audience }: ReferralMessage, side: Side): readonly Side[] {
  if (from !== side) return []
  if (from !== 'adviser') return ['adviser']
  const readers: Readonly<Record<Audience, readonly Side[]>> = {
    partner: ['partner'],
    partner_and_client: ['partner', 'client'],
    client: ['client'],
    colleagues: [],
  }
  return readers[audience]
}

function seenText(scene: AnyScene, { seenBy }: ReferralMessage, reader: Side): string {
  const at = seenBy[reader]
  if (at === null) return scene.t(`referrals.conversation.unread_by_${reader}`)
  return scene.t(`referrals.conversation.read_by_${reader}`, { when: scene.moment(at) })
}
