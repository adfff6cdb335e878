// Means over seeds with their standard errors, and figures as they stand in a table.

export interface Spread {
  readonly mean: number
  /** Of the mean; null with one value. */
  readonly se: number | null
}

export function spreadOf(values: readonly (number | null | undefined)[]): Spread | null {
  const known = values.filter((value) => value !== null && value !== undefined)
  if (known.length === 0) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  if (known.length === 1) return { mean, se: null }
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1)
  return { mean, se: Math.sqrt(variance / known.length) }
}

export function shown(spread: Spread | null, scale: number): string {
  if (spread === null) return '-'
  const mean = figureOf(scale * spread.mean)
  return spread.se === null ? mean : `${mean} ± ${figureOf(scale * spread.se)}`
}

export function figureOf(value: number): string {
  const size = Math.abs(value)
  if (size >= 100) return value.toFixed(0)
  if (size < 1e-4) return '0'
  return size >= 1 ? value.toFixed(1) : value.toPrecision(2)
}

export function countOf(n: number): string {
  return n.toLocaleString('en')
}

export function verdict(isGood: boolean): string {
  return isGood ? 'met' : 'MISSED'
}

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, place) => Math.max(name.length, ...rows.map((row) => row[place]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, place) => cell.padEnd(widths[place]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
