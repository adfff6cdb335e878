// What was answered, by the link id of the question; and which items show because of it.

import type { CalendarDay } from '#platform/dates.ts'
import { everyItem, isQuestion, type Condition, type Instrument, type Item, type Question } from './instrument.ts'

export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'yes_no'; readonly yes: boolean }
  /** A day, or a month (`YYYY-MM`) where the question asks for no more. */
  | { readonly kind: 'date'; readonly date: CalendarDay | string }
  | { readonly kind: 'option'; readonly key: string }
  /** What was written beside the options of an open choice. */
  | { readonly kind: 'other'; readonly text: string }

/** A question that was not answered is absent, never an empty list. */
export type Answers = ReadonlyMap<string, readonly Answer[]>

/** The link ids of all items that show. An item shows when what holds it shows, when the question that it stands under
 *  is answered (hints always), and when its own conditions hold. The answers of items that do not show count as not given.
 *  Conditions follow FHIR R4: `=`, `<` and the like hold when at least one answer does so; `!=` when none is equal. */
export function enabledItems(instrument: Instrument, answers: Answers): ReadonlySet<string> {
  const all = new Map([...everyItem(instrument.items)].map((found) => [found.item.linkId, found]))
  const known = new Map<string, boolean>()
  const shows = (linkId: string): boolean => {
    const settled = known.get(linkId)
    if (settled !== undefined) return settled
    const found = all.get(linkId)
    // Circles are refused when an instrument is read; this only keeps a hand-made one from running forever.
    known.set(linkId, false)
    const showing = found !== undefined && isHeld(found.item, found.parent) && holdsAll(found.item)
    known.set(linkId, showing)
    return showing
  }
  const given = (linkId: string) => (shows(linkId) ? (answers.get(linkId) ?? []) : [])
  const isHeld = (item: Item, parent: Item | null) => {
    if (!parent) return true
    if (!shows(parent.linkId)) return false
    return parent.type === 'group' || item.type === 'display' || given(parent.linkId).length > 0
  }
  const holdsAll = (item: Item) => {
    if (item.conditions.length === 0) return true
    const holds = (condition: Condition) => conditionHolds(condition, given(condition.question))
    return item.joinedBy === 'any' ? item.conditions.some(holds) : item.conditions.every(holds)
  }
  return new Set([...all.keys()].filter(shows))
}

export function conditionHolds({ operator, value }: Condition, given: readonly Answer[]): boolean {
  if (operator === 'exists') return given.length > 0 === value
  if (operator === '!=') return !given.some((answer) => compare(answer, value) === 0)
  return given.some((answer) => {
    const order = compare(answer, value)
    if (order === null) return false
    switch (operator) {
      case '=':
        return order === 0
      case '>':
        return order > 0
      case '<':
        return order < 0
      case '>=':
        return order >= 0
      case '<=':
        return order <= 0
    }
  })
}

/** The answers without those of items that do not show: all that a completed assessment keeps and counts. */
export function withoutDisabled(instrument: Instrument, answers: Answers): Answers {
  const enabled = enabledItems(instrument, answers)
  return new Map([...answers].filter(([linkId]) => enabled.has(linkId)))
}

/** The questions that show, in reading order. */
export function askedQuestions(items: readonly Item[], enabled: ReadonlySet<string>): readonly Question[] {
  return [...everyItem(items)]
    .map(({ item }) => item)
    .filter(isQuestion)
    .filter((question) => enabled.has(question.linkId))
}

/** The answers with those of one page put in place of what was there. A question without an answer loses its own. */
export function withAnswers(answers: Answers, page: ReadonlyMap<string, readonly Answer[]>): Answers {
  const next = new Map(answers)
  for (const [linkId, given] of page) {
    if (given.length > 0) next.set(linkId, given)
    else next.delete(linkId)
  }
  return next
}

/** The link ids of questions whose answers differ, in reading order of the instrument. */
export function changedQuestions(before: Answers, after: Answers): readonly string[] {
  const all = new Set([...before.keys(), ...after.keys()])
  return [...all].filter(
    (linkId) => JSON.stringify(before.get(linkId) ?? []) !== JSON.stringify(after.get(linkId) ?? []),
  )
}

export function optionKeys(given: readonly Answer[] | undefined): readonly string[] {
  return (given ?? []).flatMap((answer) => (answer.kind === 'option' ? [answer.key] : []))
}

/** Negative, zero or positive; null where the two cannot be compared. */
function compare(answer: Answer, value: Condition['value']): number | null {
  switch (answer.kind) {
    case 'number':
      return typeof value === 'number' ? answer.number - value : null
    case 'yes_no':
      return typeof value === 'boolean' ? Number(answer.yes) - Number(value) : null
    case 'date':
      return typeof value === 'string' ? compareDates(answer.date, value) : null
    case 'option':
    case 'text':
    case 'other':
      return typeof value === 'string' ? compareTexts(answer.kind === 'option' ? answer.key : answer.text, value) : null
  }
}

/** Dates of different precision are compared as far as both are known. */
function compareDates(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  const [a, b] = [one.slice(0, length), other.slice(0, length)]
  return a === b ? 0 : a < b ? -1 : 1
}

/** Whole numbers by size (options may be numbers), other texts by being equal or not. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0
  const [a, b] = [Number(one), Number(other)]
  return Number.isInteger(a) && Number.isInteger(b) && a !== b ? a - b : NaN
}
