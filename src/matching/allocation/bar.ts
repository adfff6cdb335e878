// A bar from nothing as SVG, by hand: shapes carry presentation attributes only, as the content security policy refuses inline
// styles.

const height = 22
const margin = 6

/** `most` is as long as the picture; `label` is the picture in words; `width` in a wide table is less than usual, so that it prints. */
export function bar(
  { value, most, width = 200 }: { readonly value: number; readonly most: number; readonly width?: number },
  label: string,
): string {
  const long = most === 0 ? 0 : Math.round((value / most) * (width - 2 * margin) * 10) / 10
  const words = label.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
  return [
    `<svg role="img" aria-label="${words}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" direction="ltr">`,
    `<line x1="${margin}" y1="3" x2="${margin}" y2="19" stroke="#c3cdc9"/>`,
    `<rect x="${margin}" y="5" width="${long}" height="12" fill="#17504a"/></svg>`,
  ].join('')
}
