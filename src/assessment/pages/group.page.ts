// One group of an instrument as a form. What does not show is there all the same, hidden: a script may reveal it at once,
// and without one the form comes back with it after it was sent.

import { noProblems, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { conditionHolds, enabledItems, type Answers } from '../answers.ts'
import { progressOf, stateOf, type Assessment } from '../assessment.ts'
import { fieldName } from '../field-name.ts'
import { everyItem, isQuestion, isVoluntary, type InstrumentPage, type Item, type Question } from '../instrument.ts'
import type { Field, Say, Spoken } from '../items/contract.ts'
import { ask, type QuestionProblem } from '../items/every-type.item.ts'
import { conditionsScript } from './script.page.ts'
import { problemInWords, sayIn } from './say.page.ts'

interface Shown {
  readonly page: InstrumentPage
  /** The answers as they would stand: saved ones, or with what was typed when the form came back. */
  readonly answers: Answers
  readonly typed?: FormBody | undefined
  readonly problems?: readonly QuestionProblem[]
  /** Goes back to the check of all answers instead of on to the next group. */
  readonly isChange: boolean
}

/** One element of the form, in reading order. `rule` is what the script needs to show or hide it. */
interface Element {
  readonly kind: 'section' | 'display' | 'question'
  readonly linkId: string
  readonly name: string
  readonly words: Spoken
  readonly isHidden: boolean
  readonly rule: string
}

interface QuestionElement extends Element {
  readonly kind: 'question'
  readonly type: Question['type']
  readonly field: Field
  readonly prefix: string | null
  readonly hints: readonly Spoken[]
  readonly isNeeded: boolean
  readonly isVoluntary: boolean
  readonly error: string | null
}

export function groupPage(scene: Scene, assessment: Assessment, clientName: string, shown: Shown) {
  const { page, answers, problems = [], isChange } = shown
  const { instrument, language, id } = assessment
  const say = sayIn(scene, instrument, language)
  const listed = fieldProblems(scene, instrument.items, problems, say)
  const pages = progressOf(instrument, answers).map((progress) => progress.page.linkId)
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
    elements: elementsOf(
      assessment,
      shown,
      say,
      new Map(problems.map((problem) => [problem.linkId, problemInWords(scene, problem)])),
    ),
    script: conditionsScript,
  }
}

/** The problems with their fields; each says which question it is about, so that the summary can be read alone. */
function fieldProblems(
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
    const field = `${fieldName(linkId)}${partOf(question, part)}`
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

function elementsOf(
  { instrument }: Assessment,
  { page, answers, typed }: Shown,
  say: Say,
  errors: ReadonlyMap<string, string>,
): readonly (Element | QuestionElement)[] {
  const enabled = enabledItems(instrument, answers)
  const here = new Set([...everyItem(page.items)].map(({ item }) => item.linkId))
  const elements: (Element | QuestionElement)[] = []
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
