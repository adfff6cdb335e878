// The text of a file of a directory. Broken bytes refuse it, with their line, before anything is imported.

import { BrokenText, decodeText } from '#platform/utf8.ts'
import { FileRefused } from './row.ts'

/** The text of a file, chunk by chunk. Throws FileRefused `broken_utf8` with the line of the first broken byte. */
export async function* readText(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* decodeText(bytes)
  } catch (error) {
    if (!(error instanceof BrokenText)) throw error
    throw new FileRefused({ file, line: error.line, reason: 'broken_utf8', value: '' })
  }
}
