// The models that were learned: their cards, their lives, the switch, and learning on request.

import { z } from 'zod'
import { csvTable } from '#platform/csv.ts'
import {
  file,
  idOf,
  noProblems,
  notFound,
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { listStaff } from '#staff/index.ts'
import { latestDrift } from '../life/drift.store.ts'
import { driftJob, learnJob } from '../life/evidence.jobs.ts'
import { askForLearning, latestLearning, stopLearning } from '../life/learnings.store.ts'
import { approvers, lifeSteps, takeStep, type LifeStep } from '../life/life.ts'
import {
  engineInUse,
  engineModels,
  findEngineModel,
  keepStep,
  lifeEventsOf,
  lockEngineModels,
  type KeptEngineModel,
} from '../life/life.store.ts'
import { isRankingByModelOn, turnings, turnSwitch } from '../life/switch.store.ts'
import { cardRows } from './card-file.ts'
import { learnPage, readTermsForm } from './learn.page.ts'
import { lifeOf, modelPage, readingPage, type ShownModel } from './model.page.ts'
import { modelsPage } from './models.page.ts'
import { switchPage } from './switch.page.ts'

const readers = { roles: ['manager', 'evaluator', 'administrator'] } as const
const turners = { roles: ['manager', 'administrator'] } as const
const everyone = { roles: ['adviser', 'manager', 'evaluator', 'administrator'] } as const
const ofModel = z.object({ id: idOf<'evidence_model'>() })
const ofLearning = z.object({ id: idOf<'evidence_learning'>() })
const list = '/insights/evidence'
/** Long enough for a reason, short enough to be read. */
const longestNote = 500

export interface EvidenceParts {
  /** Whether there is a job that learns. */
  readonly canLearn: boolean
}

export function evidenceRoutes(routes: Routes, { canLearn }: EvidenceParts): void {
  routes.staff('GET', list, readers, async (scene) => {
    const models = await engineModels(scene.db)
    const ids = models.map(({ id }) => id)
    return page(
      'evidence/pages/models.njk',
      modelsPage(scene, {
        models,
        events: await lifeEventsOf(scene.db, ids),
        drift: await latestDrift(scene.db, ids),
        learning: await latestLearning(scene.db),
        names: await staffNames(scene),
        turning: (await turnings(scene.db, 1))[0] ?? null,
        canLearn,
      }),
    )
  })

  routes.staff('GET', `${list}/in-use`, everyone, async (scene) => {
    const model = await engineInUse(scene.db)
    return page('evidence/pages/reading.njk', readingPage(scene, model, !(await isRankingByModelOn(scene.db))))
  })

  modelRoutes(routes)
  switchRoutes(routes)
  if (canLearn) learningRoutes(routes)
}

function modelRoutes(routes: Routes): void {
  const ofOne = { ...readers, params: ofModel } as const
  routes.staff('GET', `${list}/models/:id`, ofOne, async (scene, { params }) =>
    shownModel(scene, (await findEngineModel(scene.db, params.id)) ?? notFound()),
  )

  routes.staff('GET', `${list}/models/:id/card.json`, ofOne, async (scene, { params }) => {
    const { card, version } = (await findEngineModel(scene.db, params.id)) ?? notFound()
    return file(`model-${version}-card.json`, 'application/json; charset=utf-8', JSON.stringify(card, null, 2))
  })

  routes.staff('GET', `${list}/models/:id/card.csv`, ofOne, async (scene, { params }) => {
    const { card, version } = (await findEngineModel(scene.db, params.id)) ?? notFound()
    const heads = ['part', 'of', 'figure', 'value'].map((head) => scene.t(`evidence.column.${head}`))
    return file(`model-${version}-card.csv`, 'text/csv; charset=utf-8', csvTable(heads, cardRows(card)))
  })

  for (const step of lifeSteps) {
    routes.staff('POST', `${list}/models/:id/${step.replaceAll('_', '-')}`, ofOne, async (scene, { params, body }) => {
      // Whoever was first is seen: the other is told that the model has moved on.
      await lockEngineModels(scene.db)
      return stepWith(scene, { step, model: (await findEngineModel(scene.db, params.id)) ?? notFound(), body })
    })
  }
}

// messages: evidence.column.*
// messages: evidence.problem.*
// messages: evidence.done.*

async function stepWith(
  scene: Scene,
  { step, model, body }: { step: LifeStep; model: KeptEngineModel; body: FormBody },
): Promise<Answer> {
  const note = textOf(body, `note-${step}`)
  const staff = await listStaff(scene.db)
  const isAnotherThere = staff.some(
    ({ id, state, roles }) =>
      id !== scene.actor.id && state === 'active' && roles.some((role) => approvers.includes(role)),
  )
  const life = lifeOf(model, await lifeEventsOf(scene.db, [model.id]))
  const taken = takeStep(step, life, scene.actor, { note, isAnotherThere })
  const field = `note-${step}`
  const problem: FieldProblem | null = !taken.ok
    ? { field, key: `evidence.problem.${taken.problem}` }
    : note.length > longestNote
      ? { field, key: 'evidence.problem.note_long' }
      : null
  if (!taken.ok || problem)
    return shownModel(scene, model, { typed: { step, note }, problems: problem ? [problem] : [] })
  const kept = { modelId: model.id, actorId: scene.actor.id, note: note === '' ? null : note, now: scene.now }
  await keepStep(scene.db, scene.network.id, { ...taken.value, ...kept })
  await scene.record(`evidence.${taken.value.event}`, { subjectId: model.id, facts: { version: model.version } })
  return redirect(`${list}/models/${model.id}`, scene.t(`evidence.done.${step}`, { version: model.version }))
}

async function shownModel(
  scene: Scene,
  model: KeptEngineModel,
  again: { typed: ShownModel['typed']; problems: readonly FieldProblem[] } | null = null,
): Promise<Answer> {
  const shown: ShownModel = {
    model,
    events: await lifeEventsOf(scene.db, [model.id]),
    drift: (await latestDrift(scene.db, [model.id])).get(model.id),
    names: await staffNames(scene),
    isSwitchedOff: !(await isRankingByModelOn(scene.db)),
    typed: again?.typed ?? { step: null, note: '' },
    problems: again ? scene.problems(again.problems) : noProblems,
  }
  return page('evidence/pages/model.njk', modelPage(scene, shown), { status: again ? 400 : 200 })
}

const turnForm = z.object({
  to: z.enum(['on', 'off']),
  reason: requiredText('evidence.problem.reason_missing', longestNote),
})

function switchRoutes(routes: Routes): void {
  routes.staff('GET', `${list}/switch`, readers, (scene) => shownSwitch(scene, '', []))

  routes.staff('POST', `${list}/switch`, turners, async (scene, { body }) => {
    const form = readForm(turnForm, body)
    if (!form.ok) return shownSwitch(scene, textOf(body, 'reason'), form.problem)
    const { to, reason } = form.value
    await turnSwitch(scene.db, scene.network.id, { isOn: to === 'on', at: scene.now, by: scene.actor.id, reason })
    await scene.record(to === 'on' ? 'evidence.switched_on' : 'evidence.switched_off')
    return redirect(`${list}/switch`, scene.t(to === 'on' ? 'evidence.done.on' : 'evidence.done.off'))
  })
}

async function shownSwitch(scene: Scene, typed: string, problems: readonly FieldProblem[]): Promise<Answer> {
  const model = switchPage(scene, {
    turnings: await turnings(scene.db),
    names: await staffNames(scene),
    mayTurn: scene.actor.roles.some((role) => turners.roles.some((each) => each === role)),
    typed,
    problems: scene.problems(problems),
  })
  return page('evidence/pages/switch.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

function learningRoutes(routes: Routes): void {
  routes.staff('GET', `${list}/learn`, readers, async (scene) => {
    const terms = (await latestLearning(scene.db))?.terms ?? []
    return page('evidence/pages/learn.njk', learnPage(scene, { arms: await armsKnown(scene), terms }))
  })

  routes.staff('POST', `${list}/learn`, readers, async (scene, { body }) => {
    const form = readTermsForm(body, scene)
    if (form.problems.length > 0) {
      const again = { arms: await armsKnown(scene), body, problems: scene.problems(form.problems) }
      return page('evidence/pages/learn.njk', learnPage(scene, again), { status: 400 })
    }
    const asked = { askedBy: scene.actor.id, now: scene.now, terms: form.terms }
    const id = await askForLearning(scene.db, scene.network.id, asked)
    if (id === null) return redirect(list, scene.t('evidence.done.running_already'))
    await scene.enqueue(learnJob, { learningId: id })
    await scene.record('evidence.learning_asked', { subjectId: id })
    return redirect(list, scene.t('evidence.done.learning'))
  })

  routes.staff('POST', `${list}/learnings/:id/stop`, { ...readers, params: ofLearning }, async (scene, { params }) => {
    const isHeard = await stopLearning(scene.db, params.id, { stoppedBy: scene.actor.id, now: scene.now })
    if (isHeard) await scene.record('evidence.learning_stopped', { subjectId: params.id })
    return redirect(list, scene.t(isHeard ? 'evidence.done.stopping' : 'evidence.done.ended_already'))
  })

  routes.staff('POST', `${list}/drift`, readers, async (scene) => {
    await scene.enqueue(driftJob, {}, { key: driftJob })
    await scene.record('evidence.drift_asked')
    return redirect(list, scene.t('evidence.done.looking'))
  })
}

/** Services that the newest model learned of. */
async function armsKnown({ db }: Scene): Promise<readonly string[]> {
  const [newest] = await engineModels(db)
  return newest?.card.arms.map(({ arm }) => arm) ?? []
}

async function staffNames({ db }: Scene): Promise<ReadonlyMap<string, string>> {
  return new Map((await listStaff(db)).map(({ id, name }) => [id, name]))
}
