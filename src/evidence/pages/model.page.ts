// One model's page: an honest sentence, its card, its charts, what has drifted, its life and what may be done with it.

import type { PageModel, Scene, ShownProblems } from '#platform/http/index.ts'
import type { StaffId } from '#platform/ids.ts'
import { stepsOpen, type Life, type LifeStep } from '../life/life.ts'
import type { KeptDrift } from '../life/drift.store.ts'
import type { KeptEngineModel, LifeEvent } from '../life/life.store.ts'
import { calibrationSection, checksSection, intervalsSection, membersSection, tocSection } from './checks.page.ts'
import { armsSection, cardFacts, featuresSection, limitsInWords } from './data.page.ts'
import { driftInWords } from './drift.page.ts'
import {
  averagesSection,
  averagesSentence,
  providersSection,
  sensitivitySection,
  treatedSection,
} from './effects.page.ts'
import { folded } from './section.page.ts'
import { groupsSection, termsSection, treeInWords, valuesSection, welfareSection } from './values.page.ts'

// messages: evidence.step.*
// messages: evidence.event.*
// messages: evidence.state.*

export interface ShownModel {
  readonly model: KeptEngineModel
  readonly events: readonly LifeEvent[]
  readonly drift: KeptDrift | undefined
  readonly names: ReadonlyMap<string, string>
  readonly isSwitchedOff: boolean
  /** What was typed, when a step is asked again. */
  readonly typed: { readonly step: LifeStep | null; readonly note: string }
  readonly problems: ShownProblems
}

export const stateTone = { fitted: 'wait', reviewed: 'wait', in_use: 'good', retired: 'quiet' } as const

export function lifeOf(model: KeptEngineModel, events: readonly LifeEvent[]): Life {
  const review = events.find(({ kind }) => kind === 'reviewed')
  return { state: model.state, reviewedBy: review?.actorId ?? null }
}

export function modelPage(scene: Scene, shown: ShownModel): PageModel {
  const { model, events, drift, problems } = shown
  const { card } = model
  const base = `/insights/evidence/models/${model.id}`
  const sections = sectionsOf(scene, model)
  return {
    title: titleOf(scene, model),
    sentence: honestSentence(scene, model, shown.isSwitchedOff),
    state: { text: scene.t(`evidence.state.${model.state}`), tone: stateTone[model.state] },
    contents: contentsOf(scene, sections.fairness.length > 0),
    facts: cardFacts(card, scene),
    limits: limitsInWords(card, scene),
    ...sections,
    drift: driftInWords(drift, card, scene),
    history: events.map((event) => historyLine(scene, event, shown.names)),
    forms: formsOf(scene, shown, base),
    files: [
      { text: scene.t('evidence.model.json'), href: `${base}/card.json` },
      { text: scene.t('evidence.model.csv'), href: `${base}/card.csv` },
    ],
    problems,
  }
}

/** For advisers: what the model in use says of everyone together, how it was tried, and what it cannot know. */
export function readingPage(scene: Scene, model: KeptEngineModel | null, isSwitchedOff: boolean): PageModel {
  if (!model) return { title: scene.t('evidence.reading.title'), model: null, isSwitchedOff }
  const { card } = model
  return {
    title: scene.t('evidence.reading.title'),
    isSwitchedOff,
    model: {
      sentence: honestSentence(scene, model, isSwitchedOff),
      limits: limitsInWords(card, scene),
      facts: cardFacts(card, scene),
      sections: [averagesSection(card, scene), checksSection(card, scene)],
    },
  }
}

export function titleOf(scene: Scene, { version }: KeptEngineModel): string {
  return scene.t('evidence.model.title', { version })
}

/** What a reader must know first: whether it orders anything, and what it found for everyone together. */
function honestSentence(scene: Scene, { card, state }: KeptEngineModel, isSwitchedOff: boolean): string {
  const says = averagesSentence(card, scene)
  const role = !card.usedForRanking
    ? 'failed'
    : state !== 'in_use'
      ? `not_${state}`
      : isSwitchedOff
        ? 'switched_off'
        : 'ranks'
  return `${scene.t(`evidence.model.${role}`, { rows: card.data.rows })} ${says}`
}

// messages: evidence.model.*

/** The page is long: where its parts begin. */
function contentsOf(scene: Scene, hasGroups: boolean) {
  const parts = ['effects', 'trials', ...(hasGroups ? ['fairness'] : []), 'doubts', 'since', 'card', 'life']
  return parts.map((id) => ({ id, text: scene.t(`evidence.model.${id}`) }))
}

function sectionsOf(scene: Scene, { card }: KeptEngineModel) {
  const some = (...sections: readonly ReturnType<typeof tocSection>[]) => sections.filter((section) => section !== null)
  const folds = (...sections: readonly ReturnType<typeof tocSection>[]) =>
    some(...sections).map((section) => folded(section, scene))
  return {
    sections: [averagesSection(card, scene), ...folds(treatedSection(card, scene))],
    trials: [
      ...[checksSection(card, scene), ...folds(calibrationSection(card, scene), tocSection(card, scene))],
      ...some(termsSection(card, scene), valuesSection(card, scene)),
    ],
    tree: treeInWords(card, scene),
    fairness: folds(welfareSection(card, scene), groupsSection(card, scene)),
    doubts: folds(
      ...[intervalsSection(card, scene), sensitivitySection(card, scene), providersSection(card, scene)],
      ...[membersSection(card, scene), armsSection(card, scene), featuresSection(card, scene)],
    ),
  }
}

function historyLine(scene: Scene, { kind, at, actorId, note }: LifeEvent, names: ReadonlyMap<string, string>) {
  const name = nameOf(names, actorId)
  return {
    text:
      name === null
        ? scene.t('evidence.event.fitted_by_command', { moment: scene.moment(at) })
        : scene.t(`evidence.event.${kind}`, { name, moment: scene.moment(at) }),
    note,
  }
}

export function nameOf(names: ReadonlyMap<string, string>, id: StaffId | null): string | null {
  return id === null ? null : (names.get(id) ?? '')
}

function formsOf(scene: Scene, { model, events, typed, problems }: ShownModel, base: string) {
  return stepsOpen(lifeOf(model, events), scene.actor.roles).map((step) => ({
    step,
    action: `${base}/${step.replaceAll('_', '-')}`,
    heading: scene.t(`evidence.step.${step}`),
    about: scene.t(`evidence.step.${step}_about`),
    button: scene.t(`evidence.step.${step}`),
    isWarning: step === 'retire',
    field: `note-${step}`,
    label: scene.t(step === 'put_in_use' ? 'evidence.step.note_optional' : 'evidence.step.note'),
    value: typed.step === step ? typed.note : '',
    problem: problems.byField[`note-${step}`] ?? null,
  }))
}
