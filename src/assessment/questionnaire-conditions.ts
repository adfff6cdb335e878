// When an item shows: reads `enableWhen` against the questions that it names, and refuses circles.

import { parseDay } from '#platform/dates.ts'
import { everyItem, isQuestion, type Condition, type Item, type Operator, type Question } from './instrument.ts'
import { isObject, note, type Json, type Place, type Reading } from './questionnaire-json.ts'

/** A condition as it stands in the file, before the question that it names is known. */
export interface WrittenCondition {
  readonly question: string
  readonly operator: Operator
  readonly answer: { readonly type: string; readonly value: unknown }
}

const operators: readonly Operator[] = ['exists', '=', '!=', '>', '<', '>=', '<=']

export function writtenConditionsAt(reading: Reading, json: Json, at: Place): readonly WrittenCondition[] {
  const list = json['enableWhen']
  if (list === undefined) return []
  const written: WrittenCondition[] = []
  for (const entry of Array.isArray(list) ? list : [list]) {
    const condition = isObject(entry) ? writtenCondition(entry) : null
    if (condition) written.push(condition)
    else
      note(
        reading,
        isObject(entry) && isOperator(entry['operator']) ? 'condition_answer' : 'condition_operator',
        at,
        entry,
      )
  }
  return written
}

export function joinAt(reading: Reading, json: Json, at: Place): 'all' | 'any' {
  const join = json['enableBehavior']
  if (join === 'all' || join === 'any') return join
  const several = Array.isArray(json['enableWhen']) && json['enableWhen'].length > 1
  // R4 leaves no default: with several conditions the author must say how they join (invariant que-12).
  if (join !== undefined || several) note(reading, 'condition_join', at, join)
  return 'all'
}

/** The condition against its question; notes an unknown target, an operator or an answer that it cannot have. */
export function settleCondition(
  reading: Reading,
  written: WrittenCondition,
  target: Item | undefined,
  at: Place,
): Condition | null {
  const { question, operator } = written
  if (!target || !isQuestion(target)) {
    note(reading, 'condition_target', at, question)
    return null
  }
  if (operator !== 'exists' && operator !== '=' && operator !== '!=' && !isOrdered(target)) {
    note(reading, 'condition_operator', at, operator)
    return null
  }
  const value = operator === 'exists' ? existsValue(written) : valueFor(target, written)
  if (value === null) {
    note(reading, 'condition_answer', at, `${question} ${operator} ${written.answer.type}`)
    return null
  }
  return { question, operator, value }
}

/** Notes every item whose showing depends on itself: by its own conditions, or by those of the items that hold it. */
export function noteCircles(reading: Reading, items: readonly Item[]): void {
  const needs = new Map<string, readonly string[]>()
  const byId = new Map<string, Item>()
  for (const { item, parent } of everyItem(items)) {
    byId.set(item.linkId, item)
    needs.set(item.linkId, [
      ...item.conditions.map((condition) => condition.question),
      ...(parent ? [parent.linkId] : []),
    ])
  }
  const settled = new Set<string>()
  const underWay = new Set<string>()
  const visit = (linkId: string): void => {
    if (settled.has(linkId)) return
    if (underWay.has(linkId)) {
      note(
        reading,
        'condition_cycle',
        { linkId, type: byId.get(linkId)?.type ?? null },
        [...underWay, linkId].join(' → '),
      )
      return
    }
    underWay.add(linkId)
    for (const next of needs.get(linkId) ?? []) visit(next)
    underWay.delete(linkId)
    settled.add(linkId)
  }
  for (const linkId of needs.keys()) visit(linkId)
}

function writtenCondition(entry: Json): WrittenCondition | null {
  const question = entry['question']
  const operator = entry['operator']
  const answers = Object.keys(entry).filter((key) => key.startsWith('answer'))
  const type = answers[0]
  if (typeof question !== 'string' || !isOperator(operator) || type === undefined || answers.length > 1) return null
  return { question, operator, answer: { type, value: entry[type] } }
}

function isOperator(text: unknown): text is Operator {
  return operators.some((operator) => operator === text)
}

function isOrdered(question: Question): boolean {
  if (question.type === 'integer' || question.type === 'decimal' || question.type === 'date') return true
  return 'options' in question && question.options.every((option) => option.value.kind === 'integer')
}

function existsValue({ answer }: WrittenCondition): boolean | null {
  return answer.type === 'answerBoolean' && typeof answer.value === 'boolean' ? answer.value : null
}

function valueFor(question: Question, { answer }: WrittenCondition): Condition['value'] | null {
  const { type, value } = answer
  switch (question.type) {
    case 'boolean':
      return type === 'answerBoolean' && typeof value === 'boolean' ? value : null
    case 'integer':
    case 'decimal':
      return (type === 'answerInteger' || type === 'answerDecimal') && typeof value === 'number' ? value : null
    case 'date':
      return type === 'answerDate' && isDate(value) ? value : null
    case 'string':
    case 'text':
      return type === 'answerString' && typeof value === 'string' ? value : null
    case 'choice':
    case 'open-choice':
      return optionNamed(question, type, value)
  }
}

function optionNamed(question: Extract<Question, { options: unknown }>, type: string, value: unknown): string | null {
  if (type === 'answerCoding' && isObject(value)) {
    const found = question.options.find(
      ({ value: own }) =>
        own.kind === 'coding' &&
        own.code === value['code'] &&
        (value['system'] === undefined || own.system === value['system']),
    )
    return found?.key ?? null
  }
  const text = type === 'answerInteger' && typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || (type !== 'answerString' && type !== 'answerInteger')) return null
  const kind = type === 'answerString' ? 'string' : 'integer'
  const isOption = question.options.some((option) => option.value.kind === kind && option.key === text)
  return isOption || (question.type === 'open-choice' && kind === 'string') ? text : null
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && (parseDay(value) !== null || parseDay(`${value}-01`) !== null)
}
