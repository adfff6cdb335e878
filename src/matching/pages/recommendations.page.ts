// The page of a recommendation: services in their order, with what speaks for and against each, and the choice.

import type { Client } from '#clients/index.ts'
import { fullName } from '#clients/index.ts'
import { nearestInWords, type ArmAverage, type Estimate } from '#evidence/index.ts'
import { noProblems, textOf, type FormBody, type Panel, type Scene, type ShownProblems } from '#platform/http/index.ts'
import type { PageModel } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import { choiceReasons } from '../choice.ts'
import { gainChart } from '../gain-chart.ts'
import { standings, type RankedService, type Standing } from '../recommend.ts'
import { asRanked, filters, isAsRanked, lookAt, sorts, type ShownBy } from '../shown-by.ts'
import type { KeptChoice, KeptRecommendation } from '../recommendations.store.ts'
import { hundredths } from '../sentence.ts'
import { stepsInWords } from './steps.page.ts'
import { whyAnswers } from './why.page.ts'
import { tiersIn, tierTitle, type Tier } from './tiers.page.ts'
import {
  gainInWords,
  intervalInWords,
  noEstimateInWords,
  openWords,
  pictureInWords,
  pointInWords,
  sentenceInWords,
  thinInWords,
  typeInWords,
  unmetWords,
} from './words.page.ts'

// messages: matching.list.*
// messages: matching.reason.*
// messages: matching.filter.*
// messages: matching.sort.*
// messages: matching.tier.*

/** So many of a list at a time: more is read by nobody at once, and nothing is left out. */
export const shownAtOnce = 20
/** So many of a kind at once on the whole ranking's page: what differs between them is practical, and more are a click away. */
const shownOfKind = 3
/** So many more of a kind are folded away there; further ones are a page away. */
const foldedOfKind = 7
/** What is said of places where it is worth asking. */
const asksForPlaces: readonly string[] = ['places_none', 'places_old', 'places_unknown']
/** So many of the lists below the first, until they are asked for. */
const shownBelow = 5

export interface Shown {
  readonly client: Client
  readonly recommendation: KeptRecommendation
  readonly choices: readonly KeptChoice[]
  readonly madeBy: string
  /** The client's other rankings, the latest first. */
  readonly earlier: readonly { readonly id: string; readonly madeAt: Date }[]
  /** Where the estimates come from; null when there are none. */
  readonly evidence: { readonly episodes: number; readonly learnedAt: Date; readonly isInUse: boolean } | null
  /** A model ordered it, and none does so any more. */
  readonly isModelOff: boolean
  /** Answers or needs are others now. */
  readonly isOutdated: boolean
  /** One list alone from a place on; null: the first list, and the beginnings of the others. */
  readonly list: { readonly standing: Standing; readonly from: number } | null
  /** The referral that the next one takes up, carried through to the sending page. */
  readonly follows: ReferralId | null
  /** What the client said of it, and the way to show it to them. */
  readonly together: Panel
  /** What else the parts of matching say of it, before the services and after those that are open. */
  readonly above: readonly Panel[]
  readonly below: readonly Panel[]
  /** What the client's hand filters and sorts of what is open to them. */
  readonly shownBy: ShownBy
  /** The service that is looked for: why is it not here? Empty: nobody asked. */
  readonly why: string
  readonly body: FormBody
  readonly problems: ShownProblems
}

/** The page before anything was ranked. */
export function emptyPage(scene: Scene, client: Client, follows: ReferralId | null = null): PageModel {
  return {
    title: scene.t('matching.page.title'),
    clientName: fullName(client),
    clientHref: `/clients/${client.id}`,
    assessHref: `/clients/${client.id}/assessments/new`,
    rankAction: `/clients/${client.id}/recommendations${following(follows)}`,
    problems: noProblems,
    lists: null,
  }
}

export function recommendationPage(scene: Scene, shown: Shown): PageModel {
  const { client, recommendation, evidence, problems } = shown
  const lists = shown.list
    ? [listOf(scene, shown, { ...shown.list, most: shownAtOnce })]
    : standings.map((standing) =>
        listOf(scene, shown, { standing, from: 0, most: standing === 'eligible' ? shownAtOnce : shownBelow }),
      )
  return {
    ...emptyPage(scene, client, shown.follows),
    made: { moment: scene.moment(recommendation.madeAt), name: shown.madeBy },
    earlier: shown.earlier.map(({ id, madeAt }) => ({
      href: `/clients/${client.id}/recommendations/${id}`,
      text: scene.t('matching.page.earlier_one', { moment: scene.moment(madeAt) }),
    })),
    evidence: evidence && { episodes: evidence.episodes, day: scene.moment(evidence.learnedAt) },
    hasEstimates: recommendation.estimates.length + recommendation.unsupported.length > 0,
    // messages: matching.page.by_*
    notByModel: recommendation.rankedBy === 'model' ? null : scene.t(`matching.page.by_${recommendation.rankedBy}`),
    averages: recommendation.averages.map((average) => averageRow(scene, average)),
    isModelOff: shown.isModelOff,
    isEmpty: recommendation.services.length === 0,
    isBare: Object.keys(recommendation.person.facts).every((code) => code === 'age' || code === 'residence_area'),
    isOutdated: shown.isOutdated,
    isReplaced: evidence !== null && !evidence.isInUse,
    isAsMade: recommendation.isAsMade,
    nearest: nearestInWords(recommendation.nearest, scene),
    order: recommendation.order && scene.t(`matching.page.order_${recommendation.order.by}`),
    above: shown.above,
    below: shown.below,
    look: lookForm(scene, shown),
    why: whyAnswers({ ...recommendation, typed: shown.why }, scene),
    whyAction: hrefOf({ ...shown, shownBy: asRanked, follows: null }, null),
    estimates: [
      ...recommendation.estimates
        .toSorted((a, b) => b.gain - a.gain)
        .map((estimate) => estimateRow(scene, shown, estimate)),
      ...recommendation.unsupported.map((type) => unsupportedRow(scene, shown, type)),
    ],
    together: shown.together,
    wholeHref: shown.list ? hrefOf(shown, null) : null,
    lists,
    problems,
  }
}

interface Part {
  readonly standing: Standing
  readonly from: number
  readonly most: number
}

function listOf(scene: Scene, shown: Shown, { standing, from, most }: Part) {
  const everyone = shown.recommendation.services.filter((service) => service.standing === standing)
  const shownBy = standing === 'eligible' ? shown.shownBy : asRanked
  const all = lookAt(everyone, shownBy, willingOf(shown))
  const isWhole = shown.list === null && standing === 'eligible' && shownBy.sort === 'gain'
  // The whole ranking has every kind that is open to the client, each with its first few.
  const part = isWhole ? all : all.slice(from, from + most)
  const next = from + part.length
  const isSorted = shownBy.sort !== 'gain'
  const nothing = everyone.length > 0 ? 'matching.look.none' : `matching.list.${standing}_none`
  const tiers = isSorted ? [{ tier: null, services: part, size: part.length, kinds: 0 }] : tiersIn(part, all)
  return {
    standing,
    title: scene.t(`matching.list.${standing}`, { count: everyone.length }),
    explain: scene.t(`matching.list.${standing}_explain`),
    asks: standing === 'not_known' && all.length > 0,
    nothing: all.length === 0 ? scene.t(nothing) : null,
    left: all.length < everyone.length ? scene.t('matching.look.left', { count: all.length }) : null,
    sorted: isSorted ? scene.t(`matching.sort.by_${shownBy.sort}`) : null,
    start: from + 1,
    tiers: tiers.map((tier) => tierIn(scene, shown, { ...tier, standing })),
    moreHref: next < all.length ? hrefOf(shown, { standing, from: next }) : null,
    moreText: scene.t('matching.list.more', {
      count: Math.min(shownAtOnce, all.length - next),
      left: all.length - next,
    }),
  }
}

// messages: matching.page.order_*

function willingOf({ recommendation }: Shown): number | null {
  const { minutes_willing_to_travel: willing } = recommendation.person.facts
  return typeof willing === 'number' ? willing : null
}

/** The form by which the client filters and sorts. */
function lookForm(scene: Scene, shown: Shown) {
  const { only, sort } = shown.shownBy
  return {
    action: hrefOf({ ...shown, shownBy: asRanked, follows: null }, null),
    follows: shown.follows,
    isOpen: !isAsRanked(shown.shownBy),
    filters: filters.map((filter) => ({
      value: filter,
      text: scene.t(`matching.filter.${filter}`, { willing: willingOf(shown) ?? 60 }),
      checked: only.includes(filter),
    })),
    sorts: sorts.map((one) => ({ value: one, text: scene.t(`matching.sort.${one}`), selected: one === sort })),
    clearHref: hrefOf({ ...shown, shownBy: asRanked }, null),
  }
}

function tierIn(scene: Scene, shown: Shown, tier: Tier & { readonly standing: Standing }) {
  const others = shown.recommendation.services.filter(
    ({ tier: other, evidence }) => other !== null && evidence.gain !== null,
  )
  const isOnly = others.every(({ tier: other }) => other === tier.tier)
  const title = tier.tier === null ? null : tierTitle(tier, isOnly)
  const { order } = shown.recommendation
  // A tie is said to be a tie, wherever two of it could be weighed against each other.
  const isTie = order !== null && tier.tier !== null && tier.size > 1
  const saysTie = isTie && title !== null && title !== 'unknown'
  return {
    title: title && scene.t(`matching.tier.${title}`),
    tie: saysTie ? scene.t('matching.tier.tie', { count: tier.size, kinds: tier.kinds, drawn: order.by }) : null,
    groups: (tier.tier === null && tier.standing === 'eligible'
      ? runsOf(tier.services, tier.standing)
      : groupsOf(tier.services, tier.standing, shown.list === null)
    ).map((group) => groupIn(scene, shown, group, isTie)),
  }
}

interface Group {
  readonly standing: Standing
  readonly type: string | null
  readonly services: readonly RankedService[]
  /** Of the same kind, folded away until they are asked for. */
  readonly folded: readonly RankedService[]
  /** Of the same kind, on pages of their own. */
  readonly left: readonly RankedService[]
}

/** As they come, those of one kind that follow each other together. */
function runsOf(services: readonly RankedService[], standing: Standing): Group[] {
  const runs: { standing: Standing; type: string | null; services: RankedService[]; folded: []; left: [] }[] = []
  for (const service of services) {
    const last = runs.at(-1)
    if (last?.type === service.type) last.services.push(service)
    else runs.push({ standing, type: service.type, services: [service], folded: [], left: [] })
  }
  return runs
}

/** Services that stand together because their kind helps alike: the estimate is said once for all of them. On the page of the
 *  whole ranking a kind folds away all but its first few; other lists are as they come. */
function groupsOf(services: readonly RankedService[], standing: Standing, isWhole: boolean): Group[] {
  const most = standing === 'eligible' && isWhole ? shownOfKind : Infinity
  return [...Map.groupBy(services, ({ type }) => type)].map(([type, own]) => ({
    ...{ standing, type },
    services: own.slice(0, most),
    folded: own.slice(most, most + foldedOfKind),
    left: own.slice(most + foldedOfKind),
  }))
}

function groupIn(scene: Scene, shown: Shown, { standing, type, services, folded, left }: Group, isTie: boolean) {
  const estimate = shown.recommendation.estimates.find((each) => each.type === type)
  // What is not open to the client is there for its reasons: an estimate beside them would only tease.
  const saysEstimate = standing !== 'not_eligible' && shown.recommendation.rankedBy === 'model'
  const rows = (list: readonly RankedService[]) => list.map((service) => serviceRow(scene, shown, service))
  const isOpen = folded.some(({ id }) => id === textOf(shown.body, 'service'))
  return {
    type: typeInWords(type, scene),
    sentence: saysEstimate && estimate ? sentenceInWords(estimate, scene) : null,
    noEstimate: saysEstimate && !estimate ? noEstimateInWords(type, shown.recommendation, scene) : null,
    thin: saysEstimate && estimate ? thinInWords(estimate, scene) : null,
    chart: saysEstimate && estimate ? gainChart(estimate, pictureInWords(estimate, scene)) : null,
    // Numbers would claim an order where there is none.
    isRanked: !isTie && services.some(({ rank }) => rank !== null),
    services: rows(services),
    folded: folded.length > 0 ? { services: rows(folded), isOpen, count: folded.length + left.length } : null,
    left:
      left[0]?.rank == null
        ? null
        : { href: placeOf(shown, left[0].rank), text: scene.t('matching.list.left_of_kind', { count: left.length }) },
  }
}

function serviceRow(scene: Scene, shown: Shown, service: RankedService) {
  const { recommendation, choices, body, problems } = shown
  const chosen = choices.find(({ serviceId }) => serviceId === service.id)
  const isThis = textOf(body, 'service') === service.id
  const said = (side: string) =>
    service.points.filter((point) => point.side === side).map((point) => pointInWords(point, scene))
  const { reasons, change } = unmetWords(service.unmet, scene)
  return {
    id: service.id,
    rank: service.rank,
    isFirst: service.rank === 1 || service.tier === 1,
    name: service.name,
    href: `/services/${service.id}`,
    organization: service.organizationName,
    sides: [
      { title: scene.t('matching.card.for'), tone: 'wp-for', points: said('for') },
      { title: scene.t('matching.card.against'), tone: 'wp-against', points: said('against') },
      { title: scene.t('matching.card.unknown'), tone: 'wp-quiet', points: said('unknown') },
    ].filter(({ points }) => points.length > 0),
    unmet: reasons,
    change,
    steps: stepsInWords(service, { ...recommendation, peers: peersOf(shown, service) }, scene),
    ask: service.open.length > 0 ? openWords(service.open, scene) : null,
    chosen: chosen ? scene.t('matching.choice.chosen', { moment: scene.moment(chosen.chosenAt) }) : null,
    chooseAction: `/clients/${shown.client.id}/recommendations/${recommendation.id}/choices${following(shown.follows)}`,
    // The question names nobody; the way back to this client's form does not leave the network.
    askPlaces: service.points.some(({ key }) => asksForPlaces.includes(key))
      ? `/services/${service.id}/ask-places?client=${shown.client.id}`
      : null,
    reasons: [
      { value: '', text: scene.t('matching.choice.pick_reason') },
      ...choiceReasons.map((code) => ({
        value: code,
        text: scene.t(`matching.reason.${code}`),
        selected: isThis && textOf(body, 'reason') === code,
      })),
    ],
    words: isThis ? textOf(body, 'words') : '',
    problem: isThis ? (problems.byField[`reason-${service.id}`] ?? null) : null,
    isOpen: isThis && problems.any,
  }
}

/** How many stand in the service's tier. */
function peersOf({ recommendation }: Shown, { tier }: RankedService): number {
  return tier === null ? 0 : recommendation.services.reduce((count, other) => count + Number(other.tier === tier), 0)
}

function averageRow(scene: Scene, average: ArmAverage) {
  const { type, gain } = average
  const picture = pictureInWords(average, scene)
  return {
    type: typeInWords(type, scene),
    gain: gainInWords(gain, scene),
    between: intervalInWords(average, scene),
    chart: gainChart(average, picture),
  }
}

const noFigure = '–'

function estimateRow(scene: Scene, shown: Shown, estimate: Estimate) {
  const { chanceWith, chanceWithout, similar, type } = estimate
  return {
    type: typeInWords(type, scene),
    with: hundredths(chanceWith),
    without: hundredths(chanceWithout),
    between: intervalInWords(estimate, scene),
    similar: similar ?? noFigure,
    first: firstOpen(shown, type),
  }
}

/** No number is said where nobody alike took it. */
function unsupportedRow(scene: Scene, shown: Shown, type: string) {
  return {
    ...{ type: typeInWords(type, scene), with: noFigure, without: noFigure, similar: noFigure },
    between: scene.t('matching.estimate.no_support'),
    first: firstOpen(shown, type),
  }
}

function firstOpen(shown: Shown, type: string) {
  const first = shown.recommendation.services.find((service) => service.rank !== null && service.type === type)
  return first ? { rank: first.rank, name: first.name, href: placeOf(shown, first.rank ?? 1) } : null
}

/** Where a rank is shown: from there on, unless the whole ranking's page has it. */
function placeOf(shown: Shown, rank: number): string {
  return hrefOf(shown, { standing: 'eligible', from: rank - 1 })
}

function hrefOf({ client, recommendation, follows, shownBy }: Shown, list: Shown['list']): string {
  const query = new URLSearchParams({
    ...(list ? { list: list.standing, from: String(list.from) } : {}),
    ...(shownBy.sort === 'gain' ? {} : { sort: shownBy.sort }),
    ...(follows === null ? {} : { follows }),
  })
  for (const filter of shownBy.only) query.append('only', filter)
  const whole = `/clients/${client.id}/recommendations/${recommendation.id}`
  return query.size > 0 ? `${whole}?${query.toString()}` : whole
}

function following(follows: ReferralId | null, sign = '?'): string {
  return follows === null ? '' : `${sign}follows=${follows}`
}
