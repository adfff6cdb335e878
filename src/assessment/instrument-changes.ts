// What differs between two versions of an instrument, item by item, and which answers pass from one to the other.

import { everyItem, isQuestion, isSameQuestion, type Item, type Instrument } from './instrument.ts'

export type ChangedPart = 'words' | 'type' | 'options' | 'conditions' | 'facts' | 'rules' | 'translations' | 'place'

export interface ItemChange {
  readonly linkId: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before: Item | null
  readonly after: Item | null
  /** What of a changed item is different; empty when it was added or removed. */
  readonly parts: readonly ChangedPart[]
  /** Whether answers to it carry over; null where it asks nothing. */
  readonly carries: boolean | null
}

/** Added and changed items in the order of the later version, then those that are gone. Nothing when both ask the same. */
export function changesBetween(before: Instrument, after: Instrument): readonly ItemChange[] {
  const [earlier, later] = [placesOf(before), placesOf(after)]
  const changes: ItemChange[] = []
  for (const [linkId, now] of later) {
    const then = earlier.get(linkId)
    if (!then) {
      changes.push({
        linkId,
        kind: 'added',
        before: null,
        after: now.item,
        parts: [],
        carries: asks(now.item) ? false : null,
      })
      continue
    }
    const parts = partsThatDiffer(then, now)
    if (parts.length === 0) continue
    const carries = asks(now.item)
      ? isQuestion(then.item) && isQuestion(now.item) && isSameQuestion(then.item, now.item)
      : null
    changes.push({ linkId, kind: 'changed', before: then.item, after: now.item, parts, carries })
  }
  const gone = [...earlier].filter(([linkId]) => !later.has(linkId))
  return [
    ...changes,
    ...gone.map(([linkId, { item }]): ItemChange => {
      return { linkId, kind: 'removed', before: item, after: null, parts: [], carries: asks(item) ? false : null }
    }),
  ]
}

interface Placed {
  readonly item: Item
  readonly parent: string | null
}

function placesOf({ items }: Instrument): ReadonlyMap<string, Placed> {
  const places = new Map<string, Placed>()
  for (const { item, parent } of everyItem(items)) {
    places.set(item.linkId, { item, parent: parent?.linkId ?? null })
  }
  return places
}

function partsThatDiffer(then: Placed, now: Placed): readonly ChangedPart[] {
  const [a, b] = [then.item, now.item]
  const parts: Readonly<Record<ChangedPart, readonly [unknown, unknown]>> = {
    words: [a.words.text, b.words.text],
    type: [a.type, b.type],
    options: [optionsOf(a), optionsOf(b)],
    conditions: [
      [a.conditions, a.joinedBy],
      [b.conditions, b.joinedBy],
    ],
    facts: [factsOf(a), factsOf(b)],
    rules: [rulesOf(a), rulesOf(b)],
    translations: [translationsOf(a), translationsOf(b)],
    // An item has moved when another holds it: a new neighbour moves nobody.
    place: [then.parent, now.parent],
  }
  const names: readonly ChangedPart[] = [
    'words',
    'type',
    'options',
    'conditions',
    'facts',
    'rules',
    'translations',
    'place',
  ]
  return names.filter((name) => JSON.stringify(parts[name][0]) !== JSON.stringify(parts[name][1]))
}

function asks(item: Item): boolean {
  return isQuestion(item)
}

function optionsOf(item: Item) {
  if (!('options' in item)) return []
  return item.options.map(({ key, words, isExclusive, withholds }) => [key, words.text, isExclusive, withholds])
}

function factsOf(item: Item) {
  if (!isQuestion(item)) return []
  const options = 'options' in item ? item.options : []
  const telling = options.filter(({ facts, score }) => facts.length > 0 || score !== null)
  return [item.facts, telling.map(({ key, facts, score }) => [key, facts, score])]
}

/** Whether it must be answered, its bounds and lengths, whether several answers go, and whether the desk asks it. */
function rulesOf(item: Item) {
  const { isRequired, isAtDesk, repeats, minimum, maximum, maxLength, precision } = {
    ...{
      isRequired: false,
      isAtDesk: false,
      repeats: false,
      minimum: null,
      maximum: null,
      maxLength: null,
      precision: null,
    },
    ...item,
  }
  return [isRequired, isAtDesk, repeats, minimum, maximum, maxLength, precision, item.prefix]
}

function translationsOf(item: Item) {
  const options =
    'options' in item ? item.options.map(({ key, words }) => [key, sorted(words.translations)] as const) : []
  return [sorted(item.words.translations), options.filter(([, translations]) => translations.length > 0)]
}

function sorted(translations: Readonly<Record<string, string>>) {
  return Object.entries(translations).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
