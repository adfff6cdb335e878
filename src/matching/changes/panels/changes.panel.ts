// What could change the picture, in plain sentences beside the ranking: the smallest step of each fact that help can move, what it
// opens and who helps to get there; and the questions whose answers alone would settle some.

import {
  checkRequirement,
  definitionOf,
  factInWords,
  factNature,
  factsOf,
  isServiceType,
  serviceTypeKey,
  speechOf,
  type FactCode,
  type Facts,
  type FactValue,
  type Rule,
} from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import type { Panel } from '#platform/http/index.ts'
import type { Reader } from '../../pages/words.page.ts'
import {
  whatCouldChange,
  type AskingService,
  type Change,
  type ChangeableFact,
  type Outlook,
} from '../what-could-change.ts'

/** More is read by nobody at once. */
const shownFacts = 5
const shownServices = 4
const shownAsks = 5

/** A service as the ranking gives it; another kind of help as the directory does. */
export interface StandingService {
  readonly id: string
  readonly name: string
  readonly type: string | null
  readonly standing: 'eligible' | 'not_known' | 'not_eligible'
  readonly requirements: readonly { readonly rule: Rule }[]
}

export interface Seen {
  readonly clientId: string
  readonly services: readonly StandingService[]
  readonly person: { readonly facts: Facts }
  readonly estimates: readonly Pick<Estimate, 'type' | 'gain'>[]
}

/** What could change for a client, by the directory's rules and words. */
export function outlookFor({ services, person, estimates }: Omit<Seen, 'clientId'>): Outlook {
  return whatCouldChange({
    facts: person.facts,
    services: services.map(({ id, name, type, requirements }) => ({
      ...{ id, name, type },
      rules: requirements.map(({ rule }) => rule),
    })),
    gains: new Map(estimates.map(({ type, gain }) => [type, gain])),
    ...{ checkRequirement, factsOf, definitionOf, natureOf: factNature },
  })
}

/** For the page of one recommendation. */
export function changesPanel(reader: Reader, seen: Seen): Panel {
  const { changes, asks } = outlookFor(seen)
  return {
    template: 'matching/changes/panels/changes.njk',
    model: {
      changes: changes.slice(0, shownFacts).map((change) => changeRow(reader, change)),
      asks: asks
        .slice(0, shownAsks)
        .map(({ fact, services }) =>
          reader.t('matching.changes.ask', { fact: factInWords(fact, speechOf(reader)), count: services }),
        ),
      askHref: `/clients/${seen.clientId}/assessments/new`,
    },
  }
}

function changeRow(reader: Reader, { steps }: ChangeableFact) {
  const [first, ...further] = steps
  const { opens, bestGain, closes } = first!
  const shown = firstOfEachName(opens).slice(0, shownServices)
  return {
    sentence: reader.t('matching.changes.opens', { step: stepInWords(first!, reader), count: opens.length }),
    services: shown.map(serviceLink),
    more:
      opens.length > shown.length ? reader.t('matching.changes.more', { count: opens.length - shown.length }) : null,
    gain: bestGain !== null && bestGain > 0 ? reader.t('matching.changes.gain', { count: bestGain }) : null,
    closes: closes > 0 ? reader.t('matching.changes.closes', { count: closes }) : null,
    further: further.map((step, at) => furtherInWords(reader, step, steps[at]!)),
    help: helpLinks(reader, first!),
    helpNone: first!.helpedBy.length === 0 ? reader.t('matching.changes.no_help') : null,
  }
}

/** A course that five organisations give is named once. */
export function firstOfEachName(services: readonly AskingService[]): readonly AskingService[] {
  const names = new Set<string>()
  return services.filter(({ name }) => !names.has(name) && names.add(name))
}

function serviceLink({ id, name }: AskingService) {
  return { name, href: `/services/${id}` }
}

/** A larger step, by what it opens beyond the one before it. */
function furtherInWords(reader: Reader, step: Change, before: Change): string {
  const count = step.opens.length - before.opens.length
  return reader.t('matching.changes.further', { value: valueInWords(step.fact, step.to, reader), count })
}

function helpLinks({ t }: Reader, { helpedBy }: Change) {
  return helpedBy
    .filter(isServiceType)
    .map((type) => ({ text: t(serviceTypeKey(type)), href: `/services?type=${type}` }))
}

// messages: directory.level.*
// messages: directory.schooling.*
// messages: directory.permission.*
// messages: directory.document.*
// messages: directory.yes.*

/** `the level of English, from A2 to B1`; for papers and yes or no, what would be true. */
export function stepInWords(
  { fact, from, to }: Pick<Change, 'fact' | 'to'> & { from: FactValue | null },
  reader: Reader,
): string {
  const { kind } = definitionOf(fact)
  const speech = speechOf(reader)
  if (kind === 'yes_no') return reader.t(`directory.yes.${fact}`)
  if (kind === 'codes') return reader.t('matching.changes.paper', { papers: valueInWords(fact, to, reader) })
  const words = { fact: factInWords(fact, speech), to: valueInWords(fact, to, reader) }
  return from === null
    ? reader.t('matching.changes.level_to', words)
    : reader.t('matching.changes.level', { ...words, from: valueInWords(fact, from, reader) })
}

function valueInWords(fact: FactCode, value: FactValue, reader: Reader): string {
  const { t } = reader
  if (typeof value === 'object') return speechOf(reader).and(value.map((code) => t(`directory.document.${code}`)))
  if (fact === 'schooling') return t(`directory.schooling.${String(value)}`)
  if (fact === 'work_permission') return t(`directory.permission.${String(value)}`)
  if (fact === 'language_level') return t(`directory.level.${String(value)}`)
  return String(value)
}
