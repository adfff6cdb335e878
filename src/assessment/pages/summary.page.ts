// Answers as they are read: page by page, question by question. For checking, for the completed assessment, for a version.

import type { Scene } from '#platform/http/index.ts'
import { askedQuestions, enabledItems, type Answers } from '../answers.ts'
import { progressOf, type Assessment } from '../assessment.ts'
import { isDisclosure } from '../disclosed.ts'
import { fieldName } from '../field-name.ts'
import { everyItem } from '../instrument.ts'
import type { Say, Spoken } from '../items/contract.ts'
import { ask } from '../items/every-type.item.ts'
import type { Margins } from '../margin.ts'
import { scoreOf } from '../score.ts'
import { marginsIn, type ShownMargin } from './margin.page.ts'
import { sayIn, type StaffNames } from './say.page.ts'

interface SummaryRow {
  readonly words: Spoken
  readonly lines: readonly Spoken[]
  /** Differs from the completed answers. */
  readonly isChanged: boolean
  readonly isMissing: boolean
  readonly href: string | null
  readonly margin: ShownMargin
  /** Told for fairness alone. */
  readonly isDisclosure: boolean
}

export interface SummarySection {
  readonly heading: Spoken
  /** Answered, missing though needed, or changed. */
  readonly rows: readonly SummaryRow[]
  /** Left blank: folded away, one step from being answered. */
  readonly blank: readonly SummaryRow[]
  readonly answered: number
  readonly asked: number
  /** A part of disclosures alone: it says that it chooses no service. */
  readonly isToldFreely: boolean
}

interface Shown {
  readonly answers: Answers
  readonly margins: Margins
  readonly staffName: StaffNames
  readonly changed?: ReadonlySet<string>
  /** Whether each answer leads to the page where it can be changed. */
  readonly isChangeable: boolean
}

/** The sections of what is asked, with every question that shows, answered or not. */
export function summarySections(
  scene: Scene,
  assessment: Assessment,
  { answers, margins, staffName, changed, isChangeable }: Shown,
): readonly SummarySection[] {
  const { instrument, language } = assessment
  const say = sayIn(scene, instrument, language)
  const enabled = enabledItems(instrument, answers)
  const marginOf = marginsIn(scene, assessment, { margins, staffName })
  return progressOf(instrument, answers).map(({ page, answered, asked }) => {
    const href = `/assessments/${assessment.id}/groups/${encodeURIComponent(page.linkId)}?back=check`
    const rows = askedQuestions(page.items, enabled).map((question): SummaryRow => {
      const given = answers.get(question.linkId) ?? []
      return {
        words: say.content(question.words),
        lines: ask(question).summary(given, say),
        isChanged: changed?.has(question.linkId) ?? false,
        isMissing: given.length === 0 && question.isRequired,
        margin: marginOf(question.linkId),
        isDisclosure: isDisclosure(question),
        href: isChangeable ? `${href}#${fieldName(question.linkId)}-item` : null,
      }
    })
    const isBlank = ({ lines, isChanged, isMissing, margin }: SummaryRow) =>
      lines.length === 0 && !isChanged && !isMissing && !margin.note
    return {
      heading: say.content(page.words),
      answered,
      asked,
      isToldFreely: rows.length > 0 && rows.every((row) => row.isDisclosure),
      rows: rows.filter((row) => !isBlank(row)),
      blank: rows.filter(isBlank),
    }
  })
}

export interface ShownScore {
  readonly words: Spoken
  readonly sum: string
  readonly highest: string
  readonly missing: number
}

/** The score of each group that has one, and of the whole where more than one group has. */
export function shownScores(scene: Scene, assessment: Assessment, answers: Answers): readonly ShownScore[] {
  const { instrument, language } = assessment
  const say = sayIn(scene, instrument, language)
  const groups = [...everyItem(instrument.items)].flatMap(({ item }) => {
    // A group that only holds scored groups would say their sum a second time.
    const isDirect =
      item.type === 'group' &&
      item.items.some((child) => 'options' in child && child.options.some(({ score }) => score !== null))
    const score = isDirect ? scoreOf(instrument, answers, item.items) : null
    // While nothing is answered there is no score: a nought would read like one.
    return score && score.answered > 0 ? [shownScore(say, say.content(item.words), score)] : []
  })
  const whole = groups.length > 1 ? scoreOf(instrument, answers) : null
  return whole ? [...groups, shownScore(say, say.own('assessment.score.whole'), whole)] : groups
}

function shownScore(
  say: Say,
  words: Spoken,
  { sum, highest, missing }: NonNullable<ReturnType<typeof scoreOf>>,
): ShownScore {
  return { words, sum: say.number(sum), highest: say.number(highest), missing: missing.length }
}
