// On a service's page: referring a client to it, asking whether there are places, and what was last answered. On Today: what
// came of the questions that this person asked.

import type { DueItem } from '#platform/due.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { addWorkingDays, dayIn, momentIn } from '#platform/dates.ts'
import { askedBy, questionsAbout } from '../capacity.store.ts'
import { isOpen, type CapacityQuestion } from '../question.ts'
import { answerInWords, sourceInWords, wantedInWords } from '../pages/words.page.ts'

export async function serviceCapacityPanel(scene: Scene, serviceId: ServiceId): Promise<Panel> {
  const questions = await questionsAbout(scene.db, serviceId)
  const open = questions.find((question) => isOpen(question, scene.now))
  const answered = questions.find((question) => question.answered !== null)
  return {
    template: 'referrals/capacity/panels/service.njk',
    model: {
      referHref: `/services/${serviceId}/refer`,
      askHref: `/services/${serviceId}/ask-places`,
      open: open ? openLine(scene, open) : null,
      answered: answered?.answered
        ? {
            text: answerInWords(scene, answered.answered.answer),
            words: answered.answered.words,
            source: sourceInWords(scene, answered.answered),
          }
        : null,
    },
  }
}

/** Answers are read and put away; a partner that has not answered is rung. What is not due yet waits in silence. */
export async function capacityItems(scene: Scene): Promise<readonly DueItem[]> {
  const asked = await askedBy(scene.db, scene.actor.id)
  return asked.flatMap((question): DueItem[] => {
    const { answered, id, dueAt } = question
    const about = {
      title: question.organizationName,
      about: question.serviceName,
      href: `/services/${question.serviceId}`,
    }
    const put = {
      template: 'referrals/capacity/panels/dismiss.njk',
      model: { action: `/capacity-questions/${id}/dismiss` },
    }
    if (answered !== null) {
      const wanted = scene.t('referrals.capacity.today_answered', { answer: answerInWords(scene, answered.answer) })
      return [{ ...about, due: readBy(scene, answered.at), wanted, tag: null, waitsFor: 'me', answers: put }]
    }
    if (question.expiresAt <= scene.now) return []
    const href = `/capacity-questions/${id}/answer`
    const mustRing = dueAt <= scene.now || !question.isReachable
    const wanted = scene.t(mustRing ? 'referrals.capacity.today_ring' : 'referrals.capacity.today_waiting')
    const waiting = { ...about, href, due: dueAt, wanted, tag: null, answers: put }
    return [{ ...waiting, waitsFor: mustRing ? 'me' : 'others' }]
  })
}

/** An answer is read by the end of the next working day: places do not wait. */
function readBy({ network }: Scene, answeredAt: Date): Date {
  const day = addWorkingDays(dayIn(network.timeZone, answeredAt), 1, network.holidays)
  return momentIn(network.timeZone, day, '17:00')
}

function openLine(scene: Scene, question: CapacityQuestion) {
  return {
    text: scene.t('referrals.capacity.waiting', {
      name: question.askerName,
      day: scene.day(dayIn(scene.network.timeZone, question.askedAt)),
    }),
    lines: wantedInWords(scene, question.wanted),
    answerHref: `/capacity-questions/${question.id}/answer`,
  }
}
