// Bytes as text that is certainly UTF-8: broken bytes are found, with their line, before anything is imported.

import { FileRefused } from './row.ts'

/** The text of a file, chunk by chunk. Throws FileRefused `broken_utf8` with the line of the first broken byte. */
export async function* readText(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for await (const chunk of bytes) {
    yield decoded(
      () => decoder.decode(chunk, { stream: true }),
      () => line + linesBeforeFault(chunk),
    )
    line += newlines(chunk, chunk.length)
  }
  const rest = decoded(
    () => decoder.decode(),
    () => line,
  )
  if (rest !== '') yield rest

  function decoded(decode: () => string, lineOfFault: () => number): string {
    try {
      return decode()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new FileRefused({ file, line: lineOfFault(), reason: 'broken_utf8', value: '' })
    }
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

function newlines(chunk: Uint8Array, end: number): number {
  let count = 0
  for (let at = chunk.indexOf(10); at >= 0 && at < end; at = chunk.indexOf(10, at + 1)) count++
  return count
}
