// The list of models, with the learning that goes on, and whether ranking by model is on.

import type { PageModel, Scene } from '#platform/http/index.ts'
import type { KeptDrift } from '../life/drift.store.ts'
import { isSilent, type Learning } from '../life/learnings.store.ts'
import type { KeptEngineModel, LifeEvent } from '../life/life.store.ts'
import type { Turning } from '../life/switch.store.ts'
import type { ModelId } from '../models.store.ts'
import { driftWarning } from './drift.page.ts'
import { termFields } from './learn.page.ts'
import { nameOf, stateTone, titleOf } from './model.page.ts'
import { countInWords } from './words.page.ts'

// messages: evidence.learning.*
// messages: evidence.head.*

export interface ShownModels {
  readonly models: readonly KeptEngineModel[]
  readonly events: readonly LifeEvent[]
  readonly drift: ReadonlyMap<ModelId, KeptDrift>
  readonly learning: Learning | null
  readonly names: ReadonlyMap<string, string>
  readonly turning: Turning | null
  /** Whether this installation can learn from the page. */
  readonly canLearn: boolean
}

export function modelsPage(scene: Scene, shown: ShownModels): PageModel {
  const { models, learning, turning, canLearn } = shown
  const isRunning = learning !== null && learning.result === null && !isSilent(learning, scene.now)
  const isOff = turning?.isOn === false
  return {
    title: scene.t('evidence.models.title'),
    sentence: listSentence(scene, models, isOff),
    switchText: scene.t(isOff ? 'evidence.switch.is_off' : 'evidence.switch.is_on'),
    isOff,
    learning: learning ? learningInWords(scene, learning, shown.names) : null,
    canLearn: canLearn && !isRunning,
    terms: learnAgain(scene, learning),
    rows: models.map((model) => modelRow(scene, model, shown)),
  }
}

/** Learning anew keeps to what was said last, until somebody says otherwise. */
function learnAgain(scene: Scene, learning: Learning | null) {
  const terms = learning?.terms ?? []
  return {
    fields: termFields(terms),
    text: terms.length === 0 ? null : scene.t('evidence.terms.as_before', { count: terms.length }),
    button: scene.t(learning?.result === 'stopped' ? 'evidence.learning.again' : 'evidence.models.learn'),
  }
}

function listSentence(scene: Scene, models: readonly KeptEngineModel[], isOff: boolean): string {
  const inUse = models.find(({ state }) => state === 'in_use')
  const waiting = models.filter(({ state }) => state === 'fitted' || state === 'reviewed').length
  if (isOff) return scene.t('evidence.models.switched_off', { waiting })
  if (!inUse) return scene.t('evidence.models.none_in_use', { waiting })
  const key = inUse.card.usedForRanking ? 'evidence.models.in_use' : 'evidence.models.in_use_failed'
  return scene.t(key, { version: inUse.version, waiting })
}

function modelRow(scene: Scene, model: KeptEngineModel, { events, names, drift }: ShownModels) {
  const own = events.filter(({ modelId }) => modelId === model.id)
  const approval = own.find(({ kind }) => kind === 'put_in_use')
  const review = own.find(({ kind }) => kind === 'reviewed')
  const { card, state } = model
  return {
    href: `/insights/evidence/models/${model.id}`,
    title: titleOf(scene, model),
    state: { text: scene.t(`evidence.state.${state}`), tone: stateTone[state] },
    learned: scene.moment(model.learnedAt),
    rows: countInWords(card.data.rows, scene),
    checks: {
      text: scene.t(card.usedForRanking ? 'evidence.check.passed' : 'evidence.check.failed'),
      tone: card.usedForRanking ? 'good' : 'stop',
    },
    reviewedBy: review ? nameOf(names, review.actorId) : null,
    approvedBy: approval ? nameOf(names, approval.actorId) : null,
    warning: driftWarning(drift.get(model.id), scene),
  }
}

function learningInWords(scene: Scene, learning: Learning, names: ReadonlyMap<string, string>) {
  const { id, done, of, startedAt, endedAt, askedAt, result, isStopping, modelId } = learning
  const said = { name: names.get(learning.askedBy) ?? '', moment: scene.moment(endedAt ?? askedAt) }
  const isLost = isSilent(learning, scene.now)
  const ended = result === 'stopped' && !isStopping ? 'interrupted' : result
  const state = ended ?? (isLost ? 'lost' : isStopping ? 'stopping' : startedAt === null ? 'waiting' : 'running')
  const percent = of === 0 ? 0 : Math.min(100, Math.floor((done / of) * 100))
  return {
    text: scene.t(`evidence.learning.${state}`, said),
    progress: state === 'running' && of > 0 ? { percent, text: progressInWords(scene, learning, percent) } : null,
    stopAction: result === null && !isStopping ? `/insights/evidence/learnings/${id}/stop` : null,
    isRunning: result === null && !isLost,
    modelHref: modelId === null ? null : `/insights/evidence/models/${modelId}`,
  }
}

/** Time left as if the rest went like what is done. */
function progressInWords(scene: Scene, { done, of, startedAt }: Learning, percent: number): string {
  const gone = startedAt === null ? 0 : scene.now.getTime() - startedAt.getTime()
  const left = done === 0 ? 0 : (gone / done) * (of - done)
  return scene.t('evidence.learning.progress', { percent, minutes: Math.ceil(left / 60_000) })
}
