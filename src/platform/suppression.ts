// Small counts are hidden before figures are written, together with as many others as it takes that no hidden one can be
// found again from what is shown. Pure and deterministic; the method and its source stand in docs/methods/suppression.md.

/** Counts below this are hidden where a network has decided nothing else. */
export const usualMinimum = 5

/**
 * Counts of one to three dimensions with all their totals. `sizes`: the length of each axis, its total included, which comes
 * last. `counts`: whole numbers from 0, row-major (the last axis runs fastest), `sizes` multiplied long.
 */
export interface CountTable {
  readonly sizes: readonly number[]
  readonly counts: readonly number[]
}

/** The table of these inner counts (row-major, without totals) with a total on each axis. Throws when the lengths differ. */
export function withTotals(parts: readonly number[], inner: readonly number[]): CountTable {
  if (inner.length !== parts.reduce((product, part) => product * part, 1))
    throw new Error('A table has as many counts as its axes multiply to.')
  const sizes = parts.map((part) => part + 1)
  const counts = new Array<number>(sizes.reduce((product, size) => product * size, 1)).fill(0)
  inner.forEach((count, at) => {
    for (const cell of cellsOver(placeOf(at, parts), sizes)) counts[cell] = counts[cell]! + count
  })
  return { sizes, counts }
}

/**
 * Which cells are hidden: `true` in the place of each hidden count.
 *
 * Hidden first are the counts from 1 to `minimum - 1`, and those that `isHidden` names (because another table hides them).
 * Zeros are always shown and protect nothing. Each hidden cell then becomes a corner of a hypercube of hidden cells that can
 * all be moved by one, up and down by turns, without any shown count or total changing; the cheapest such cube is taken,
 * that is the one that hides the fewest people more, totals last of all. Whoever knows every shown number, and that hidden ones are at least 1,
 * is left with `minimum` or more possible values for each hidden count.
 */
export function hide(
  { sizes, counts }: CountTable,
  { minimum = usualMinimum, isHidden = () => false }: { minimum?: number; isHidden?: (cell: number) => boolean } = {},
): readonly boolean[] {
  if (!counts.every((count) => Number.isInteger(count) && count >= 0))
    throw new Error('Only whole numbers of people can be counted.')
  const hidden = counts.map((count, cell) => count > 0 && (count < minimum || isHidden(cell)))
  const prices = pricesOf({ sizes, counts })
  const isSafe = new Array<boolean>(counts.length).fill(false)
  const waiting = [...counts.keys()].filter((cell) => hidden[cell]).sort((a, b) => counts[b]! - counts[a]! || a - b)
  for (const cell of waiting) {
    if (isSafe[cell]) continue
    for (const corner of cheapestCube({ sizes, counts, hidden, minimum, prices }, cell)) {
      hidden[corner] = true
      isSafe[corner] = true
    }
  }
  return hidden
}

/** A table whose cells have names: where two tables count the same people, their cells have the same name. */
export interface LinkedTable extends CountTable {
  readonly names: readonly string[]
}

/** The names of all cells hidden in any of the tables; a cell that stands in several is hidden in all of them, and protected
 *  in each. */
export function hideLinked(tables: readonly LinkedTable[], minimum = usualMinimum): ReadonlySet<string> {
  const hidden = new Set<string>()
  let waiting = [...tables]
  while (waiting.length > 0) {
    const found = new Set<string>()
    for (const table of waiting) {
      const marks = hide(table, { minimum, isHidden: (cell) => hidden.has(table.names[cell]!) })
      marks.forEach((isHidden, cell) => isHidden && !hidden.has(table.names[cell]!) && found.add(table.names[cell]!))
      for (const name of found) hidden.add(name)
    }
    // Only a table that shows a cell which another has hidden since must be protected anew.
    waiting = tables.filter((table) => table.names.some((name) => found.has(name)))
  }
  return hidden
}

/** Whether a median of so many may be shown: fewer than the minimum, and it speaks of single people. */
export function showsMedian(people: number, minimum = usualMinimum): boolean {
  return people >= minimum
}

/** Whether a ninetieth percentile may be shown: in fewer than twice the minimum it is nearly the one that took longest. */
export function showsNinetieth(people: number, minimum = usualMinimum): boolean {
  return people >= 2 * minimum
}

interface Standing extends CountTable {
  readonly hidden: readonly boolean[]
  readonly minimum: number
  /** What it costs to hide each cell. */
  readonly prices: readonly number[]
}

/** A cell costs its people; ten times as much with each axis on which it is the total, because totals are what is read. */
function pricesOf({ sizes, counts }: CountTable): readonly number[] {
  return counts.map((count, cell) => {
    const totals = placeOf(cell, sizes).filter((at, axis) => at === sizes[axis]! - 1).length
    return count * 10 ** totals
  })
}

/**
 * The corners of the cheapest hypercube that protects the cell. Along each axis it steps from the cell to one other place,
 * the total included: between two parts what one gains the other loses, between a part and its total both move alike. All
 * corners must be above zero, and the room to move, up and down together, at least `minimum - 1`. There always is one: the
 * cell with the totals over it, which can grow without end.
 */
function cheapestCube({ sizes, counts, hidden, minimum, prices }: Standing, cell: number): readonly number[] {
  const axes = neighboursOf({ sizes, counts, hidden, prices }, cell)
  let cheapest = Infinity
  let best: readonly number[] = []
  const search = (axis: number, cube: Cube): void => {
    if (axis === sizes.length) {
      if (cube.fall + cube.rise < minimum - 1) return
      cheapest = cube.cost
      best = cube.corners
      return
    }
    for (const { shift, cost, isAlike } of axes[axis]!) {
      // The cheapest neighbour comes first, and what is built on it only gets dearer.
      if (cube.cost + cost >= cheapest) return
      const wider = widen(cube, { counts, hidden, prices, shift, isAlike })
      if (wider && wider.cost < cheapest) search(axis + 1, wider)
    }
  }
  search(0, { corners: [cell], rises: [true], cost: 0, fall: counts[cell]! - 1, rise: Infinity })
  return best
}

interface Neighbour {
  readonly shift: number
  /** The price of hiding it; nothing where it is hidden already. */
  readonly cost: number
  /** One of the two is the total: both move alike. */
  readonly isAlike: boolean
}

/** Along each axis the other places of the cell's line that are not zero, the cheapest first. */
function neighboursOf(
  { sizes, counts, hidden, prices }: Omit<Standing, 'minimum'>,
  cell: number,
): readonly (readonly Neighbour[])[] {
  const at = placeOf(cell, sizes)
  return stepsOf(sizes).map((step, axis) => {
    const last = sizes[axis]! - 1
    const neighbours: Neighbour[] = []
    for (let to = 0; to <= last; to++) {
      const shift = (to - at[axis]!) * step
      if (shift === 0 || counts[cell + shift] === 0) continue
      const cost = hidden[cell + shift] ? 0 : prices[cell + shift]!
      neighbours.push({ shift, cost, isAlike: to === last || at[axis] === last })
    }
    return neighbours.sort((a, b) => a.cost - b.cost)
  })
}

interface Cube {
  readonly corners: readonly number[]
  /** Whether the corner rises when the cell does; else it falls. */
  readonly rises: readonly boolean[]
  /** The prices of what it newly hides. */
  readonly cost: number
  /** How far the cell can fall, and rise, before one of the corners that fall then comes to 1. */
  readonly fall: number
  readonly rise: number
}

/** The cube with its copy one step along an axis; null when a corner of the copy is zero. */
function widen(
  cube: Cube,
  { counts, hidden, prices, shift, isAlike }: Omit<Standing, 'sizes' | 'minimum'> & { shift: number; isAlike: boolean },
): Cube | null {
  let { cost, fall, rise } = cube
  for (const [n, corner] of cube.corners.entries()) {
    const count = counts[corner + shift]!
    if (count === 0) return null
    if (!hidden[corner + shift]) cost += prices[corner + shift]!
    if (cube.rises[n] === isAlike) fall = Math.min(fall, count - 1)
    else rise = Math.min(rise, count - 1)
  }
  return {
    corners: [...cube.corners, ...cube.corners.map((corner) => corner + shift)],
    rises: [...cube.rises, ...cube.rises.map((rises) => rises === isAlike)],
    ...{ cost, fall, rise },
  }
}

function stepsOf(sizes: readonly number[]): readonly number[] {
  return sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1))
}

function placeOf(cell: number, sizes: readonly number[]): readonly number[] {
  return stepsOf(sizes).map((step, axis) => Math.floor(cell / step) % sizes[axis]!)
}

/** The cell at this place and every total over it. */
function cellsOver(place: readonly number[], sizes: readonly number[]): readonly number[] {
  const steps = stepsOf(sizes)
  return place.reduce<readonly number[]>(
    (cells, at, axis) => cells.flatMap((cell) => [cell + at * steps[axis]!, cell + (sizes[axis]! - 1) * steps[axis]!]),
    [0],
  )
}
