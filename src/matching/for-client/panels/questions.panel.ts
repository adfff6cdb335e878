// What clients ask of their recommendations: on Today of whoever must answer, and on the client's page.

import { findClients, fullName, type Client } from '#clients/index.ts'
import type { DueItem } from '#platform/due.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { listStaff } from '#staff/index.ts'
import { openQuestions, questionsOfFile } from '../for-client.store.ts'
import { answerDue, isTheirs } from '../question.ts'

// messages: matching.for-client.today.*
// messages: matching.for-client.panel.*

/** The questions that this person answers: of their own clients (`idsOfCaseload`), of clients at their sites whom nobody looks
 *  after, and those that are late at the sites they manage. */
export async function clientQuestionItems(scene: Scene, caseload: readonly ClientId[]): Promise<readonly DueItem[]> {
  const { db, actor, now, network } = scene
  const siteIds = [...new Set([...actor.siteIds, ...actor.managedSiteIds])]
  const open = await openQuestions(db, { clientIds: caseload, siteIds })
  if (open.length === 0) return []
  const clients = await findClients(
    db,
    open.map(({ clientId }) => clientId),
  )
  const colleagues = new Set((await listStaff(db)).filter(({ state }) => state !== 'left').map(({ id }) => id))
  return open.flatMap((question): DueItem[] => {
    const client = clients.get(question.clientId)
    const due = answerDue(question, network)
    if (!client || !isTheirs(client, { ...actor, colleagues }, due < now)) return []
    return [
      {
        due,
        href: `/clients/${client.id}/questions/${question.id}`,
        title: fullName(client),
        about: null,
        wanted: scene.t(`matching.for-client.today.${question.kind}`),
        tag: null,
        waitsFor: 'me',
      },
    ]
  })
}

/** What was asked and how it ended, on the client's page; null where nothing was. `ids` are those of the file. */
export async function clientQuestionsPanel(
  scene: Scene,
  client: Pick<Client, 'id'>,
  ids: readonly ClientId[],
): Promise<Panel | null> {
  const questions = await questionsOfFile(scene.db, ids)
  if (questions.length === 0) return null
  return {
    template: 'matching/for-client/panels/questions.njk',
    model: {
      rows: questions.map((question) => ({
        href: `/clients/${client.id}/questions/${question.id}`,
        text: scene.t(`matching.for-client.question.${question.kind}`),
        asked: scene.t('matching.for-client.question.asked', { moment: scene.moment(question.askedAt) }),
        end: question.answer && scene.t(`matching.for-client.question.end_${question.answer.code}`),
      })),
    },
  }
}
