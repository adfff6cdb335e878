// Looking at services side by side with the client: which are put up, and how the client orders them. Pure.

import type { ServiceId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { RankedService } from '../recommend.ts'

/** All of a ranked service that picking looks at. */
type Option = Pick<RankedService, 'id' | 'name' | 'standing' | 'type' | 'tier'>

/** The services of a recommendation, in its order. */
interface Ranking<Service extends Option> {
  readonly services: readonly Service[]
}

/** So many fit beside each other in large type, and on one sheet of paper. */
export const mostOptions = 3
/** So many of the ranking are offered for picking. */
const offeredFirst = 9

/** Those that the page offers: the first of the ranking, the first of each further kind, and whatever was asked for. */
export function offeredOptions<Service extends Option>(
  { services }: Ranking<Service>,
  asked: readonly string[],
): readonly Service[] {
  const eligible = services.filter(({ standing }) => standing === 'eligible')
  const firstOfKind = [...Map.groupBy(eligible, ({ type }) => type).values()].flatMap(([first]) => first ?? [])
  const wanted = services.filter(({ id }) => asked.includes(id))
  return [...new Set([...eligible.slice(0, offeredFirst), ...firstOfKind, ...wanted])].sort(
    (a, b) => services.indexOf(a) - services.indexOf(b),
  )
}

/** What stands ticked before anybody chose: the first of the ranking; of those between which there is no clear difference, one of
 *  each kind before a second of any, so that there is something to choose from. In the order of the ranking. */
export function usualOptions<Service extends Option>({ services }: Ranking<Service>): readonly Service[] {
  const eligible = services.filter(({ standing }) => standing === 'eligible')
  const byTier = Map.groupBy(eligible, ({ tier }) => tier)
  const usual = [...byTier.values()].flatMap((members) => {
    const firsts = [...Map.groupBy(members, ({ type }) => type).values()].flatMap(([first]) => first ?? [])
    return [...new Set([...firsts, ...members])]
  })
  return usual.slice(0, mostOptions).sort((a, b) => services.indexOf(a) - services.indexOf(b))
}

/** A service of the ranking by what somebody typed of its name: the whole name first, else the first that contains it. */
export function namedOption<Service extends Option>(
  { services }: Ranking<Service>,
  typed: string,
): Service | undefined {
  const wanted = plain(typed)
  if (wanted === '') return undefined
  return (
    services.find(({ name }) => plain(name) === wanted) ?? services.find(({ name }) => plain(name).includes(wanted))
  )
}

export type PickProblem<Service extends Option = RankedService> =
  | { readonly kind: 'none' }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'not_in_ranking' }
  /** Not open to the client: shown to them it would only tease. */
  | { readonly kind: 'not_eligible'; readonly service: Service }

/** The options in the order of the ranking. One whose rules are not all known may be shown, with what is still to be asked; one
 *  whose rules are not met is refused. */
export function pickOptions<Service extends Option>(
  { services }: Ranking<Service>,
  ids: readonly string[],
): Result<readonly Service[], PickProblem<Service>> {
  const wanted = new Set(ids)
  const picked = services.filter(({ id }) => wanted.has(id))
  if (picked.length < wanted.size) return refused({ kind: 'not_in_ranking' })
  const closed = picked.find(({ standing }) => standing === 'not_eligible')
  if (closed) return refused({ kind: 'not_eligible', service: closed })
  if (picked.length === 0) return refused({ kind: 'none' })
  return picked.length > mostOptions ? refused({ kind: 'too_many' }) : ok(picked)
}

export interface ClientOrder {
  readonly shown: readonly ServiceId[]
  /** The first choice first. */
  readonly wanted: readonly ServiceId[]
  readonly turnedDown: readonly ServiceId[]
}

export type OrderProblem = 'nothing_said' | 'same_place'

/** What may be said of one option: `1`, `2`, `3`, or `none`; empty where nothing was said of it. */
export type Place = string

/** Reads the client's order. A gap closes up: a second choice without a first is what they want most. */
export function orderOf(
  shown: readonly ServiceId[],
  said: ReadonlyMap<ServiceId, Place>,
): Result<ClientOrder, OrderProblem> {
  const placed = shown
    .map((id) => ({ id, place: Number(said.get(id)) }))
    .filter(({ place }) => Number.isInteger(place) && place >= 1 && place <= shown.length)
  const turnedDown = shown.filter((id) => said.get(id) === 'none')
  if (placed.length + turnedDown.length === 0) return refused('nothing_said')
  if (new Set(placed.map(({ place }) => place)).size < placed.length) return refused('same_place')
  return ok({ shown, turnedDown, wanted: placed.sort((a, b) => a.place - b.place).map(({ id }) => id) })
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
