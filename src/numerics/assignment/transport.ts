// Places in services for people, as a linear programme: what a solver is given, and what is left where its answer is not unique.
//
// With x_e = 1 where person and service of an eligible pair e come together, each person at most once and each service at most
// as often as it has places, this is the transportation problem. Its matrix is totally unimodular (Hoffman and Kruskal 1956):
// every corner of the programme is whole, so no whole-number search is needed, and with whole objectives the prices are whole
// too. The method page is docs/methods/allocation.md.

/** pairs: person and service of each pair that may come together, parallel. places: for each service, whole, 0 or more.
 *  personMust, serviceMust: 1 where the person must have a place, or the service must be full, for the answer to stay the best
 *  by the objectives before. */
export interface Transport {
  readonly people: number
  readonly person: Uint32Array
  readonly service: Uint32Array
  readonly places: Float64Array
  readonly personMust: Uint8Array
  readonly serviceMust: Uint8Array
}

/** Column-compressed constraints: rows are people, then services; columns are pairs; every entry is 1. Columns go from 0 up,
 *  without another limit than their rows. */
export interface TransportRows {
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
}

/** Checks a problem. Throws RangeError when pairs are not parallel, name nobody or no service, or places are no whole number from
 *  0 up. Nobody must be placed yet. O(pairs). */
export function transportOf({
  people,
  person,
  service,
  places,
}: Pick<Transport, 'people' | 'person' | 'service' | 'places'>): Transport {
  if (!Number.isInteger(people) || people < 0) throw new RangeError('people are a whole number')
  if (person.length !== service.length) throw new RangeError('a pair is one person and one service')
  if (!places.every((count) => Number.isInteger(count) && count >= 0))
    throw new RangeError('places are whole, 0 or more')
  if (!person.every((at) => at < people)) throw new RangeError('a pair names somebody who is not there')
  if (!service.every((at) => at < places.length)) throw new RangeError('a pair names a service that is not there')
  const must = { personMust: new Uint8Array(people), serviceMust: new Uint8Array(places.length) }
  return { people, person, service, places, ...must }
}

/** The rows of the programme. No row has a limit below but where it must be full: a limit of nothing, which no sum of columns can
 *  fall below, could carry a price that says nothing of places. O(pairs). */
export function rowsOfTransport({ people, person, service, places, ...must }: Transport): TransportRows {
  const pairs = person.length
  const indices = new Int32Array(2 * pairs)
  for (let e = 0; e < pairs; e++) {
    indices[2 * e] = person[e]
    indices[2 * e + 1] = people + service[e]
  }
  const rowUpper = new Float64Array(people + places.length).fill(1, 0, people)
  rowUpper.set(places, people)
  const rowLower = Float64Array.from(rowUpper, (most, row) =>
    (row < people ? must.personMust[row] : must.serviceMust[row - people]) === 1 ? most : -Infinity,
  )
  const starts = Int32Array.from({ length: pairs + 1 }, (_, e) => 2 * e)
  return { starts, indices, values: new Float64Array(2 * pairs).fill(1), rowLower, rowUpper }
}

/** What is left of the problem on the face of its best answers, and which pairs of it these are. */
export interface Face {
  readonly problem: Transport
  /** For each pair left, its place among the pairs of the problem before. */
  readonly pairs: Uint32Array
}

/**
 * All best answers of a solved problem and no other, by complementary slackness: a pair whose reduced cost is not zero is in no
 * best answer, and a row with a price is at its limit in each. Objectives are whole numbers, so reduced costs and prices are,
 * and half of one tells them from rounding. columnDuals: one a pair. rowDuals: people, then services. O(pairs).
 */
export function faceOfBest(problem: Transport, columnDuals: Float64Array, rowDuals: Float64Array): Face {
  const { people, person, service, places } = problem
  const pairs = Uint32Array.from({ length: person.length }, (_, e) => e).filter((e) => Math.abs(columnDuals[e]) < half)
  const priced = (must: Uint8Array, from: number) =>
    must.map((is, at) => (is === 1 || Math.abs(rowDuals[from + at]) > half ? 1 : 0))
  return {
    pairs,
    problem: {
      ...{ people, places },
      person: pairs.map((e) => person[e]),
      service: pairs.map((e) => service[e]),
      personMust: priced(problem.personMust, 0),
      serviceMust: priced(problem.serviceMust, people),
    },
  }
}

const half = 0.5
