// What is known of a client: what learning or help can change, how life is arranged now, what is as it is. Nothing that was
// told freely for fairness stands here.

import { definitionOf, factCodes, factInWords, factNature, speechOf } from '#directory/index.ts'
import type { FactCode, FactNature, FactValue } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { currentAnswers, currentMargins, type Assessment } from '../assessment.ts'
import { disclosedFacts } from '../disclosed.ts'
import { fieldName } from '../field-name.ts'
import { pagesOf, questionsOf, type Question } from '../instrument.ts'
import type { Say, Spoken } from '../items/contract.ts'
import { ask } from '../items/every-type.item.ts'
import type { Profile } from '../profile.ts'
import { marginsIn, type ShownMargin } from './margin.page.ts'
import { sayIn, type StaffNames } from './say.page.ts'

// messages: assessment.profile.nature.*
// messages: assessment.profile.about.*

interface Told {
  readonly profile: Profile
  readonly assessments: readonly Assessment[]
  readonly staffName: StaffNames
}

interface FactLine {
  readonly name: string
  /** The name as a line begins. */
  readonly title: string
  readonly lines: readonly Spoken[]
  /** Where it comes from; null when the margin says it. */
  readonly from: string | null
  readonly margins: readonly ShownMargin[]
  /** Where it can be put right. */
  readonly href: string
}

const order: readonly FactNature[] = ['changeable', 'circumstance', 'fixed']

export function profilePage(scene: Scene, client: { readonly id: string; readonly name: string }, told: Told) {
  const speech = speechOf(scene)
  const shown = factCodes.filter((code) => !disclosedFacts.some((told) => told === code))
  const nameOf = (code: FactCode) => factInWords(code, speech)
  return {
    title: scene.t('assessment.profile.title'),
    clientName: client.name,
    clientHref: `/clients/${client.id}`,
    groups: order.map((nature) => {
      const codes = shown.filter((code) => factNature(code) === nature)
      return {
        nature,
        heading: scene.t(`assessment.profile.nature.${nature}`),
        about: scene.t(`assessment.profile.about.${nature}`),
        known: codes.flatMap((code) => {
          const value = told.profile.facts[code]
          return value === undefined ? [] : [lineOf(scene, client.id, { code, value, name: nameOf(code) }, told)]
        }),
        unknown: codes.filter((code) => told.profile.facts[code] === undefined).map(nameOf),
      }
    }),
    askHref: `/clients/${client.id}/assessments/new`,
  }
}

interface Fact {
  readonly code: FactCode
  readonly value: FactValue
  readonly name: string
}

function lineOf(scene: Scene, clientId: string, { code, value, name }: Fact, told: Told): FactLine {
  const sources = (told.profile.sources[code] ?? []).flatMap(({ assessmentId, linkId, answeredOn }) => {
    const assessment = told.assessments.find(({ id }) => id === assessmentId)
    const question = assessment && questionsOf(assessment.instrument.items).find((one) => one.linkId === linkId)
    return assessment && question ? [{ assessment, question, answeredOn }] : []
  })
  const titled = { name, title: name.charAt(0).toLocaleUpperCase(scene.locale) + name.slice(1) }
  const [first] = sources
  if (!first) {
    const from = scene.t('assessment.profile.from_file')
    return { ...titled, lines: [plainly(value)], from, margins: [], href: `/clients/${clientId}` }
  }
  const { kind } = definitionOf(code)
  const isNumber = kind === 'integer' || kind === 'decimal'
  const margins = sources.map(({ assessment, question }) =>
    marginsIn(scene, assessment, { margins: currentMargins(assessment), staffName: told.staffName })(question.linkId),
  )
  return {
    ...titled,
    lines: isNumber ? [plainly(value)] : sources.flatMap((source) => answerLines(scene, source, kind === 'codes')),
    from: margins.some((margin) => margin.told)
      ? null
      : scene.t('assessment.profile.told', { day: scene.day(first.answeredOn) }),
    margins,
    href: changeHref(first.assessment, first.question),
  }
}

function answerLines(
  scene: Scene,
  { assessment, question }: { assessment: Assessment; question: Question },
  isList: boolean,
) {
  const say: Say = sayIn(scene, assessment.instrument, scene.locale)
  const answers = assessment.answers ?? currentAnswers(assessment)
  const lines = ask(question).summary(answers.get(question.linkId) ?? [], say)
  // In a list a bare yes says little without its question.
  return isList && question.type === 'boolean' ? [{ ...say.content(question.words) }, ...lines] : lines
}

function changeHref({ id, instrument }: Assessment, { linkId }: Question): string {
  const page = pagesOf(instrument).find(({ items }) => questionsOf(items).some((one) => one.linkId === linkId))
  return page
    ? `/assessments/${id}/groups/${encodeURIComponent(page.linkId)}?back=check#${fieldName(linkId)}-item`
    : `/assessments/${id}`
}

function plainly(value: FactValue): Spoken {
  const text = typeof value === 'object' ? value.join(', ') : String(value)
  return { text, isContent: true, language: '', direction: 'auto' }
}
