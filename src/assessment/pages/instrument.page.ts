// One instrument in one version: what it is, what can be looked at, and taking it out of use.

import type { Scene } from '#platform/http/index.ts'
import { languagesOf, pagesOf, questionsOf } from '../instrument.ts'
import { isOffered, type StoredInstrument } from '../instruments.store.ts'
import { factsToldBy } from '../profile.ts'
import { languageName, sayIn } from './say.page.ts'

// messages: assessment.instruments.state.*
// messages: assessment.instruments.source.*

export function instrumentPage(scene: Scene, stored: StoredInstrument, versions: readonly StoredInstrument[]) {
  const { id, instrument, retiredAt } = stored
  const questions = questionsOf(instrument.items)
  const say = sayIn(scene, instrument, scene.locale)
  // Taking the version in use away brings the one before it back, if that one was not retired itself.
  const returning = isOffered(stored) ? versions.find((one) => one.id !== id && one.retiredAt === null) : undefined
  return {
    title: scene.t('assessment.instrument.title'),
    id,
    heading: say.content(instrument.title),
    description: instrument.description ? say.content(instrument.description) : null,
    version: instrument.version,
    url: instrument.url,
    ...stateOfVersion(scene, stored),
    source: scene.t(`assessment.instruments.source.${stored.source}`),
    addedOn: scene.moment(stored.addedAt),
    pages: pagesOf(instrument).length,
    questions: questions.length,
    atDesk: questions.filter(({ isAtDesk }) => isAtDesk).length,
    facts: new Set(questions.flatMap(factsToldBy)).size,
    languages: languagesOf(instrument).map((tag) => ({ tag, name: languageName(tag) })),
    hasOthers: versions.length > 1,
    versions: versions.map((one) => ({
      id: one.id,
      version: one.instrument.version,
      addedOn: scene.moment(one.addedAt),
      isThis: one.id === id,
      ...stateOfVersion(scene, one),
    })),
    canChange: scene.actor.roles.includes('administrator'),
    isRetired: retiredAt !== null,
    returning: returning?.instrument.version ?? null,
  }
}

export function stateOfVersion(scene: Scene, stored: StoredInstrument) {
  const state = stored.retiredAt ? 'retired' : stored.isReplaced ? 'replaced' : 'in_use'
  return { stateText: scene.t(`assessment.instruments.state.${state}`), isOffered: isOffered(stored) }
}
