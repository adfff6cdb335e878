// Bytes as text that is certainly UTF-8: broken bytes are found, with their line, before anything is taken in.

import fs from 'node:fs'

/** Some bytes are no UTF-8. `line` counts from 1 and is that of the first broken byte. */
export class BrokenText extends Error {
  override readonly name = 'BrokenText'
  readonly line: number

  constructor(line: number) {
    super('The text is no UTF-8.')
    this.line = line
  }
}

/** The text, chunk by chunk, in bounded memory. Throws BrokenText, a character that the end cuts off included. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for await (const chunk of bytes) {
    yield decoded(
      () => decoder.decode(chunk, { stream: true }),
      () => line + linesBeforeFault(chunk),
    )
    line += newlinesIn(chunk)
  }
  const rest = decoded(
    () => decoder.decode(),
    () => line,
  )
  if (rest !== '') yield rest
}

/** The line of a file's first byte that is no UTF-8, or null when it is text throughout. Reads the whole file. */
export async function brokenLineOf(file: string): Promise<number | null> {
  const text = decodeText(fs.createReadStream(file))
  try {
    while (!(await text.next()).done);
    return null
  } catch (error) {
    if (error instanceof BrokenText) return error.line
    throw error
  }
}

function decoded(decode: () => string, lineOfFault: () => number): string {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new BrokenText(lineOfFault())
  }
}

/** Newlines before the first byte of the chunk that is no UTF-8; a character cut off by the chunk's beginning is let pass. */
function linesBeforeFault(chunk: Uint8Array): number {
  let start = 0
  while (start < 3 && start < chunk.length && (chunk[start]! & 0xc0) === 0x80) start++
  const lenient = new TextDecoder('utf-8')
  const before = lenient.decode(chunk.subarray(start))
  const fault = before.indexOf('\ufffd')
  return fault < 0 ? 0 : before.slice(0, fault).split('\n').length - 1
}

function newlinesIn(chunk: Uint8Array): number {
  let count = 0
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++
  return count
}
