// On which line of a JSON text a member stands: looked for only when something is wrong with it.

/**
 * Lines below the first (0-based) at which the member begins. `path` leads to an object (`services.0.phones.1`, '' for
 * the top), `field` is a member of it; where the field is absent, the line on which the object begins.
 */
export function lineOfMember(text: string, path: string, field: string): number {
  const scan = { text, at: 0 }
  for (const step of path === '' ? [] : path.split('.')) {
    if (!enter(scan, step)) return lineAt(scan)
  }
  skipBlanks(scan)
  const start = scan.at
  if (field === '' || !enter(scan, field)) scan.at = start
  return lineAt(scan)
}

interface Scan {
  readonly text: string
  at: number
}

/** Moves to the value of a member (of an object) or an item (of a list); false when there is none. */
function enter(scan: Scan, step: string): boolean {
  skipBlanks(scan)
  const isList = scan.text[scan.at] === '['
  if (!isList && scan.text[scan.at] !== '{') return false
  scan.at++
  for (let index = 0; ; index++) {
    skipBlanks(scan)
    if (scan.at >= scan.text.length || /[\]}]/.test(scan.text[scan.at] ?? '')) return false
    const name = isList ? String(index) : memberName(scan)
    skipBlanks(scan)
    if (name === step) return true
    skipValue(scan)
    skipBlanks(scan)
    if (scan.text[scan.at] === ',') scan.at++
  }
}

function memberName(scan: Scan): string {
  const start = scan.at
  skipValue(scan)
  const name = scan.text.slice(start + 1, scan.at - 1)
  skipBlanks(scan)
  scan.at++
  return name
}

/** Past a string, or past everything up to the comma or bracket that ends the value. */
function skipValue(scan: Scan): void {
  let depth = 0
  for (; scan.at < scan.text.length; scan.at++) {
    const mark = scan.text[scan.at]
    if (mark === '"') {
      skipString(scan)
      if (depth === 0) return
      scan.at--
    } else if (mark === '[' || mark === '{') depth++
    else if (mark === ']' || mark === '}') {
      if (depth === 0) return
      depth--
      if (depth === 0) {
        scan.at++
        return
      }
    } else if (depth === 0 && mark === ',') return
  }
}

/** From the opening quote to behind the closing one. */
function skipString(scan: Scan): void {
  for (scan.at++; scan.at < scan.text.length && scan.text[scan.at] !== '"'; scan.at++) {
    if (scan.text[scan.at] === '\\') scan.at++
  }
  scan.at++
}

function skipBlanks(scan: Scan): void {
  while (/\s/.test(scan.text[scan.at] ?? '')) scan.at++
}

function lineAt(scan: Scan): number {
  return scan.text.slice(0, scan.at).split('\n').length - 1
}
