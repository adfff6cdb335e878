// What may be shared with a partner, field by field. It is copied in words when a referral is sent, so that the partner
// sees exactly what the client was shown, and nothing that changes later unless somebody shares that too.

import type { SharedChange } from '../event.ts'

/** One field, as the partner reads it. */
export interface SharedEntry {
  /** A code of the clients' list of fields that may be shared. */
  readonly field: string
  /** In the language of the network; each line is text that somebody typed or a sentence of the catalogue. */
  readonly lines: readonly string[]
}

/** The entries that were agreed, in the order of the form, without those that have nothing to say. */
export function agreedEntries(offered: readonly SharedEntry[], agreed: readonly string[]): readonly SharedEntry[] {
  return offered.filter((entry) => agreed.includes(entry.field) && entry.lines.length > 0)
}

/** What is shared from now on, in the order of `offered`. A field that is shared already keeps its copy, unless it is to be
 *  refreshed and the file has something to say; a new one is copied from the file. */
export function nextEntries(
  { shared, offered }: { readonly shared: readonly SharedEntry[]; readonly offered: readonly SharedEntry[] },
  { agreed, refreshed }: { readonly agreed: readonly string[]; readonly refreshed: readonly string[] },
): readonly SharedEntry[] {
  const chosen = offered.map((entry) => {
    const copy = shared.find(({ field }) => field === entry.field)
    if (copy === undefined) return entry
    return refreshed.includes(entry.field) && entry.lines.length > 0 ? entry : copy
  })
  return agreedEntries(chosen, agreed)
}

/** Shared fields of which the file says something else today. A field that the file says nothing of any more is not stale:
 *  there is nothing to share instead, and it can be taken back. */
export function staleFields(shared: readonly SharedEntry[], offered: readonly SharedEntry[]): readonly string[] {
  return shared
    .filter((copy) => {
      const today = offered.find(({ field }) => field === copy.field)
      return today !== undefined && today.lines.length > 0 && !saysTheSame(copy, today)
    })
    .map(({ field }) => field)
}

/** What differs, as codes. */
export function changeBetween(before: readonly SharedEntry[], after: readonly SharedEntry[]): SharedChange {
  const had = (entries: readonly SharedEntry[], field: string) => entries.find((entry) => entry.field === field)
  return {
    added: after.filter(({ field }) => !had(before, field)).map(({ field }) => field),
    removed: before.filter(({ field }) => !had(after, field)).map(({ field }) => field),
    refreshed: after
      .filter((entry) => {
        const copy = had(before, entry.field)
        return copy !== undefined && !saysTheSame(copy, entry)
      })
      .map(({ field }) => field),
  }
}

export function isNoChange({ added, removed, refreshed }: SharedChange): boolean {
  return added.length + removed.length + refreshed.length === 0
}

function saysTheSame(a: SharedEntry, b: SharedEntry): boolean {
  return a.lines.join('\n') === b.lines.join('\n')
}
