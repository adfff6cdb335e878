// The conversation about a referral for staff: the latest of it on the referral's page, all of it on its own, and the field
// to write in with its choice of readers.

import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { eventId } from '../../referrals.acts.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { openAudiences } from '../audience.ts'
import { draftOf } from '../conversation.form.ts'
import type { ReferralMessage } from '../referral-messages.store.ts'
import { usualQuestions } from '../usual-question.ts'
import { threadOf } from './thread.page.ts'

// messages: referrals.conversation.*

export interface ConversationOptions {
  readonly kept: KeptReferral
  readonly messages: readonly ReferralMessage[]
  /** The partner sees nothing of the client any more, and is written nothing. */
  readonly isPartnerShut: boolean
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

/** As many as fit beside the rest of the referral's page. */
const latest = 6

export function conversationPanelModel(scene: Scene, options: ConversationOptions) {
  const { kept, messages } = options
  const items = threadOf(scene, kept.referral, { side: 'adviser', messages: messages.slice(-latest) })
  const more = messages.length > items.length
  return {
    items,
    allText: more ? scene.t('referrals.conversation.all', { count: messages.length }) : null,
    allHref: `/referrals/${kept.file.id}/conversation`,
    unread: messages.filter(({ from, seenBy }) => from !== 'adviser' && seenBy.adviser === null).length,
    form: writeForm(scene, options),
  }
}

export function conversationPage(scene: Scene, options: ConversationOptions): PageModel {
  const { kept, messages } = options
  return {
    title: scene.t('referrals.conversation.title'),
    reference: kept.file.reference,
    partnerName: kept.file.organizationName,
    back: `/referrals/${kept.file.id}`,
    items: threadOf(scene, kept.referral, { side: 'adviser', messages }),
    form: writeForm(scene, options),
    problems: scene.problems(options.problems),
  }
}

function writeForm(scene: Scene, { kept, isPartnerShut, body, problems }: ConversationOptions) {
  const open = openAudiences({ isPartnerShut })
  const chosen = textOf(body, 'audience') || open[0]
  return {
    action: `/referrals/${kept.file.id}/conversation`,
    eventId: textOf(body, 'event') || eventId(scene.now),
    words: draftOf(body),
    audiences: open.map((audience) => ({
      value: audience,
      text: scene.t(`referrals.conversation.choice.${audience}`),
      checked: audience === chosen,
    })),
    shut: isPartnerShut ? scene.t('referrals.conversation.partner_shut') : null,
    usual: isPartnerShut
      ? []
      : usualQuestions.map((question) => ({
          value: question,
          text: scene.t(`referrals.conversation.ask.${question}.button`),
        })),
    problems: scene.problems(problems),
  }
}
