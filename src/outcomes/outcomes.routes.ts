// Recording outcomes, for advisers.

import { z } from 'zod'
import { idsOfFile, inFile, type Client } from '#clients/index.ts'
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
import { parseId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { followUpsOf } from './follow-ups.store.ts'
import { mailFollowUp } from './follow-up-links.acts.ts'
import { readOutcome } from './outcome.form.ts'
import { newStatementId, questionOf, recordOutcome } from './outcomes.acts.ts'
import { statementsOf } from './outcomes.store.ts'
import { outcomePage } from './pages/outcome.page.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'client'>() }) } as const

export function outcomesRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  const query = z.object({ corrects: z.string().catch('') })
  routes.staff('GET', '/clients/:id/outcome', { ...one, query }, (scene, { params, query }) =>
    inFile(scene, params.id, (client) => formPage(scene, client, { corrects: query.corrects }, [])),
  )

  routes.staff('POST', '/clients/:id/outcome', one, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const form = readOutcome(body, scene.today)
      if (!form.ok) return formPage(scene, client, body, form.problem)
      const corrects = await correctable(scene, client, textOf(body, 'corrects'))
      await recordOutcome(scene, client, {
        ...form.value,
        id: parseId<'outcome_statement'>(textOf(body, 'statement')) ?? newStatementId(scene.now),
        channel: 'page',
        corrects,
        by: { id: scene.actor.id, name: scene.actor.name },
      })
      return redirect(`/clients/${client.id}`, scene.t('outcomes.page.done'))
    }),
  )

  routes.staff('POST', '/clients/:id/outcome/mail', one, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const question = questionOf(await followUpsOf(scene.db, await idsOfFile(scene.db, client.id)), scene.today)
      const isSent = question !== undefined && (await mailFollowUp(scene, keys, question))
      return redirect(
        `/clients/${client.id}/outcome`,
        scene.t(isSent ? 'outcomes.page.mailed' : 'outcomes.page.not_mailed'),
      )
    }),
  )
}

async function formPage(
  scene: Scene,
  client: Client,
  body: FormBody,
  problems: readonly FieldProblem[],
): Promise<Answer> {
  const ids = await idsOfFile(scene.db, client.id)
  const model = outcomePage(scene, {
    client,
    statements: await statementsOf(scene.db, ids),
    question: questionOf(await followUpsOf(scene.db, ids), scene.today),
    statementId: newStatementId(scene.now),
    body,
    problems,
  })
  return page('outcomes/pages/outcome.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

/** The statement of this client that is put right, if it stands and has not been put right before. */
async function correctable(scene: Scene, client: Client, text: string) {
  const statements = await statementsOf(scene.db, await idsOfFile(scene.db, client.id))
  const wrong = statements.find((statement) => statement.id === text)
  return wrong && !statements.some((statement) => statement.corrects === wrong.id) ? wrong.id : null
}
