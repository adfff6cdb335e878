// Keeping chances away from nothing, so that no single row can rule an average.

/** The least chance of an arm that scores may divide by: 5 / (√n · ln n), at most 0.05 and at least 0.0025. Source of the
 *  rate: Gruber, Phillips, Lee and van der Laan (2022), American Journal of Epidemiology 191(9), 1640–1651. */
export function leastChance(rows: number): number {
  const n = Math.max(rows, 3)
  return Math.min(0.05, Math.max(0.0025, 5 / (Math.sqrt(n) * Math.log(n))))
}

/** Raises chances below `floor` to it, in place, and shrinks the others so that each row sums to one again. chances: rows ×
 *  arms, column-major. Returns for each arm the lowest chance before, and how many rows were raised. Needs arms · floor < 1. */
export function boundChances(
  chances: Float64Array,
  rows: number,
  floor: number,
): { readonly lowestPropensity: number; readonly bounded: number }[] {
  const arms = chances.length / rows
  if (!(floor >= 0 && floor * arms < 1)) throw new RangeError('the floor leaves no room for other arms')
  const lowest = new Float64Array(arms).fill(1)
  const bounded = new Float64Array(arms)
  const row = new Float64Array(arms)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < arms; k++) {
      row[k] = chances[k * rows + i]!
      lowest[k] = Math.min(lowest[k]!, row[k]!)
      if (row[k]! < floor) bounded[k]!++
    }
    boundRow(row, floor)
    for (let k = 0; k < arms; k++) chances[k * rows + i] = row[k]!
  }
  return Array.from(lowest, (lowestPropensity, k) => ({ lowestPropensity, bounded: bounded[k]! }))
}

/** Makes the row sum to one with nothing below the floor. Shrinking the others may take one of them below the floor in turn, so that is repeated: at most once an arm. */
function boundRow(row: Float64Array, floor: number): void {
  for (let pass = 0; pass < row.length; pass++) {
    let raised = 0
    let rest = 0
    for (const chance of row) {
      if (chance <= floor) raised++
      else rest += chance
    }
    const scale = (1 - raised * floor) / rest
    for (let k = 0; k < row.length; k++) row[k] = row[k]! <= floor ? floor : row[k]! * scale
    if (row.every((chance) => chance >= floor)) return
  }
}
