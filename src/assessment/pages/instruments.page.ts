// The instruments of a network: what can be asked, in which version, and where a new one comes in.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import { languagesOf, pagesOf, questionsOf } from '../instrument.ts'
import { isOffered, type ImportProblem, type StoredInstrument } from '../instruments.store.ts'
import { languageName, sayIn } from './say.page.ts'

interface Shown {
  readonly instruments: readonly StoredInstrument[]
  readonly refused?: { readonly fileName: string; readonly problems: readonly ImportProblem[] }
  readonly problems?: readonly FieldProblem[]
}

export function instrumentsPage(scene: Scene, { instruments, refused, problems = [] }: Shown) {
  const list = refused ? [...problems, { field: 'file', key: 'assessment.instruments.refused' }] : problems
  return {
    title: scene.t('assessment.instruments.title'),
    canChange: scene.actor.roles.includes('administrator'),
    problems: list.length > 0 ? scene.problems(list) : noProblems,
    refused: refused
      ? { fileName: refused.fileName, rows: refused.problems.map((problem) => refusalRow(scene, problem)) }
      : null,
    instruments: instruments.map((stored) => {
      const { instrument, retiredAt, isReplaced, source } = stored
      const state = retiredAt ? 'retired' : isReplaced ? 'replaced' : 'in_use'
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
        state,
        stateText: scene.t(`assessment.instruments.state.${state}`),
        isOffered: isOffered(stored),
        isRetired: retiredAt !== null,
      }
    }),
  }
}

// messages: assessment.instruments.source.*
// messages: assessment.instruments.state.*

/** One refusal in words: which item, of which type (empty for the whole file), and what is wrong with it. */
export function refusalRow(scene: Pick<Scene, 't'>, problem: ImportProblem) {
  return {
    linkId: 'linkId' in problem ? problem.linkId : null,
    type: 'type' in problem ? problem.type : null,
    words: scene.t(`assessment.refusal.${problem.code}`, { detail: problem.detail }),
  }
}
