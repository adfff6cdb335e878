// One group of an instrument as a form. What does not show is there all the same, hidden: a script may reveal it at once,
// and without one the form comes back with it after it was sent.

import { noProblems, textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { conditionHolds, enabledItems, type Answers } from '../answers.ts'
import { currentMargins, progressOf, stateOf, type Assessment } from '../assessment.ts'
import { isDisclosure } from '../disclosed.ts'
import { fieldName, noteName } from '../field-name.ts'
import { everyItem, isQuestion, isVoluntary } from '../instrument.ts'
import type { Instrument, InstrumentPage, Item, Question } from '../instrument.ts'
import type { Field, Say, Spoken } from '../items/contract.ts'
import { ask, type QuestionProblem } from '../items/every-type.item.ts'
import type { Margins } from '../margin.ts'
import { marginsIn, toldElsewhere, type ShownMargin } from './margin.page.ts'
import { conditionsScript } from './script.page.ts'
import { problemInWords, sayIn, type Seen } from './say.page.ts'

export interface Shown {
  readonly page: InstrumentPage
  /** The answers as they would stand: saved ones, or with what was typed when the form came back. */
  readonly answers: Answers
  readonly typed?: FormBody | undefined
  readonly problems?: readonly QuestionProblem[]
  /** Goes back to the check of all answers instead of on to the next group. */
  readonly isChange: boolean
}

/** One element of the form, in reading order. `rule` is what the script needs to show or hide it. */
interface Plain {
  readonly kind: 'section' | 'display'
  readonly linkId: string
  readonly name: string
  readonly words: Spoken
  readonly isHidden: boolean
  readonly rule: string
}

interface QuestionElement extends Omit<Plain, 'kind'> {
  readonly kind: 'question'
  readonly type: Question['type']
  readonly field: Field
  readonly prefix: string | null
  readonly hints: readonly Spoken[]
  readonly isNeeded: boolean
  readonly isVoluntary: boolean
  /** Asked for fairness alone: the page says that it chooses no service. */
  readonly isDisclosure: boolean
  readonly error: string | null
  /** The adviser's note; null where nobody writes one. */
  readonly note: { readonly name: string; readonly text: string; readonly error: string | null } | null
  readonly margin: ShownMargin | null
}

export type GroupElement = Plain | QuestionElement

export function groupPage(scene: Scene, assessment: Assessment, { clientName, staffName }: Seen, shown: Shown) {
  const { page, answers, problems = [], isChange } = shown
  const { instrument, language, id } = assessment
  const say = sayIn(scene, instrument, language)
  const listed = fieldProblems(scene, instrument.items, problems, say)
  const pages = progressOf(instrument, answers).map((progress) => progress.page.linkId)
  const margins = currentMargins(assessment)
  const marginOf = marginsIn(scene, assessment, { margins, staffName })
  // No note beside a disclosure: it would say elsewhere what is to stay there.
  const asked = elementsOf(instrument, shown, say, errorsOf(scene, problems)).map((element) =>
    element.kind === 'question'
      ? {
          ...element,
          note: element.isDisclosure ? null : noteOf(scene, element.linkId, margins, shown),
          margin: marginOf(element.linkId),
        }
      : element,
  )
  // What was told at the desk, or carried over, is folded away above the rest, and still there to be changed.
  const isBefore = toldElsewhere(assessment, margins)
  const isFolded = ({ kind, isHidden, linkId }: GroupElement) =>
    stateOf(assessment) === 'open' && kind === 'question' && !isHidden && answers.has(linkId) && isBefore(linkId)
  const before = asked.filter(isFolded)
  return {
    title: scene.t('assessment.group.title'),
    clientName,
    instrumentTitle: say.content(instrument.title),
    heading: say.content(page.words),
    step: { number: pages.indexOf(page.linkId) + 1, total: pages.length },
    backHref: isChange ? `/assessments/${id}/check` : `/assessments/${id}`,
    action: `/assessments/${id}/groups/${encodeURIComponent(page.linkId)}`,
    isChange,
    isTypedIn: assessment.manner === 'paper',
    canComeBack: stateOf(assessment) === 'open',
    problems: listed.length > 0 ? scene.problems(listed) : noProblems,
    before,
    isBeforeOpen: before.some((element) => element.kind === 'question' && (element.error ?? element.note?.error)),
    elements: asked.filter((element) => !before.includes(element)),
    script: conditionsScript,
  }
}

/** The problems with their fields; each says which question it is about, so that the summary can be read alone. */
export function fieldProblems(
  scene: Scene,
  items: readonly Item[],
  problems: readonly QuestionProblem[],
  say: Say,
): readonly FieldProblem[] {
  const questions = new Map([...everyItem(items)].map(({ item }) => [item.linkId, item]))
  return problems.flatMap((problem) => {
    const { linkId, part } = problem
    const question = questions.get(linkId)
    if (!question || !isQuestion(question)) return []
    const said = problemInWords(scene, problem)
    const field = part === 'note' ? noteName(linkId) : `${fieldName(linkId)}${partOf(question, part)}`
    return [
      { field, key: 'assessment.answer.about', values: { question: say.content(question.words).text, problem: said } },
    ]
  })
}

/** The first input of a date is its day or month; every other field begins under its own name. */
function partOf(question: Question, part: string | undefined): string {
  if (question.type === 'date') return `-${part ?? (question.precision === 'month' ? 'month' : 'day')}`
  return part === undefined ? '' : `-${part}`
}

/** A note as it was typed when the form came back, else as it was kept. */
function noteOf(
  scene: Scene,
  linkId: string,
  { notes }: Margins,
  { typed, problems = [] }: Shown,
): QuestionElement['note'] {
  const name = noteName(linkId)
  const problem = problems.find((one) => one.linkId === linkId && one.part === 'note')
  const text = typed ? textOf(typed, name) : (notes.get(linkId)?.text ?? '')
  return { name, text, error: problem ? problemInWords(scene, problem) : null }
}

/** The first problem of each question itself; that of a note stands at the note. */
export function errorsOf(scene: Scene, problems: readonly QuestionProblem[]): ReadonlyMap<string, string> {
  const own = problems.filter(({ part }) => part !== 'note')
  return new Map(own.map((problem) => [problem.linkId, problemInWords(scene, problem)]))
}

/** What a form of these items holds, in reading order. */
export function elementsOf(
  instrument: Instrument,
  { page, answers, typed }: Pick<Shown, 'page' | 'answers' | 'typed'>,
  say: Say,
  errors: ReadonlyMap<string, string>,
): readonly GroupElement[] {
  const enabled = enabledItems(instrument, answers)
  const here = new Set([...everyItem(page.items)].map(({ item }) => item.linkId))
  const elements: GroupElement[] = []
  for (const { item, parent } of everyItem(page.items, page.group)) {
    if (isHint(item, parent)) continue
    const common = {
      linkId: item.linkId,
      name: fieldName(item.linkId),
      words: say.content(item.words),
      isHidden: !enabled.has(item.linkId),
      rule: JSON.stringify(ruleOf(item, parent, { answers, enabled, here })),
    }
    if (!isQuestion(item)) elements.push({ ...common, kind: item.type === 'group' ? 'section' : 'display' })
    else {
      elements.push({
        ...common,
        kind: 'question',
        type: item.type,
        field: ask(item).field({ given: answers.get(item.linkId) ?? [], typed: typed ?? null, say }),
        prefix: item.prefix,
        hints: item.items.filter((child) => isHint(child, item)).map((child) => say.content(child.words)),
        isNeeded: item.isRequired,
        isVoluntary: isVoluntary(item),
        isDisclosure: isDisclosure(item),
        note: null,
        margin: null,
        error: errors.get(item.linkId) ?? null,
      })
    }
  }
  return elements
}

/** A display under a question stands with it as its hint, unless it has conditions of its own. */
function isHint(item: Item, parent: Item | null): boolean {
  return item.type === 'display' && item.conditions.length === 0 && parent !== null && isQuestion(parent)
}

interface Known {
  readonly answers: Answers
  readonly enabled: ReadonlySet<string>
  readonly here: ReadonlySet<string>
}

/** What the script needs: conditions on questions of this page as they are, of all others whether they hold. */
export function ruleOf(item: Item, parent: Item | null, { answers, enabled, here }: Known) {
  const within = parent && here.has(parent.linkId) ? parent.linkId : null
  return {
    within,
    needsAnswer: within !== null && parent !== null && isQuestion(parent) && item.type !== 'display',
    joinedBy: item.joinedBy,
    conditions: item.conditions.map((condition) =>
      here.has(condition.question)
        ? condition
        : {
            holds: conditionHolds(
              condition,
              enabled.has(condition.question) ? (answers.get(condition.question) ?? []) : [],
            ),
          },
    ),
  }
}
