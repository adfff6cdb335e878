// A recommendation explained to its client: which answers were used, which facts never are, what came first and why, how sure we
// are, what would change it. Short sentences, the same on paper and on their own page.

import { factInWords, speechOf } from '#directory/index.ts'
import { dayIn } from '#platform/dates.ts'
import { namedLanguage } from '#platform/languages.ts'
import { typeInWords } from '../../pages/words.page.ts'
import { costIn, doubtIn, studyIn, unknownIn, whenIn, whereIn } from '../../together/pages/option.page.ts'
import { tiesAmong } from '../../together/own-evidence.ts'
import type { ClientSpeech } from '../../together/clients-language.scene.ts'
import { hundredths } from '../../sentence.ts'
import { isFact } from '../make-view.scene.ts'
import type { ClientView } from '../view.ts'

// messages: matching.for-client.letter.*
// messages: matching.for-client.fact.*
// messages: matching.for-client.value.*
// messages: directory.level.*
// messages: directory.schooling.*
// messages: directory.permission.*
// messages: directory.document.*
// messages: directory.need.*
// messages: matching.aim.*
// messages: matching.hours.*

/** A line; content is a name or what people typed, in whatever language. */
export interface ExplainedLine {
  readonly text: string
  readonly isContent: boolean
  /** One below the other, after the line. */
  readonly items: readonly string[]
}

export interface ExplainedBlock {
  readonly heading: string
  readonly lines: readonly ExplainedLine[]
  readonly facts: readonly { readonly code: string; readonly name: string; readonly value: string }[]
  readonly services: readonly {
    readonly name: string
    readonly organization: string
    readonly lines: readonly string[]
    /** Where a study stands, as its authors write it. */
    readonly sources: readonly string[]
  }[]
}

export interface Explanation {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  readonly blocks: readonly ExplainedBlock[]
  readonly foot: string
}

export interface Explaining {
  readonly view: ClientView
  readonly timeZone: string
  /** The client's own page; null where they have none, or are on it. */
  readonly address: string | null
}

export function explanationOf(speech: ClientSpeech, { view, timeZone, address }: Explaining): Explanation {
  const said = (key: string, values?: Record<string, string | number>) =>
    speech.t(`matching.for-client.letter.${key}`, values)
  const isByModel = view.services.some(({ estimate }) => estimate !== null)
  const made = { day: speech.day(dayIn(timeZone, view.madeAt)), name: view.adviserName }
  const blocks = [
    block(said('about'), [said('about_made', made), said('about_computer'), said('about_decide')]),
    {
      ...block(said('used'), [said(view.facts.length > 0 ? 'used_text' : 'used_nothing')]),
      facts: factRows(speech, view),
    },
    block(said('not_used'), [
      said('not_used_text'),
      said('not_used_rule'),
      ...(view.hasKeptBack ? [said('not_used_kept_back')] : []),
    ]),
    {
      ...block(said('first'), firstLines(speech, view)),
      services: view.services.map((service) => serviceRow(speech, service)),
    },
    block(said('sure'), [
      said('sure_nobody'),
      ...(isByModel ? [said('sure_past', { people: view.episodes ?? 0 })] : [said('sure_unknown')]),
    ]),
    { ...block(said('change'), []), lines: changeLines(speech, view) },
    block(said('disagree'), [said('disagree_wrong'), said('disagree_again'), said('disagree_safe')]),
    ...(address === null ? [] : [block(said('own_page'), [said('own_page_text')], [address])]),
  ]
  return {
    locale: speech.locale,
    direction: speech.words.direction,
    title: said('title'),
    blocks,
    foot: said('foot', { site: view.siteName, network: speech.network.name }),
  }
}

/** The facts of a form's question "which one is not right". */
export function factRows(speech: ClientSpeech, { facts }: Pick<ClientView, 'facts'>) {
  return facts.map(({ code, value }) => ({
    code,
    name: factName(speech, code),
    value: valueInWords(speech, code, value),
  }))
}

/** `months without work`, in the words of the one whom it is about. */
export function factName(speech: ClientSpeech, code: string): string {
  const { t, words, locale } = speech
  const own = `matching.for-client.fact.${code}`
  if (words.has(own)) return t(own)
  return isFact(code) ? capitalised(factInWords(code, speechOf(speech)), locale) : t('matching.for-client.fact.other')
}

/** What the order means: of services between which there is no clear difference, nothing. */
function firstLines(speech: ClientSpeech, { services }: ClientView): readonly string[] {
  const said = (key: string, values?: Record<string, string | number>) =>
    speech.t(`matching.for-client.letter.${key}`, values)
  if (services.length === 0) return [said('first_none')]
  const gains = services.flatMap(({ estimate }) => (estimate ? [hundredths(estimate.gain)] : []))
  if (gains.length === 0) return [said('first_no_model')]
  const ties = tiesAmong(services)
  const isOneTie = ties[0]?.length === services.length
  return [
    ...(Math.max(...gains) <= 0 ? [said('first_no_gain')] : isOneTie ? [] : [said('first_model')]),
    ...ties.map((members) =>
      isOneTie ? said('tie_all') : said('tie_some', { names: speechOf(speech).and(members.map(({ name }) => name)) }),
    ),
    said('first_yours'),
  ]
}

function serviceRow(speech: ClientSpeech, service: ClientView['services'][number]) {
  const { t } = speech
  const { estimate, clientsThere, why } = service
  const points = { points: service.points }
  const values = estimate && { with: hundredths(estimate.chanceWith), without: hundredths(estimate.chanceWithout) }
  const doubt = estimate && doubtIn(speech, estimate, clientsThere)
  const studies = service.studies.map((study) => studyIn(speech, study))
  return {
    name: service.name,
    organization: service.organizationName,
    sources: studies.map(({ source }) => source),
    lines: [
      t('matching.for-client.letter.kind', { kind: typeInWords(service.type, speech) }),
      ...(values && doubt
        ? [
            t('matching.for-client.letter.helped', values),
            [doubt.doubt, doubt.few, doubt.there].filter((part) => part !== null).join(' '),
          ]
        : [unknownIn(speech, { estimate, why }) ?? '', ...studies.map(({ words }) => words)]),
      `${whereIn(speech, points)} ${whenIn(speech, points).join(' ')}`,
      t('matching.for-client.letter.costs', { cost: costIn(speech, points) }),
    ],
  }
}

function changeLines(speech: ClientSpeech, { open, change }: ClientView): readonly ExplainedLine[] {
  const line = (key: string, codes: readonly string[] = []): ExplainedLine => ({
    text: speech.t(`matching.for-client.letter.${key}`),
    isContent: false,
    items: codes.map((code) => factName(speech, code)),
  })
  return [
    ...(open.length > 0 ? [line('change_open', open)] : []),
    ...(change.length > 0 ? [line('change_can', change)] : []),
    line('change_any'),
  ]
}

/** Catalogue families in which the options of a fact are named. */
const families: Readonly<Record<string, string>> = {
  language_level: 'directory.level',
  schooling: 'directory.schooling',
  work_permission: 'directory.permission',
  documents: 'directory.document',
  needs: 'directory.need',
  aims: 'matching.aim',
  hours_available: 'matching.hours',
}

function valueInWords(speech: ClientSpeech, code: string, value: ClientView['facts'][number]['value']): string {
  const { t, words, locale } = speech
  if (typeof value === 'boolean') return t(`matching.for-client.value.${value ? 'yes' : 'no'}`)
  if (typeof value === 'number') return new Intl.NumberFormat(/-X[AB]$/.test(locale) ? 'en' : locale).format(value)
  if (typeof value !== 'string') return speechOf(speech).and(value.map((each) => valueInWords(speech, code, each)))
  if (code === 'languages') return namedLanguage(speech, value)
  if (!/^[\w-]+$/.test(value)) return value
  const own = `matching.for-client.value.${code}.${value}`
  const key = words.has(own) ? own : `${families[code] ?? ''}.${value}`
  return words.has(key) ? t(key) : value
}

/** The facts of the directory are named within a sentence; here they begin a line. */
function capitalised(text: string, locale: string): string {
  const [first = ''] = text
  return first.toLocaleUpperCase(/-X[AB]$/.test(locale) ? 'en' : locale) + text.slice(first.length)
}

function block(heading: string, lines: readonly string[], content: readonly string[] = []): ExplainedBlock {
  return {
    heading,
    lines: [
      ...lines.map((text) => ({ text, isContent: false, items: [] })),
      ...content.map((text) => ({ text, isContent: true, items: [] })),
    ],
    facts: [],
    services: [],
  }
}
