// The two refusals that are not the page's to explain: mapped to 404 and 403 once, in server.ts.

/** There is no such thing, or none that this person may know of: the two are not told apart. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}

/** The person is known and may not do this. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
}

/** The form was made for another session, or was left open too long. */
export class StaleForm extends Error {
  override readonly name = 'StaleForm'
}

/** Ends the request with the page "not found". `load(…) ?? notFound()`. */
export function notFound(): never {
  throw new NotFound('There is no such thing here.')
}

/** Ends the request with the page "not allowed". */
export function notAllowed(): never {
  throw new NotAllowed('This person may not do this.')
}
