// What may be shared with a partner, field by field. It is copied in words when a referral is sent, so that the partner
// sees exactly what the client was shown, and nothing that changes later.

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
