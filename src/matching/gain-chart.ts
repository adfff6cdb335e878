// A dot and its interval on a common scale, as SVG. Built by hand: a list of a hundred services has a hundred of these,
// and Observable Plot on linkedom takes 5 to 13 ms for each, where this takes microseconds. Shapes carry presentation
// attributes only, because the content security policy refuses inline styles.

import { hundredths } from './sentence.ts'

export interface Gain {
  readonly gain: number
  readonly low: number
  readonly high: number
}

const width = 240
const height = 34
/** People of a hundred at either end; what lies beyond is drawn to the edge with an arrow. */
const scale = 40
const middle = 13
const margin = 12

/** `label` is the picture in words. Plain ink on white, and the same in print. */
export function gainChart({ gain, low, high }: Gain, label: string): string {
  const [dot, from, to] = [gain, low, high].map((share) => placeOf(hundredths(share)))
  const zero = placeOf(0)
  const ticks = [-scale, -scale / 2, 0, scale / 2, scale]
  const parts = [
    `<line x1="${margin}" y1="${middle}" x2="${width - margin}" y2="${middle}" stroke="#c3cdc9"/>`,
    `<line x1="${zero}" y1="2" x2="${zero}" y2="${middle + 9}" stroke="#46534f"/>`,
    `<line x1="${from}" y1="${middle}" x2="${to}" y2="${middle}" stroke="#17504a" stroke-width="5" stroke-linecap="round"/>`,
    ...(hundredths(low) < -scale ? [arrow(margin, -1)] : []),
    ...(hundredths(high) > scale ? [arrow(width - margin, 1)] : []),
    `<circle cx="${dot}" cy="${middle}" r="6" fill="#fff" stroke="#17504a" stroke-width="3"/>`,
    ...ticks.map(
      (tick) =>
        `<text x="${placeOf(tick)}" y="${height - 2}" text-anchor="middle" font-size="11" fill="#46534f">${tickText(tick)}</text>`,
    ),
  ]
  return `<svg role="img" aria-label="${escapeAttribute(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" direction="ltr">${parts.join('')}</svg>`
}

function placeOf(people: number): number {
  const held = Math.min(Math.max(people, -scale), scale)
  return Math.round((margin + ((held + scale) / (2 * scale)) * (width - 2 * margin)) * 10) / 10
}

function tickText(people: number): string {
  return people > 0 ? `+${people}` : people < 0 ? `−${-people}` : '0'
}

function arrow(x: number, side: 1 | -1): string {
  return `<path d="M${x} ${middle - 6}l${8 * side} 6l${-8 * side} 6z" fill="#17504a"/>`
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
