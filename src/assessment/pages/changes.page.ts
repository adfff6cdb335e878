// Two versions of an instrument side by side: only what differs.

import type { Scene } from '#platform/http/index.ts'
import { changesBetween, type ItemChange } from '../instrument-changes.ts'
import { isQuestion, type Instrument, type Item } from '../instrument.ts'
import type { StoredInstrument } from '../instruments.store.ts'
import type { Say, Spoken } from '../items/contract.ts'
import { sayIn } from './say.page.ts'

// messages: assessment.changes.kind.*
// messages: assessment.changes.part.*
// messages: assessment.changes.type.*

interface Compared {
  readonly before: StoredInstrument | null
  readonly others: readonly StoredInstrument[]
}

export function changesPage(scene: Scene, after: StoredInstrument, { before, others }: Compared) {
  const { instrument } = after
  const say = sayIn(scene, instrument, scene.locale)
  const changes = before ? changesBetween(before.instrument, instrument) : []
  return {
    title: scene.t('assessment.changes.title'),
    id: after.id,
    instrumentTitle: say.content(instrument.title),
    version: instrument.version,
    before: before ? { version: before.instrument.version } : null,
    others: others.map((one) => ({
      version: one.instrument.version,
      href: `/instruments/${after.id}/changes?with=${one.id}`,
      isChosen: one.id === before?.id,
    })),
    count: changes.length,
    kept: changes.filter(({ kind, carries }) => kind === 'changed' && carries === true).length,
    lost: changes.filter(({ kind, carries }) => kind !== 'added' && carries === false).length,
    rows: before ? changes.map((change) => rowOf(scene, change, { before: before.instrument, after: instrument })) : [],
  }
}

function rowOf(scene: Scene, change: ItemChange, { before, after }: { before: Instrument; after: Instrument }) {
  const { linkId, kind, parts, carries } = change
  const side = (item: Item | null, of: Instrument) =>
    item ? sideOf(scene, item, sayIn(scene, of, scene.locale)) : null
  const names = parts.map((part) => scene.t(`assessment.changes.part.${part}`))
  return {
    linkId,
    kind: scene.t(`assessment.changes.kind.${kind}`),
    parts: names,
    before: side(change.before, before),
    after: side(change.after, after),
    carries:
      carries === null || kind === 'added'
        ? null
        : scene.t(carries ? 'assessment.changes.carries' : 'assessment.changes.lost'),
  }
}

interface Side {
  readonly words: Spoken
  readonly type: string
  readonly options: readonly Spoken[]
}

function sideOf(scene: Scene, item: Item, say: Say): Side {
  return {
    words: say.content(item.words),
    type:
      isQuestion(item) || item.type === 'group'
        ? scene.t(`assessment.changes.type.${item.type}`)
        : scene.t('assessment.changes.type.display'),
    options: 'options' in item ? item.options.map(({ words }) => say.content(words)) : [],
  }
}
