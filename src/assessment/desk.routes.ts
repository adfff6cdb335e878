// The short first conversation: one page, kept with the assessments that its questions belong to.

import { z } from 'zod'
import { fullName, idsOfFile, inFile, type Client } from '#clients/index.ts'
import { idOf, page, redirect, type Answer, type FormBody, type Routes, type Scene } from '#platform/http/index.ts'
import { changedQuestions } from './answers.ts'
import { assessmentsOf, findAssessment, saveDraft, startAssessment } from './assessments.store.ts'
import { deskParts, type DeskPart } from './desk.ts'
import { fieldName } from './field-name.ts'
import { readGroup, type GroupForm } from './group.form.ts'
import { languagesOf } from './instrument.ts'
import { offeredInstruments } from './instruments.store.ts'
import { preferredLanguage } from './pages/client-assessments.page.ts'
import { deskPage } from './pages/desk.page.ts'

const template = 'assessment/pages/desk.njk'
const ofClient = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'client'>() }) } as const

export function deskRoutes(routes: Routes): void {
  routes.staff('GET', '/clients/:id/assessments/short', ofClient, async (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const parts = await partsOf(scene, client)
      if (parts.length === 0) return redirect(`/clients/${client.id}/assessments/new`)
      return page(template, deskPage(scene, shortly(client), { parts: parts.map((part) => ({ part })) }))
    }),
  )

  routes.staff('POST', '/clients/:id/assessments/short', ofClient, async (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => saveDesk(scene, client, body)),
  )
}

async function saveDesk(scene: Scene, client: Client, body: FormBody): Promise<Answer> {
  const read = (await partsOf(scene, client)).map((part) => ({
    part,
    form: readGroup(part.instrument, part.page, part.answers, { body, isWhole: false }),
  }))
  const isRefused = read.some(({ form }) => form.problems.length > 0)
  const isEmpty = read.every(({ form }) => form.answers.size === 0)
  if (isRefused || isEmpty) {
    const model = deskPage(scene, shortly(client), { parts: read, typed: body, isEmpty: isEmpty && !isRefused })
    return page(template, model, { status: 400 })
  }
  let kept = 0
  for (const one of read) kept += await keepPart(scene, client, one)
  const opened = read.flatMap(({ form }) => form.opened)
  const [first] = opened
  if (first !== undefined) {
    const notice = scene.t('assessment.group.opened', { count: opened.length })
    return redirect(`/clients/${client.id}/assessments/short#${fieldName(first)}-item`, notice)
  }
  return redirect(`/clients/${client.id}`, scene.t('assessment.desk.done', { answered: kept }))
}

/** Saves one set's answers where they belong; gives how many answers the desk has there. */
async function keepPart(scene: Scene, client: Client, { part, form }: { part: DeskPart; form: GroupForm }) {
  const answered = part.page.items.filter(({ linkId }) => form.answers.has(linkId)).length
  if (changedQuestions(part.answers, form.answers).length === 0) return answered
  const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
  const languages = languagesOf(part.instrument)
  const id =
    part.open?.id ??
    (await startAssessment(scene.db, hand, client, {
      instrument: { id: part.instrumentId, instrument: part.instrument },
      manner: 'in_person',
      language: preferredLanguage(languages, client.language, scene.locale),
      answeredOn: null,
    }))
  // Held while it is saved: somebody may be at the full conversation meanwhile.
  const assessment = await findAssessment(scene.db, id, { forUpdate: true })
  if (!assessment) throw new Error('An assessment that was just started is not there.')
  const save = { answers: form.answers, page: null, way: 'at_desk', today: scene.today } as const
  await saveDraft(scene.db, hand, assessment, save)
  await scene.record('assessment.at_desk', { clientId: client.id, subjectId: id, facts: { answered } })
  return answered
}

async function partsOf(scene: Scene, client: Client): Promise<readonly DeskPart[]> {
  const assessments = await assessmentsOf(scene.db, await idsOfFile(scene.db, client.id))
  return deskParts(await offeredInstruments(scene.db), assessments)
}

function shortly(client: Client) {
  return { id: client.id, name: fullName(client), language: client.language }
}
