// Who gets which of a few arms when places are limited: the assignment of the largest sum, exactly, with the arms' prices.
//
// The transportation problem with many people and few arms, by successive shortest paths (Ahuja, Magnanti and Orlin 1993,
// Network Flows, section 9.7): people come one by one, and whoever finds the best arm full enters where the chain of moves
// that makes room costs least. All that a chain asks of an arm is who in it would lose least by moving to another one.

export interface Assignment {
  /** The arm of each row. */
  readonly chosen: Uint8Array
  /** For each arm, what one place more would add to the sum; 0 where places are left. */
  readonly prices: Float64Array
}

/**
 * Chooses arms with the largest sum of `gains` such that no arm gets more people than it has places.
 * gains: rows × arms, column-major (arm k of row i at [k * rows + i]), finite. places: for each arm, people (a broken number
 * counts as the whole one below), Infinity where there is no limit. members: the rows that are dealt with, in their order;
 * the others keep the arm 0. Throws RangeError for a wrong shape, a gain that is no finite number, and places that hold fewer
 * people than there are. Where several assignments have the largest sum, the order of rows and arms decides. Deterministic,
 * draws no random numbers. O(members · (arms · log members + arms³)).
 */
export function assignWithPlaces(
  gains: Float64Array,
  rows: number,
  places: Float64Array,
  members: Uint32Array = Uint32Array.from({ length: rows }, (_, i) => i),
): Assignment {
  const arms = places.length
  if (rows < 1 || arms < 1 || gains.length !== rows * arms) throw new RangeError('the gains are not rows by arms')
  if (!gains.every(Number.isFinite)) throw new RangeError('a gain is no finite number')
  if (!places.every((count) => count >= 0)) throw new RangeError('places are 0 or more')
  const free = Float64Array.from(places, Math.floor)
  if (free.reduce((sum, count) => sum + count, 0) < members.length) {
    throw new RangeError('the places hold fewer people than there are')
  }
  const margin = 1e-14 * arms * gains.reduce((most, gain) => Math.max(most, Math.abs(gain)), 0)
  const room: Room = {
    gains,
    rows,
    arms,
    chosen: new Uint8Array(rows),
    free,
    margin,
    leavers: Array.from(free, () => null),
  }
  const chain = { distance: new Float64Array(arms), previous: new Int16Array(arms) }
  for (let a = 0; a < arms; a++) if (free[a] === 0) openLeavers(room, a, members.subarray(0, 0))
  for (let at = 0; at < members.length; at++) {
    const row = members[at]
    let last = bestArm(room, row)
    // Where the best arm has room, no chain of moves is better: any of them would have been made before.
    if (free[last] > 0) enter(room, row, last)
    else {
      last = cheapestChain(room, row, chain)
      moveAlong(room, row, last, chain.previous)
    }
    if (--free[last] === 0) openLeavers(room, last, members.subarray(0, at + 1))
  }
  return { chosen: room.chosen, prices: pricesOf(room, members) }
}

interface Room {
  readonly gains: Float64Array
  readonly rows: number
  readonly arms: number
  readonly chosen: Uint8Array
  /** Places left. */
  readonly free: Float64Array
  /** Less than this is rounding, and a chain must not come round to itself for it. */
  readonly margin: number
  /** Of each full arm: for each other arm a queue of those in it, who loses least by moving there first. */
  readonly leavers: (readonly Queue[] | null)[]
}

/** A binary heap, the smallest loss on top. Those who have left the arm meanwhile are dropped when they come up. */
interface Queue {
  readonly losses: number[]
  readonly rows: number[]
}

function bestArm({ gains, rows, arms }: Room, row: number): number {
  let best = 0
  for (let a = 1; a < arms; a++) if (gains[a * rows + row] > gains[best * rows + row]) best = a
  return best
}

function enter(room: Room, row: number, arm: number): void {
  room.chosen[row] = arm
  const queues = room.leavers[arm]
  if (queues === null) return
  const { gains, rows } = room
  for (let b = 0; b < queues.length; b++) {
    if (b !== arm) push(queues[b], gains[arm * rows + row] - gains[b * rows + row], row)
  }
}

/** From now on the arm is full, and people are looked for in it. entered: the rows that have an arm by now. */
function openLeavers(room: Room, arm: number, entered: Uint32Array): void {
  room.leavers[arm] = Array.from({ length: room.arms }, () => ({ losses: [], rows: [] }))
  for (const row of entered) if (room.chosen[row] === arm) enter(room, row, arm)
}

interface Chain {
  readonly distance: Float64Array
  /** The arm that somebody leaves for this one; -1 where the newcomer enters. */
  readonly previous: Int16Array
}

/** Bellman and Ford's shortest paths from the newcomer over the full arms; answers with the arm that has room. */
function cheapestChain(room: Room, row: number, { distance, previous }: Chain): number {
  const { gains, rows, arms, free, margin } = room
  for (let a = 0; a < arms; a++) {
    distance[a] = -gains[a * rows + row]
    previous[a] = -1
  }
  for (let round = 0, isShorter = true; isShorter && round < arms; round++) {
    isShorter = false
    for (let a = 0; a < arms; a++) {
      if (free[a] > 0) continue
      for (let b = 0; b < arms; b++) {
        if (b === a) continue
        const through = distance[a] + leastLoss(room, a, b)
        if (!(through < distance[b] - margin)) continue
        distance[b] = through
        previous[b] = a
        isShorter = true
      }
    }
  }
  let last = -1
  for (let a = 0; a < arms; a++) if (free[a] > 0 && (last < 0 || distance[a] < distance[last])) last = a
  return last
}

function moveAlong(room: Room, row: number, last: number, previous: Int16Array): void {
  let to = last
  for (let moves = 0; previous[to] >= 0; moves++) {
    if (moves >= room.arms) throw new RangeError('gains differ so much in size that sums lose them')
    const from = previous[to]
    const mover = room.leavers[from]?.[to].rows[0]
    if (mover === undefined) throw new RangeError('a chain of moves leads through an empty arm')
    enter(room, mover, to)
    to = from
  }
  enter(room, row, to)
}

/** What the move from one full arm to another costs at least; Infinity where nobody is in it. */
function leastLoss(room: Room, from: number, to: number): number {
  const queue = room.leavers[from]?.[to]
  if (queue === undefined) return Infinity
  while (queue.rows.length > 0 && room.chosen[queue.rows[0]] !== from) dropTop(queue)
  return queue.rows.length > 0 ? queue.losses[0] : Infinity
}

function push({ losses, rows }: Queue, loss: number, row: number): void {
  let at = rows.length
  losses.push(loss)
  rows.push(row)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (losses[parent] <= loss) break
    losses[at] = losses[parent]
    rows[at] = rows[parent]
    at = parent
  }
  losses[at] = loss
  rows[at] = row
}

function dropTop({ losses, rows }: Queue): void {
  const loss = losses.pop()
  const row = rows.pop()
  if (loss === undefined || row === undefined || rows.length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= rows.length) break
    if (child + 1 < rows.length && losses[child + 1] < losses[child]) child++
    if (losses[child] >= loss) break
    losses[at] = losses[child]
    rows[at] = rows[child]
    at = child
  }
  losses[at] = loss
  rows[at] = row
}

/** One place more in an arm is worth the best chain of moves that ends in it, wherever it begins. */
function pricesOf({ gains, rows, arms, chosen, free }: Room, members: Uint32Array): Float64Array {
  const least = new Float64Array(arms * arms).fill(Infinity)
  for (const row of members) {
    const from = chosen[row]
    for (let to = 0; to < arms; to++) {
      const loss = gains[from * rows + row] - gains[to * rows + row]
      if (loss < least[from * arms + to]) least[from * arms + to] = loss
    }
  }
  const cost = new Float64Array(arms)
  for (let round = 0; round < arms; round++) {
    for (let from = 0; from < arms; from++) {
      for (let to = 0; to < arms; to++) cost[to] = Math.min(cost[to], cost[from] + least[from * arms + to])
    }
  }
  return cost.map((least, arm) => (free[arm] > 0 ? 0 : Math.max(0, -least)))
}
