// Pictures of a model's figures as plain SVG: an interval on a row's scale, points with a diagonal, a curve. Built by hand;
// shapes carry presentation attributes only, as the content security policy refuses inline styles. Numbers alone stand inside:
// words belong to captions and tables, where every language finds room.

export interface Scale {
  readonly from: number
  readonly to: number
}

/** A value with its interval; `low` and `high` may be the value itself where there is none. */
export interface Ranged {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Point extends Ranged {
  readonly x: number
}

const ink = '#17504a'
const quiet = '#46534f'
const pale = '#c3cdc9'

/** From the least to the most of these, with a little air; never empty. `holds`: what must lie inside. */
export function scaleOf(values: readonly number[], holds: readonly number[] = []): Scale {
  const all = [...values, ...holds].filter(Number.isFinite)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  if (all.length === 0) return { from: 0, to: 1 }
  const air = (most - least) * 0.05 || Math.abs(most) * 0.1 || 0.1
  return { from: least - air, to: most + air }
}

/** Round numbers inside a scale, at most seven: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf({ from, to }: Scale): readonly number[] {
  const rough = (to - from) / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10)
  const first = Math.ceil(from / step)
  const count = Math.floor(to / step) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, n) => tidy((first + n) * step))
}

const row = { width: 200, height: 22, middle: 11, margin: 6 }

/** One value and its interval on a scale that all rows of a table share, with a mark at zero where the scale holds it. */
export function intervalChart({ value, low, high }: Ranged, scale: Scale, label: string): string {
  const at = (number: number) => place(number, scale, [row.margin, row.width - row.margin])
  return svg(row, label, [
    line([row.margin, row.middle, row.width - row.margin, row.middle], pale),
    ...(scale.from <= 0 && scale.to >= 0 ? [line([at(0), 2, at(0), 20], quiet)] : []),
    `<line x1="${at(low)}" y1="${row.middle}" x2="${at(high)}" y2="${row.middle}" stroke="${ink}" stroke-width="4" stroke-linecap="round"/>`,
    `<circle cx="${at(value)}" cy="${row.middle}" r="5" fill="#fff" stroke="${ink}" stroke-width="2.5"/>`,
  ])
}

const plot = { width: 320, height: 220, left: 44, right: 10, top: 10, bottom: 28 }

interface PlotManner {
  readonly label: string
  /** Draws where x and y are equal: points of a sound prediction lie along it. */
  readonly isDiagonal?: boolean
  readonly isJoined?: boolean
  /** What the numbers are multiplied with for the axes: 100 for people of a hundred. */
  readonly times: { readonly x: number; readonly y: number }
}

/** Points with their intervals on two axes. */
export function plotChart(points: readonly Point[], { label, isDiagonal, isJoined, times }: PlotManner): string {
  const heights = points.flatMap(({ low, high }) => [low, high])
  const across = scaleOf(
    points.map(({ x }) => x),
    isDiagonal ? [0] : [],
  )
  const up = scaleOf(heights, isJoined || isDiagonal ? [0] : [])
  const x = (value: number) => place(value, across, [plot.left, plot.width - plot.right])
  const y = (value: number) => place(value, up, [plot.height - plot.bottom, plot.top])
  return svg(plot, label, [
    ...axes({ across, up, times, x, y }),
    ...(isDiagonal ? [diagonal(across, up, { x, y })] : []),
    ...(isJoined
      ? [`<polyline points="${joined(points, { x, y })}" fill="none" stroke="${ink}" stroke-width="2"/>`]
      : []),
    ...points.flatMap((point) => [
      line([x(point.x), y(point.low), x(point.x), y(point.high)], ink),
      `<circle cx="${x(point.x)}" cy="${y(point.value)}" r="4" fill="#fff" stroke="${ink}" stroke-width="2"/>`,
    ]),
  ])
}

interface Placing {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

function axes({
  across,
  up,
  times,
  x,
  y,
}: Placing & { across: Scale; up: Scale } & Pick<PlotManner, 'times'>): string[] {
  const floor = plot.height - plot.bottom
  const scaled = ({ from, to }: Scale, by: number) => ticksOf({ from: from * by, to: to * by })
  return [
    ...scaled(up, times.y).flatMap((tick) => [
      line([plot.left, y(tick / times.y), plot.width - plot.right, y(tick / times.y)], tick === 0 ? quiet : pale),
      `<text x="${plot.left - 6}" y="${y(tick / times.y) + 4}" text-anchor="end" font-size="12" fill="${quiet}">${spoken(tick)}</text>`,
    ]),
    line([plot.left, floor, plot.width - plot.right, floor], quiet),
    ...scaled(across, times.x).map(
      (tick) =>
        `<text x="${x(tick / times.x)}" y="${plot.height - 8}" text-anchor="middle" font-size="12" fill="${quiet}">${spoken(tick)}</text>`,
    ),
  ]
}

function diagonal(across: Scale, up: Scale, { x, y }: Placing): string {
  const [from, to] = [Math.max(across.from, up.from), Math.min(across.to, up.to)]
  return `<line x1="${x(from)}" y1="${y(from)}" x2="${x(to)}" y2="${y(to)}" stroke="${quiet}" stroke-dasharray="5 4"/>`
}

function joined(points: readonly Point[], { x, y }: Placing): string {
  return points.map((point) => `${x(point.x)},${y(point.value)}`).join(' ')
}

function place(value: number, { from, to }: Scale, [start, end]: readonly [number, number]): number {
  const share = Math.min(Math.max((value - from) / (to - from), 0), 1)
  return Math.round((start + share * (end - start)) * 10) / 10
}

function line([x1, y1, x2, y2]: readonly [number, number, number, number], stroke: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`
}

function spoken(tick: number): string {
  return tick < 0 ? `−${-tick}` : String(tick)
}

/** Without what binary fractions leave behind: 0.30000000000000004. Never minus zero. */
function tidy(value: number): number {
  return Number(value.toPrecision(10)) || 0
}

function svg({ width, height }: { width: number; height: number }, label: string, parts: readonly string[]): string {
  const words = label.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
  return `<svg role="img" aria-label="${words}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" direction="ltr">${parts.join('')}</svg>`
}
