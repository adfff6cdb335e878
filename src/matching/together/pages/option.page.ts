// One service in words for the person whom it is about: what it is, what it gave others, where, when, what it costs, what to
// bring. Nothing of the file stands here: no answer, no need, no access need.

import type { Rule, Service, ServicePlace } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import { parseDay } from '#platform/dates.ts'
import type { Finding } from '../../evidence-step.ts'
import type { Point } from '../../fit.ts'
import type { RankedService } from '../../recommend.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import { hundredths, intervalOf, isThin } from '../../sentence.ts'
import { typeInWords } from '../../pages/words.page.ts'
import type { ClientSpeech } from '../clients-language.scene.ts'
import { iconArray } from '../icon-array.ts'
import { ownEvidence, type OwnEvidence } from '../own-evidence.ts'

/** What the directory says of a service now; null where it no longer knows it. */
export interface ServiceNow {
  readonly service: Service | null
  readonly places: readonly ServicePlace[]
  readonly rules: readonly Rule[]
}

// messages: matching.together.option.*
// messages: directory.document.*

/** So much of a description is read on a screen that two people look at, and fits the sheet. */
const longestDescription = 220
const mostPlaces = 2
const mostToBring = 6

export function optionIn(
  speech: ClientSpeech,
  recommendation: Pick<KeptRecommendation, 'estimates' | 'rankedBy'>,
  { ranked, now }: { readonly ranked: RankedService; readonly now: ServiceNow },
) {
  const { t } = speech
  const own = ownEvidence(recommendation, ranked)
  const isFree = ranked.points.some(({ key }) => key === 'free')
  return {
    id: ranked.id,
    name: ranked.name,
    organization: ranked.organizationName,
    type: typeInWords(ranked.type, speech),
    description: shortened(now.service?.description ?? '', longestDescription),
    helped: own.estimate ? helpedIn(speech, own.estimate, own.clientsThere) : null,
    unknown: unknownIn(speech, own),
    studies: own.studies.map((study) => studyIn(speech, study)),
    toSettle: ranked.standing === 'not_known' ? t('matching.together.option.to_settle') : null,
    where: whereIn(speech, ranked),
    places: placesAt(now.places),
    when: whenIn(speech, ranked),
    cost: costIn(speech, ranked),
    fees: isFree ? '' : shortened(now.service?.fees ?? '', longestDescription),
    ...bringIn(speech, now),
  }
}

/** Why nobody can say; null where somebody can. */
export function unknownIn({ t }: Pick<ClientSpeech, 't'>, { estimate, why }: Pick<OwnEvidence, 'estimate' | 'why'>) {
  return estimate ? null : t(`matching.together.option.unknown_${why ?? 'too_few'}`)
}

/** What a study found of other people, said to be of other people; where it stands, as its authors write it. */
export function studyIn({ t }: Pick<ClientSpeech, 't'>, { gain, source, year }: Omit<Finding, 'type'>) {
  const people = hundredths(gain)
  const key = people < 0 ? 'elsewhere_fewer' : 'elsewhere_more'
  const named = year === null || source.includes(String(year)) ? source : `${source}, ${year}`
  return { words: t(`matching.together.option.${key}`, { count: Math.abs(people) }), source: named }
}

/** The counts of a hundred, as pictures and as sentences, with their doubt. */
function helpedIn({ t }: Pick<ClientSpeech, 't'>, estimate: Estimate, clientsThere: number | null) {
  const said = (key: string, count: number) => t(`matching.together.option.${key}`, { count })
  const [withIt, without] = [hundredths(estimate.chanceWith), hundredths(estimate.chanceWithout)]
  return {
    with: { text: said('with', withIt), picture: iconArray(withIt, said('picture', withIt)) },
    without: { text: said('without', without), picture: iconArray(without, said('picture', without)) },
    ...doubtIn({ t }, estimate, clientsThere),
  }
}

/** The difference and how sure we are of it, in whole people of a hundred; whose results count in it besides. */
export function doubtIn({ t }: Pick<ClientSpeech, 't'>, estimate: Estimate, clientsThere: number | null) {
  const { kind, low, high } = intervalOf(estimate)
  const difference = hundredths(estimate.chanceWith) - hundredths(estimate.chanceWithout)
  const key = difference < 0 ? 'difference_fewer' : 'difference_more'
  return {
    difference: t(`matching.together.option.${key}`, { count: Math.abs(difference) }),
    doubt: t(`matching.together.option.doubt_${kind}`, { low, high }),
    few: isThin(estimate) ? t('matching.together.option.few') : null,
    there: clientsThere === null ? null : t('matching.together.option.there', { count: clientsThere }),
  }
}

/** Points that say how far it is, in the words of the one who goes there. */
const distanceKeys: readonly string[] = [
  ...['near', 'far', 'farther_than_willing', 'online', 'remote', 'place_unknown', 'home_unknown'],
]

export function whereIn({ t }: Pick<ClientSpeech, 't'>, { points }: Pick<RankedService, 'points'>): string {
  const point = points.find(({ key }) => distanceKeys.includes(key))
  if (!point) return t('matching.together.option.place_unknown')
  return t(`matching.together.option.${point.key}`, { ...point.values })
}

/** When it begins, whether there is a place, and how long others waited. */
export function whenIn(
  speech: Pick<ClientSpeech, 't' | 'day'>,
  { points }: Pick<RankedService, 'points'>,
): readonly string[] {
  const { t, day } = speech
  const start = points.find(({ key }) => key === 'starts' || key === 'starts_late')
  const startDay = start ? parseDay(start.values['day']) : null
  const places = points.find(({ key }) => key === 'places' || key === 'places_none')
  const wait = points.find(({ key }) => key === 'wait')
  return [
    startDay && start
      ? t(`matching.together.option.${start.key}`, { day: day(startDay) })
      : t('matching.together.option.start_unknown'),
    places
      ? t(`matching.together.option.${places.key}`, { ...places.values })
      : t('matching.together.option.places_unknown'),
    ...(wait ? [t('matching.together.option.wait', { ...wait.values })] : []),
  ]
}

export function costIn(
  { t, locale }: Pick<ClientSpeech, 't' | 'locale'>,
  { points }: Pick<RankedService, 'points'>,
): string {
  if (points.some(({ key }) => key === 'free')) return t('matching.together.option.free')
  const costs = points.find(({ key }) => key === 'costs')
  return costs
    ? t('matching.together.option.costs', { amount: amountOf(costs.values, locale) })
    : t('matching.together.option.cost_unknown')
}

function amountOf({ cents, currency }: Point['values'], locale: string): string {
  const amount = Number(cents) / 100
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return String(amount)
  return new Intl.NumberFormat(/-X[AB]$/.test(locale) ? 'en' : locale, { style: 'currency', currency }).format(amount)
}

/** Where it is given, as the directory writes it. */
function placesAt(places: readonly ServicePlace[]): readonly string[] {
  const named = places.filter(({ kind }) => kind !== 'virtual').flatMap(({ address, name }) => address ?? name ?? [])
  return [...new Set(named)].slice(0, mostPlaces)
}

/** Papers: by the rules that are checked, and what the service's own entry asks for, in its own words. */
function bringIn({ t }: ClientSpeech, { service, rules }: ServiceNow) {
  const asked = rules.flatMap((rule) => (rule.kind === 'documents' ? rule.all : []))
  const bring = [...new Set(asked)].map((code) => t(`directory.document.${code}`))
  const ownWords = (service?.documents ?? []).slice(0, Math.max(mostToBring - bring.length, 0))
  return {
    bring,
    bringOwn: ownWords,
    bringNothing: bring.length + ownWords.length === 0 ? t('matching.together.option.bring_nothing') : null,
  }
}

/** Up to the last whole word; what is left out is told by an ellipsis. */
function shortened(text: string, most: number): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  if (plain.length <= most) return plain
  const cut = plain.slice(0, most)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))}…`
}
