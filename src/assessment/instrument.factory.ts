// Instruments for tests: built by hand, or any at all.

import fc from 'fast-check'
import type { FactDefinition } from '#directory/index.ts'
import type { Answer, Answers } from './answers.ts'
import { questionsOf, type Instrument, type Question } from './instrument.ts'
import { parseInstrument } from './questionnaire.ts'

export type Json = Readonly<Record<string, unknown>>

/** A Questionnaire with these items. */
export function aQuestionnaire(item: readonly Json[], rest: Json = {}): Json {
  return {
    resourceType: 'Questionnaire',
    url: 'urn:test:instrument',
    version: '1',
    title: 'A test',
    status: 'active',
    item,
    ...rest,
  }
}

/** The instrument that these items make. Throws when they make none. */
export function anInstrument(
  item: readonly Json[],
  definitions: Readonly<Record<string, FactDefinition>> = {},
): Instrument {
  const parsed = parseInstrument(aQuestionnaire(item), definitions)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return parsed.value
}

export function group(linkId: string, item: readonly Json[], rest: Json = {}): Json {
  return { linkId, type: 'group', text: `Group ${linkId}`, item, ...rest }
}

export function question(type: string, linkId: string, rest: Json = {}): Json {
  const options =
    type === 'choice' || type === 'open-choice' ? { answerOption: ['a', 'b', 'c'].map((code) => coded(code)) } : {}
  return { linkId, type, text: `Question ${linkId}`, ...options, ...rest }
}

export function coded(code: string, rest: Json = {}): Json {
  return { valueCoding: { system: 'urn:test', code, display: `Option ${code}` }, ...rest }
}

export function scored(code: string, ordinal: number): Json {
  return coded(code, {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: ordinal }],
  })
}

export function fills(fact: string, { as, value }: { as?: string; value?: string } = {}): Json {
  const part = (url: string, key: string, text?: string) => (text === undefined ? [] : [{ url, [key]: text }])
  return {
    url: 'urn:waypost:fact',
    extension: [
      ...part('fact', 'valueCode', fact),
      ...part('as', 'valueCode', as),
      ...part('value', 'valueString', value),
    ],
  }
}

const types = ['boolean', 'integer', 'decimal', 'string', 'text', 'date', 'choice', 'open-choice'] as const

interface Draft {
  readonly type: (typeof types)[number]
  readonly place: 'here' | 'new group' | 'inner group'
  readonly conditions: readonly { readonly back: number; readonly operator: string }[]
  readonly join: string
  readonly repeats: boolean
  readonly isScored: boolean
  readonly isRequired: boolean
}

const draft: fc.Arbitrary<Draft> = fc.record({
  type: fc.constantFrom(...types),
  place: fc.constantFrom('here' as const, 'new group' as const, 'inner group' as const),
  conditions: fc.array(
    fc.record({ back: fc.nat(20), operator: fc.constantFrom('exists', '=', '!=', '>', '<', '>=', '<=') }),
    { maxLength: 2 },
  ),
  join: fc.constantFrom('all', 'any'),
  repeats: fc.boolean(),
  isScored: fc.boolean(),
  isRequired: fc.boolean(),
})

/** Any well-made Questionnaire: nested groups, conditions on questions asked before, every type. */
export const anyQuestionnaire: fc.Arbitrary<Json> = fc.array(draft, { minLength: 1, maxLength: 14 }).map(assembled)

/** Any instrument with any answers that its fields could have given, whether their items show or not. */
export const anyAnswered: fc.Arbitrary<{ readonly instrument: Instrument; readonly answers: Answers }> =
  anyQuestionnaire.chain((json) => {
    const parsed = parseInstrument(json, {})
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
    return anyAnswersTo(parsed.value).map((answers) => ({ instrument: parsed.value, answers }))
  })

export function anyAnswersTo(instrument: Instrument): fc.Arbitrary<Answers> {
  const each = questionsOf(instrument.items).map((asked) =>
    fc.option(anyAnswerTo(asked), { freq: 3 }).map((given) => [asked.linkId, given] as const),
  )
  return fc
    .tuple(...each)
    .map((pairs) => new Map(pairs.flatMap(([linkId, given]) => (given ? [[linkId, given] as const] : []))))
}

function anyAnswerTo(asked: Question): fc.Arbitrary<readonly Answer[]> {
  switch (asked.type) {
    case 'boolean':
      return fc.boolean().map((yes) => [{ kind: 'yes_no', yes }])
    case 'integer':
      return fc.integer({ min: -99, max: 999 }).map((number) => [{ kind: 'number', number }])
    case 'decimal':
      return fc.integer({ min: -9900, max: 99900 }).map((number) => [{ kind: 'number', number: number / 100 }])
    case 'string':
    case 'text':
      return fc.stringMatching(/^[A-Za-zא-ת]{1,12}$/).map((text) => [{ kind: 'text', text }])
    case 'date':
      return fc
        .integer({ min: 0, max: 20_000 })
        .map((day) => [{ kind: 'date', date: new Date(day * 86_400_000).toISOString().slice(0, 10) }])
    case 'choice':
    case 'open-choice': {
      const keys = asked.options.map((option) => option.key)
      const options = fc.subarray(keys, { minLength: 1, maxLength: asked.repeats ? keys.length : 1 })
      const chosen = options.map((some) => some.map((key): Answer => ({ kind: 'option', key })))
      if (asked.type === 'choice') return chosen
      const own = fc.stringMatching(/^[a-z]{4,9}$/).map((text): Answer[] => [{ kind: 'other', text }])
      return fc.oneof(chosen, own)
    }
  }
}

function assembled(drafts: readonly Draft[]): Json {
  const top: Json[] = []
  let open: Json[] = top
  drafts.forEach((one, index) => {
    if (one.place !== 'here') {
      const inner: Json[] = []
      const holder = one.place === 'new group' ? top : open
      holder.push(group(`g${index}`, inner, conditionsOf(one, index, drafts)))
      open = inner
    }
    const isChoice = one.type === 'choice' || one.type === 'open-choice'
    open.push(
      question(one.type, `q${index}`, {
        ...(one.place === 'here' ? conditionsOf(one, index, drafts) : {}),
        ...(one.isRequired ? { required: true } : {}),
        ...(isChoice && one.repeats ? { repeats: true } : {}),
        ...(isChoice && one.isScored ? { answerOption: [scored('a', 0), scored('b', 2), coded('c')] } : {}),
      }),
    )
  })
  return aQuestionnaire(top)
}

function conditionsOf({ conditions, join }: Draft, index: number, drafts: readonly Draft[]): Json {
  if (index === 0 || conditions.length === 0) return {}
  const enableWhen = conditions.map(({ back, operator }) => {
    const target = back % index
    return conditionOn(drafts[target]?.type ?? 'boolean', `q${target}`, operator)
  })
  return { enableWhen, ...(enableWhen.length > 1 ? { enableBehavior: join } : {}) }
}

function conditionOn(type: Draft['type'], linkId: string, operator: string): Json {
  const isOrdered = type === 'integer' || type === 'decimal' || type === 'date'
  if (operator === 'exists') return { question: linkId, operator, answerBoolean: true }
  const fitting = isOrdered || operator === '=' || operator === '!=' ? operator : '='
  const value: Json = {
    boolean: { answerBoolean: true },
    integer: { answerInteger: 5 },
    decimal: { answerDecimal: 2.5 },
    string: { answerString: 'x' },
    text: { answerString: 'x' },
    date: { answerDate: '2000-01-01' },
    choice: { answerCoding: { system: 'urn:test', code: 'a' } },
    'open-choice': { answerCoding: { code: 'b' } },
  }
  return { question: linkId, operator: fitting, ...(value[type] as Json) }
}
