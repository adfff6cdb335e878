// A hundred people as a picture: so many filled, the others in outline. Frequencies are understood better than percentages,
// most of all where people read little (Galesic, Garcia-Retamero and Gigerenzer 2009, Health Psychology 28).

const perRow = 10
const step = 20
const size = perRow * step

/** An SVG of 100 people, the first `count` of them filled. `words` say the same for who cannot see it. Count: a whole number from
 *  0 to 100; anything else is refused by throwing, since a picture that is not its number would mislead. */
export function iconArray(count: number, words: string): string {
  if (!Number.isInteger(count) || count < 0 || count > 100) throw new Error('A picture of a hundred shows 0 to 100.')
  const filled = peopleFrom(0, count)
  const others = peopleFrom(count, 100)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}" role="img" aria-label="${escaped(words)}">`,
    `<path d="${others}" fill="#fff" stroke="#5c6a66" stroke-width="1"/>`,
    `<path d="${filled}" fill="#17504a" stroke="#17504a" stroke-width="1"/>`,
    '</svg>',
  ].join('')
}

function peopleFrom(first: number, end: number): string {
  return Array.from({ length: end - first }, (_, at) =>
    person((first + at) % perRow, Math.floor((first + at) / perRow)),
  )
    .join('')
    .trim()
}

/** A head and shoulders in a square of `step`, as two closed shapes. */
function person(column: number, row: number): string {
  const [x, y] = [column * step + step / 2, row * step]
  const head = `M${x - 3.5} ${y + 5.5}a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1 -7 0z`
  const body = `M${x - 6} ${y + 18}v-3.5a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v3.5z`
  return head + body
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
