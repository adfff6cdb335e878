// An instrument on paper: numbered questions with boxes and lines. It carries nothing of a person but a reference.

import type { Scene } from '#platform/http/index.ts'
import {
  everyItem,
  isQuestion,
  isVoluntary,
  languagesOf,
  pagesOf,
  questionsOf,
  type Condition,
  type Instrument,
  type Item,
  type Question,
} from '../instrument.ts'
import type { Field, Say, Spoken } from '../items/contract.ts'
import { ask } from '../items/every-type.item.ts'
import { languageName, sayIn } from './say.page.ts'

/** A condition as a message with what it speaks of, so that the answer can stand as content in its sentence. */
interface SpokenCondition {
  readonly key: string
  readonly number: number
  readonly answer: string
}

interface OnlyIf {
  readonly isAll: boolean
  readonly conditions: readonly SpokenCondition[]
}

interface PaperRow {
  readonly kind: 'section' | 'display' | 'question'
  readonly number: number
  readonly words: Spoken
  readonly hints: readonly Spoken[]
  /** When the item is to be answered; null when always. */
  readonly onlyIf: OnlyIf | null
  readonly isVoluntary: boolean
  readonly boxes: readonly Spoken[]
  readonly isSeveral: boolean
  /** A few short answers stand in one line: paper is not free. */
  readonly isInline: boolean
  /** Lines to write on; 0 where there are boxes alone. */
  readonly lines: readonly number[]
  readonly dateParts: readonly string[]
}

// Letters that fit across a sheet of A4 beside the boxes.
const oneLine = 70

/** What the rows of one sheet share. */
interface Sheet {
  readonly scene: Scene
  readonly say: Say
  readonly questions: ReadonlyMap<string, { readonly number: number; readonly question: Question }>
}

export function paperPage(
  scene: Scene,
  instrument: Instrument,
  {
    language,
    assessment,
  }: { language: string; assessment: { readonly id: string; readonly reference: string } | null },
) {
  const say = sayIn(scene, instrument, language)
  const numbered = questionsOf(instrument.items).map(
    (question, index) => [question.linkId, { number: index + 1, question }] as const,
  )
  const sheet = { scene, say, questions: new Map(numbered) }
  return {
    title: scene.t('assessment.paper.title'),
    backHref: assessment ? `/assessments/${assessment.id}` : '/instruments',
    heading: say.content(instrument.title),
    description: instrument.description ? say.content(instrument.description) : null,
    reference: assessment?.reference ?? null,
    assessmentId: assessment?.id ?? null,
    languages: languagesOf(instrument).map((tag) => ({ tag, name: languageName(tag), isChosen: tag === language })),
    pages: pagesOf(instrument).map((page) => ({
      heading: say.content(page.words),
      onlyIf: page.group ? onlyIf(sheet, page.group) : null,
      rows: [...everyItem(page.items)].flatMap(({ item, parent }) =>
        item.type === 'display' && parent && isQuestion(parent) ? [] : [paperRow(sheet, item)],
      ),
    })),
  }
}

function paperRow(sheet: Sheet, item: Item): PaperRow {
  const { say } = sheet
  const common = { words: say.content(item.words), onlyIf: onlyIf(sheet, item) }
  const plain = {
    number: 0,
    hints: [],
    isVoluntary: false,
    boxes: [],
    isSeveral: false,
    isInline: false,
    lines: [],
    dateParts: [],
  }
  if (!isQuestion(item)) return { ...common, ...plain, kind: item.type === 'group' ? 'section' : 'display' }
  const field = ask(item).field({ given: [], typed: null, say })
  // A list to open has so many options that its boxes would fill a sheet: on paper the answer is written.
  const isWritten = field.kind === 'input' || field.kind === 'select'
  const boxes = isWritten || field.kind === 'date' ? [] : field.options.filter(({ value }) => value !== '')
  return {
    ...common,
    kind: 'question',
    number: sheet.questions.get(item.linkId)?.number ?? 0,
    hints: item.items.filter(({ type }) => type === 'display').map(({ words }) => say.content(words)),
    isVoluntary: isVoluntary(item),
    boxes: boxes.map(({ label }) => label),
    isSeveral: 'repeats' in item && item.repeats,
    isInline: boxes.reduce((length, { label }) => length + label.text.length + 6, 0) <= oneLine,
    lines: [...Array(linesFor(field)).keys()],
    dateParts: field.kind === 'date' ? field.parts.map(({ label }) => label) : [],
  }
}

/** Lines to write on: for words, and beside the options of an open choice. */
function linesFor(field: Field): number {
  if (field.kind === 'date') return 0
  if (field.kind === 'input') return field.rows > 1 ? 3 : 1
  return field.kind === 'select' || field.options.some(({ otherText }) => otherText !== null) ? 1 : 0
}

/** When an item is to be answered; null when always. */
function onlyIf(sheet: Sheet, item: Item): OnlyIf | null {
  if (item.conditions.length === 0) return null
  const together = inOneBreath(sheet, item)
  return {
    isAll: item.joinedBy === 'all',
    conditions: together ? [together] : item.conditions.map((condition) => conditionInWords(sheet, condition)),
  }
}

/** Several answers to one question, any of which will do, are said together: "Yes" or "Sometimes". */
function inOneBreath({ scene, say, questions }: Sheet, { conditions, joinedBy }: Item): SpokenCondition | null {
  const target = questions.get(conditions[0]?.question ?? '')
  const isAlike = conditions.every(({ question, operator }) => question === target?.question.linkId && operator === '=')
  if (!target || conditions.length < 2 || joinedBy !== 'any' || !isAlike) return null
  const answers = conditions.map(({ value }) => `“${answerInWords(say, target.question, value)}”`)
  const answer = answers.reduce((first, second) => `${first} ${scene.t('assessment.paper.or')} ${second}`)
  return { key: 'assessment.paper.when.either', number: target.number, answer }
}

// messages: assessment.paper.when.*

function conditionInWords(
  { say, questions }: Sheet,
  { question: linkId, operator, value }: Condition,
): SpokenCondition {
  const target = questions.get(linkId)
  if (!target) throw new Error(`A condition names ${linkId}, which the instrument does not ask.`)
  const names = { '=': 'equal', '!=': 'other', '>': 'more', '<': 'less', '>=': 'at_least', '<=': 'at_most' } as const
  const name = operator === 'exists' ? (value === true ? 'answered' : 'blank') : names[operator]
  return {
    key: `assessment.paper.when.${name}`,
    number: target.number,
    answer: answerInWords(say, target.question, value),
  }
}

function answerInWords(say: Say, question: Question, value: Condition['value']): string {
  if (typeof value === 'boolean') return say.own(value ? 'assessment.answer.yes' : 'assessment.answer.no').text
  if (typeof value === 'number') return say.number(value)
  if (!('options' in question)) return value
  const option = question.options.find(({ key }) => key === value)
  return option ? say.content(option.words).text : value
}
