// An instrument is a set of questions, read from a FHIR Questionnaire and trusted from then on.

/** Words of the instrument, in its own language and in others by language tag. */
export interface Words {
  readonly text: string
  readonly translations: Readonly<Record<string, string>>
}

export type Operator = 'exists' | '=' | '!=' | '>' | '<' | '>=' | '<='

/** When an item shows: what another question's answer must be. An option is named by its key. */
export interface Condition {
  readonly question: string
  readonly operator: Operator
  readonly value: boolean | number | string
}

/** What answering tells the profile. `value` is what `when_yes` and an option give; `answer` takes the answer itself. */
export interface FactLink {
  readonly fact: string
  readonly as: FactReading
  readonly value: string | null
}
export const factReadings = ['answer', 'months_since', 'more_than_zero', 'when_yes'] as const
export type FactReading = (typeof factReadings)[number]

interface Common {
  readonly linkId: string
  readonly words: Words
  readonly prefix: string | null
  readonly conditions: readonly Condition[]
  readonly joinedBy: 'all' | 'any'
}

interface Group extends Common {
  readonly type: 'group'
  readonly isRequired: boolean
  readonly items: readonly Item[]
}

interface Display extends Common {
  readonly type: 'display'
}

interface Asked extends Common {
  readonly isRequired: boolean
  /** Asked when this question is answered; displays among them are hints and always show. */
  readonly items: readonly Item[]
  readonly facts: readonly FactLink[]
  /** One of the few that the short first conversation asks. */
  readonly isAtDesk: boolean
}

export interface TextQuestion extends Asked {
  readonly type: 'string' | 'text'
  readonly maxLength: number | null
}

export interface NumberQuestion extends Asked {
  readonly type: 'integer' | 'decimal'
  readonly minimum: number | null
  readonly maximum: number | null
}

export interface BooleanQuestion extends Asked {
  readonly type: 'boolean'
}

export interface DateQuestion extends Asked {
  readonly type: 'date'
  /** Days as `YYYY-MM-DD`, inclusive. */
  readonly minimum: string | null
  readonly maximum: string | null
  /** `month` asks for month and year alone (`YYYY-MM`). */
  readonly precision: 'day' | 'month'
}

export interface ChoiceQuestion extends Asked {
  readonly type: 'choice' | 'open-choice'
  readonly repeats: boolean
  readonly options: readonly Option[]
}

export interface Option {
  /** Unique in its question: the code, the text or the number. */
  readonly key: string
  readonly value:
    | {
        readonly kind: 'coding'
        readonly system: string | null
        readonly code: string
        readonly display: string | null
      }
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'integer'; readonly number: number }
  readonly words: Words
  /** The ordinal that a score adds up; null when the option carries none. */
  readonly score: number | null
  /** Chosen alone, never with others. */
  readonly isExclusive: boolean
  /** `declined`: prefers not to say; `unknown`: does not know. Neither tells the profile anything. */
  readonly withholds: 'declined' | 'unknown' | null
  readonly facts: readonly FactLink[]
}

export type Question = TextQuestion | NumberQuestion | BooleanQuestion | DateQuestion | ChoiceQuestion
export type Item = Group | Display | Question

export interface Instrument {
  readonly url: string
  readonly version: string
  readonly language: string
  readonly title: Words
  readonly description: Words | null
  readonly items: readonly Item[]
}

/** One page: a group at the top, or a run of questions that stand at the top without one. */
export interface InstrumentPage {
  readonly linkId: string
  readonly words: Words
  /** The group whose condition decides whether the page is asked; null for a run of loose questions. */
  readonly group: Group | null
  readonly items: readonly Item[]
}

export function isQuestion(item: Item): item is Question {
  return item.type !== 'group' && item.type !== 'display'
}

/** Each item with the item that holds it, in reading order. */
export function* everyItem(
  items: readonly Item[],
  parent: Item | null = null,
): Generator<{ item: Item; parent: Item | null }> {
  for (const item of items) {
    yield { item, parent }
    if (item.type !== 'display') yield* everyItem(item.items, item)
  }
}

export function questionsOf(items: readonly Item[]): readonly Question[] {
  return [...everyItem(items)].map((found) => found.item).filter(isQuestion)
}

export function pagesOf(instrument: Instrument): readonly InstrumentPage[] {
  const pages: InstrumentPage[] = []
  let loose: Item[] = []
  const close = () => {
    const first = loose[0]
    if (first) pages.push({ linkId: first.linkId, words: instrument.title, group: null, items: loose })
    loose = []
  }
  for (const item of instrument.items) {
    if (item.type === 'group') {
      close()
      const words = item.words.text === '' ? instrument.title : item.words
      pages.push({ linkId: item.linkId, words, group: item, items: item.items })
    } else loose.push(item)
  }
  close()
  return pages
}

/** Whether answers may pass from one version's question to the other's. */
export function isSameQuestion(one: Question, other: Question): boolean {
  return one.linkId === other.linkId && one.type === other.type
}

/** Whether a person may say that they would rather not answer. */
export function isVoluntary(question: Question): boolean {
  return 'options' in question && question.options.some((option) => option.withholds === 'declined')
}

/** The languages in which the instrument can be read, its own first. */
export function languagesOf(instrument: Instrument): readonly string[] {
  const tags = new Set([instrument.language, ...Object.keys(instrument.title.translations)])
  for (const { item } of everyItem(instrument.items))
    for (const tag of Object.keys(item.words.translations)) tags.add(tag)
  return [...tags]
}

/** The words in the language asked for (`ar-EG`, else `ar`), else in the instrument's own; says which it is. */
export function wordsIn(
  words: Words,
  asked: string,
  own: string,
): { readonly text: string; readonly language: string } {
  for (const tag of [asked, asked.split('-')[0] ?? asked]) {
    const text = words.translations[tag]
    if (text !== undefined) return { text, language: tag }
  }
  return { text: words.text, language: own }
}
