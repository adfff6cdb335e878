// The instruments of a network: what can be asked, in which version, and where a new one comes in.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import { languagesOf, pagesOf, questionsOf } from '../instrument.ts'
import type { ImportProblem, StoredInstrument } from '../instruments.store.ts'
import { stateOfVersion } from './instrument.page.ts'
import { languageName, sayIn } from './say.page.ts'

interface Shown {
  readonly instruments: readonly StoredInstrument[]
  readonly refused?: { readonly fileName: string; readonly problems: readonly ImportProblem[] }
  readonly problems?: readonly FieldProblem[]
}

export function instrumentsPage(scene: Scene, { instruments, refused, problems = [] }: Shown) {
  const list = refused ? [...problems, { field: 'file', key: 'assessment.instruments.refused' }] : problems
  const entries = instruments.map((stored) => entryOf(scene, stored))
  return {
    title: scene.t('assessment.instruments.title'),
    canChange: scene.actor.roles.includes('administrator'),
    problems: list.length > 0 ? scene.problems(list) : noProblems,
    refused: refused
      ? { fileName: refused.fileName, rows: refused.problems.map((problem) => refusalRow(scene, problem)) }
      : null,
    inUse: entries.filter((entry) => entry.isOffered),
    others: entries.filter((entry) => !entry.isOffered),
  }
}

// messages: assessment.instruments.source.*
// messages: assessment.instruments.state.*

function entryOf(scene: Scene, stored: StoredInstrument) {
  const { instrument, source } = stored
  return {
    id: stored.id,
    title: sayIn(scene, instrument, scene.locale).content(instrument.title),
    url: instrument.url,
    version: instrument.version,
    pages: pagesOf(instrument).length,
    questions: questionsOf(instrument.items).length,
    languages: languagesOf(instrument).map((tag) => ({ tag, name: languageName(tag) })),
    source: scene.t(`assessment.instruments.source.${source}`),
    addedOn: scene.moment(stored.addedAt),
    ...stateOfVersion(scene, stored),
  }
}

/** One refusal in words: which item, of which type (empty for the whole file), and what is wrong with it. */
export function refusalRow(scene: Pick<Scene, 't'>, problem: ImportProblem) {
  return {
    linkId: 'linkId' in problem ? problem.linkId : null,
    type: 'type' in problem ? problem.type : null,
    words: scene.t(`assessment.refusal.${problem.code}`, { detail: problem.detail }),
  }
}
