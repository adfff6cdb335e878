// Answers as a FHIR R4 QuestionnaireResponse, and back.

import { parseDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Answer, Answers } from './answers.ts'
import type { QuestionnaireResponse, ResponseAnswer, ResponseItem } from './fhir.ts'
import { isQuestion, questionsOf, type Instrument, type Item, type Option, type Question } from './instrument.ts'
import { noMargins, type Margins } from './margin.ts'
import { marginJson } from './margin-json.ts'
import { isObject, type Json } from './questionnaire-json.ts'

export interface ResponseFacts {
  readonly status: QuestionnaireResponse['status']
  readonly authored: Date
  /** The language in which the questions were read. */
  readonly language: string | null
  /** Left out where a response goes to others: who told what, and the notes, stay here. */
  readonly margins?: Margins
}

export interface ResponseProblem {
  readonly code: 'not_response' | 'other_instrument' | 'unknown_question' | 'answer' | 'too_many'
  readonly linkId: string | null
}

/** The response with all the answers given, nested as the instrument nests its items. Writes what it is handed: answers
 *  of items that do not show are left out only if `withoutDisabled` has taken them out before. */
export function responseOf(instrument: Instrument, answers: Answers, facts: ResponseFacts): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: canonicalOf(instrument),
    status: facts.status,
    authored: facts.authored.toISOString(),
    ...(facts.language === null ? {} : { language: facts.language }),
    item: itemsOf(instrument.items, answers, facts.margins ?? noMargins),
  }
}

function canonicalOf({ url, version }: { readonly url: string; readonly version: string }): string {
  return `${url}|${version}`
}

/** The answers in a response. Refused: another questionnaire, unknown questions, values of another type, unknown
 *  options, several answers where one is asked. Missing answers and ranges are `checkAnswers`' business. */
export function answersOf(instrument: Instrument, json: unknown): Result<Answers, readonly ResponseProblem[]> {
  if (!isObject(json) || json['resourceType'] !== 'QuestionnaireResponse') {
    return refused([{ code: 'not_response', linkId: null }])
  }
  const questionnaire = json['questionnaire']
  if (questionnaire !== canonicalOf(instrument) && questionnaire !== instrument.url) {
    return refused([{ code: 'other_instrument', linkId: null }])
  }
  const questions = new Map(questionsOf(instrument.items).map((question) => [question.linkId, question]))
  const answers = new Map<string, readonly Answer[]>()
  const problems: ResponseProblem[] = []
  const read = (holder: Json): void => {
    for (const item of listAt(holder, 'item')) {
      const linkId = typeof item['linkId'] === 'string' ? item['linkId'] : null
      const given = listAt(item, 'answer')
      if (given.length > 0) {
        const question = linkId === null ? undefined : questions.get(linkId)
        if (!question) problems.push({ code: 'unknown_question', linkId })
        else readAnswers(question, given)
      }
      read(item)
      given.forEach(read)
    }
  }
  const readAnswers = (question: Question, given: readonly Json[]) => {
    const { linkId } = question
    const values = given.map((value) => answerFrom(question, value))
    const found = values.filter((value) => value !== null)
    if (found.length < values.length) problems.push({ code: 'answer', linkId })
    else if (found.length > 1 && !('repeats' in question && question.repeats))
      problems.push({ code: 'too_many', linkId })
    else answers.set(linkId, found)
  }
  read(json)
  return problems.length > 0 ? refused(problems) : ok(answers)
}

function itemsOf(items: readonly Item[], answers: Answers, margins: Margins): readonly ResponseItem[] {
  return items.flatMap((item): ResponseItem | [] => {
    if (item.type === 'display') return []
    const within = itemsOf(item.items, answers, margins)
    if (!isQuestion(item)) return within.length > 0 ? { linkId: item.linkId, item: within } : []
    const given = (answers.get(item.linkId) ?? []).map((answer) => valueOf(item, answer))
    const [first, ...rest] = given
    const extension = marginJson(item.linkId, margins)
    const begun = { linkId: item.linkId, ...(extension.length > 0 ? { extension } : {}) }
    // A question's own questions stand inside its answer; where it has none (they then do not show) they stand beside it.
    if (first === undefined) {
      if (within.length > 0) return { ...begun, item: within }
      return extension.length > 0 ? begun : []
    }
    return { ...begun, answer: [within.length > 0 ? { ...first, item: within } : first, ...rest] }
  })
}

function valueOf(question: Question, answer: Answer): ResponseAnswer {
  switch (answer.kind) {
    case 'yes_no':
      return { valueBoolean: answer.yes }
    case 'number':
      return question.type === 'decimal' ? { valueDecimal: answer.number } : { valueInteger: answer.number }
    case 'date':
      return { valueDate: answer.date }
    case 'text':
    case 'other':
      return { valueString: answer.text }
    case 'option': {
      const option = 'options' in question ? question.options.find((found) => found.key === answer.key) : undefined
      return option ? optionValue(option) : { valueString: answer.key }
    }
  }
}

function optionValue({ value }: Option): ResponseAnswer {
  if (value.kind === 'string') return { valueString: value.text }
  if (value.kind === 'integer') return { valueInteger: value.number }
  const { system, code, display } = value
  return { valueCoding: { ...(system === null ? {} : { system }), code, ...(display === null ? {} : { display }) } }
}

function answerFrom(question: Question, json: Json): Answer | null {
  switch (question.type) {
    case 'boolean':
      return typeof json['valueBoolean'] === 'boolean' ? { kind: 'yes_no', yes: json['valueBoolean'] } : null
    case 'integer':
      return isNumber(json['valueInteger']) && Number.isInteger(json['valueInteger'])
        ? { kind: 'number', number: json['valueInteger'] }
        : null
    case 'decimal':
      return isNumber(json['valueDecimal']) ? { kind: 'number', number: json['valueDecimal'] } : null
    case 'date':
      return dateFrom(question.precision, json['valueDate'])
    case 'string':
    case 'text':
      return typeof json['valueString'] === 'string' ? { kind: 'text', text: json['valueString'] } : null
    case 'choice':
    case 'open-choice': {
      const option = question.options.find((found) => isValueOf(found, json))
      if (option) return { kind: 'option', key: option.key }
      const text = json['valueString']
      return question.type === 'open-choice' && typeof text === 'string' ? { kind: 'other', text } : null
    }
  }
}

function isValueOf({ value }: Option, json: Json): boolean {
  if (value.kind === 'string') return json['valueString'] === value.text
  if (value.kind === 'integer') return json['valueInteger'] === value.number
  const coding = json['valueCoding']
  return isObject(coding) && coding['code'] === value.code && (coding['system'] ?? null) === value.system
}

function dateFrom(precision: 'day' | 'month', value: unknown): Answer | null {
  if (typeof value !== 'string') return null
  const isMonth = precision === 'month' && parseDay(`${value}-01`) !== null
  return isMonth || parseDay(value) !== null ? { kind: 'date', date: value } : null
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function listAt(json: Json, key: string): readonly Json[] {
  const value = json[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}
