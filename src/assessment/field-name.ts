// The name of a question's field in a form, made of its link id: safe as an HTML id, and no two alike.

/** `q-` and the link id; whatever is no ASCII letter, digit or dash becomes `_<code point>_`. */
export function fieldName(linkId: string): string {
  const safe = [...linkId].map((letter) =>
    /[A-Za-z0-9-]/.test(letter) ? letter : `_${(letter.codePointAt(0) ?? 0).toString(16)}_`,
  )
  return `q-${safe.join('')}`
}

/** The name of the note beside a question. No field of a question begins so. */
export function noteName(linkId: string): string {
  return `note-${fieldName(linkId)}`
}
