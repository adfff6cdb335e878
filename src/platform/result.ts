// The shape of an answer that a user can be told about. Bugs and outages are thrown, never returned.

/** Either a value or a problem that the page or the report can show. Never used for a failure of the database. */
export type Result<T, Problem> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function refused<Problem>(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem }
}
