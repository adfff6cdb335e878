// A card as rows for a spreadsheet: which part, of what, which figure, its value.

import type { Card } from '../engine/card.ts'

export type CardRow = readonly [part: string, of: string, figure: string, value: string | number | null]

/** Every figure of the card once, in the card's order; names are the card's own. Texts beside the figures of a list say of
 *  what they are; those of a list of lists are led by their parent's. */
export function cardRows(card: Card): readonly CardRow[] {
  return Object.entries(card).flatMap(([part, value]) => rowsOf(part, '', '', value))
}

function rowsOf(part: string, of: string, figure: string, value: unknown): CardRow[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, at) =>
      typeof each === 'object' && each !== null
        ? rowsOf(part, joined(of, figure, nameOf(each) || String(at + 1)), '', withoutTexts(each))
        : rowsOf(part, of, joined(figure, String(at + 1)), each),
    )
  }
  if (typeof value === 'object' && value !== null) {
    const rest = Object.entries(value)
    return rest.flatMap(([name, inner]) => rowsOf(part, of, joined(figure, name), inner))
  }
  if (typeof value === 'boolean') return [[part, of, figure, String(value)]]
  return typeof value === 'string' || typeof value === 'number' || value === null ? [[part, of, figure, value]] : []
}

/** The texts of an entry: the service, the group, the check. */
function nameOf(entry: object): string {
  return Object.values(entry)
    .filter((value) => typeof value === 'string')
    .join(' ')
}

function withoutTexts(entry: object): object {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => typeof value !== 'string'))
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
