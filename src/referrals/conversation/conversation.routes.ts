// Writing about a referral as staff: to the partner, to the client, or for colleagues.

import { z } from 'zod'
import {
  idOf,
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { actorOf, formEvent, inReferral } from '../in-referral.guard.ts'
import { problemLine } from '../pages/timeline.page.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { isShutToPartner } from '../sharing/partner-reads.scene.ts'
import { say } from './conversation.acts.ts'
import { draftOf, readMessage } from './conversation.form.ts'
import { conversationPage } from './pages/conversation.page.ts'
import { conversationOf, markSeen } from './referral-messages.store.ts'
import { usualQuestions, withQuestion } from './usual-question.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function conversationRoutes(routes: Routes): void {
  routes.staff('GET', '/referrals/:id/conversation', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) => {
      const answer = await conversation(scene, kept, { body: {}, problems: [] })
      if (kept.file.adviserId === scene.actor.id) await markSeen(scene.db, kept.file.id, 'adviser', scene.now)
      return answer
    }),
  )

  routes.staff('POST', '/referrals/:id/conversation', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const question = usualQuestions.find((each) => each === textOf(body, 'ask'))
      if (question !== undefined) {
        // Nothing is sent yet: the question stands in the field, to be changed first.
        const words = withQuestion(draftOf(body), scene.t(`referrals.conversation.ask.${question}.words`))
        return conversation(scene, kept, { body: { ...body, words }, problems: [] })
      }
      const message = readMessage(body, { isPartnerShut: await isShutToPartner(scene.db, kept) })
      if (!message.ok) return conversation(scene, kept, { body, problems: message.problem })
      const said = { eventId: formEvent(scene, body), actor: actorOf(scene), channel: 'page' } as const
      const done = await say(scene, kept.file.id, { ...said, ...message.value })
      if (!done.ok) {
        const { key, values } = problemLine(scene, done.problem)
        return conversation(scene, kept, { body, problems: [{ field: 'words', key, values }] })
      }
      const isNote = message.value.audience === 'colleagues'
      return redirect(
        `/referrals/${kept.file.id}#conversation`,
        scene.t(isNote ? 'referrals.conversation.noted' : 'referrals.conversation.done'),
      )
    }),
  )
}

async function conversation(
  scene: Scene,
  kept: KeptReferral,
  { body, problems }: { readonly body: FormBody; readonly problems: readonly FieldProblem[] },
): Promise<Answer> {
  const model = conversationPage(scene, {
    ...{ kept, body, problems },
    messages: await conversationOf(scene.db, kept.file.id, 'adviser'),
    isPartnerShut: await isShutToPartner(scene.db, kept),
  })
  return page('referrals/conversation/pages/conversation.njk', model, { status: problems.length > 0 ? 400 : 200 })
}
