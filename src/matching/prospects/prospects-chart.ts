// Chances as dots with their intervals on a scale of a hundred people, as SVG: drawn by hand for the reasons told in gain-chart.ts.

import { hundredths } from '../sentence.ts'

export interface ChartRow {
  readonly label: string
  readonly chance: number
  readonly low: number
  readonly high: number
}

const width = 460
const rowHeight = 34
const left = 160
const right = 16
const ticks = [0, 25, 50, 75, 100]

/** `words` say the same for who cannot see it. Shares of one. */
export function prospectsChart(rows: readonly ChartRow[], words: string): string {
  const bottom = rows.length * rowHeight
  const height = bottom + 20
  const grid = ticks.map(
    (tick) =>
      `<line x1="${placeOf(tick)}" y1="4" x2="${placeOf(tick)}" y2="${bottom}" stroke="#c3cdc9"/><text x="${placeOf(tick)}" y="${height - 4}" text-anchor="middle" font-size="12" fill="#46534f">${tick}</text>`,
  )
  const drawn = rows.map((row, at) => {
    const y = at * rowHeight + rowHeight / 2
    const [dot, from, to] = [row.chance, row.low, row.high].map((share) => placeOf(hundredths(share)))
    return `<text x="0" y="${y + 5}" font-size="14" fill="#0b0c0c">${escaped(row.label)}</text><line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="#17504a" stroke-width="5" stroke-linecap="round"/><circle cx="${dot}" cy="${y}" r="6" fill="#fff" stroke="#17504a" stroke-width="3"/>`
  })
  return `<svg role="img" aria-label="${escaped(words)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" direction="ltr">${grid.join('')}${drawn.join('')}</svg>`
}

function placeOf(people: number): number {
  const held = Math.min(Math.max(people, 0), 100)
  return Math.round((left + (held / 100) * (width - left - right)) * 10) / 10
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
