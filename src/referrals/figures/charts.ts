// Small pictures beside the numbers of a table, as SVG: a share with its likely range, a count, a time. Built by hand, because a
// page has hundreds of them; shapes carry presentation attributes only, as the content security policy refuses inline styles.

const width = 200
const height = 22
const middle = 11
const margin = 6
const ink = '#17504a'
const pale = '#c3cdc9'

/** A dot at the share and a line over its likely range, from none (left) to all (right). Shares from 0 to 1. */
export function shareChart({ share, low, high }: { share: number; low: number; high: number }, label: string): string {
  const [dot, from, to] = [share, low, high].map(placeOf)
  return svg(label, [
    `<line x1="${margin}" y1="${middle}" x2="${width - margin}" y2="${middle}" stroke="${pale}"/>`,
    ...[0, 0.5, 1].map((tick) => `<line x1="${placeOf(tick)}" y1="5" x2="${placeOf(tick)}" y2="17" stroke="${pale}"/>`),
    `<line x1="${from}" y1="${middle}" x2="${to}" y2="${middle}" stroke="${ink}" stroke-width="4" stroke-linecap="round"/>`,
    `<circle cx="${dot}" cy="${middle}" r="5" fill="#fff" stroke="${ink}" stroke-width="2.5"/>`,
  ])
}

/** A bar from nothing; `most` is as long as the picture. */
export function barChart({ value, most }: { value: number; most: number }, label: string): string {
  const long = most === 0 ? 0 : rounded((value / most) * (width - 2 * margin))
  return svg(label, [
    `<line x1="${margin}" y1="3" x2="${margin}" y2="19" stroke="${pale}"/>`,
    `<rect x="${margin}" y="5" width="${long}" height="12" fill="${ink}"/>`,
  ])
}

/** A bar up to the median, and a line on to the ninetieth percentile where there is one. */
export function timeChart(
  { median, ninetieth, most }: { median: number; ninetieth: number | null; most: number },
  label: string,
): string {
  const at = (days: number) => rounded(margin + (most === 0 ? 0 : days / most) * (width - 2 * margin))
  return svg(label, [
    `<line x1="${margin}" y1="3" x2="${margin}" y2="19" stroke="${pale}"/>`,
    ...(ninetieth === null
      ? []
      : [
          `<line x1="${margin}" y1="${middle}" x2="${at(ninetieth)}" y2="${middle}" stroke="${ink}" stroke-width="2"/>`,
        ]),
    `<rect x="${margin}" y="6" width="${rounded(at(median) - margin)}" height="10" fill="${ink}"/>`,
  ])
}

function placeOf(share: number): number {
  return rounded(margin + share * (width - 2 * margin))
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10
}

function svg(label: string, parts: readonly string[]): string {
  const words = label.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
  return `<svg role="img" aria-label="${words}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" direction="ltr">${parts.join('')}</svg>`
}
