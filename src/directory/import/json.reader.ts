// A JSON file as documents, each with its line: the items of a list, of a page of a list, or the one document it is.
// Our own splitter, because the streaming parsers that are to be had do not tell lines; JSON.parse reads each document.

import { isDeeperThan } from '#platform/json.ts'
import type { PackageFile } from './package.files.ts'
import { FileRefused } from './row.ts'
import { readText } from './text.reader.ts'

export interface JsonDocument {
  readonly value: unknown
  /** As it stands in the file, for finding the line of a member. */
  readonly text: string
  readonly line: number
}

const quote = 34
const backslash = 92
// The deepest that HSDS nests things is ten.
const deepest = 100

/**
 * The documents of a file. A list's items come one by one, so that only one is in memory; so do those of a page of a list
 * (`{"total_items": …, "contents": […]}`). Throws FileRefused with the line where the JSON breaks off or is none.
 */
export async function* readDocuments(file: PackageFile): AsyncGenerator<JsonDocument> {
  const splitter = splitDocuments()
  for await (const chunk of readText(file.name, file.open())) {
    for (const item of splitter.push(chunk)) yield parseItem(file.name, item)
  }
  const end = splitter.end()
  if (end.isBroken) throw new FileRefused({ file: file.name, line: end.line, reason: 'broken_json', value: '' })
  if (end.rest) yield parseItem(file.name, end.rest)
}

interface Item {
  readonly text: string
  readonly line: number
}

interface Splitter {
  push(chunk: string): Item[]
  end(): { readonly isBroken: boolean; readonly line: number; readonly rest: Item | null }
}

/** Follows brackets and strings; an item is what stands between commas directly inside the list. */
function splitDocuments(): Splitter {
  let depth = 0
  let line = 1
  let inString = false
  let isEscaped = false
  let listDepth: number | null = null
  let kept = ''
  let keptLine = 1
  let text = ''

  /** Takes over what was kept since the last cut, up to here, as an item if there is anything in it. */
  function cut(chunk: string, from: number, to: number, items: Item[]): void {
    text = kept + chunk.slice(from, to)
    const leading = /^\s*/.exec(text)?.[0] ?? ''
    if (leading.length < text.length) {
      items.push({ text: text.slice(leading.length), line: keptLine + leading.split('\n').length - 1 })
    }
    kept = ''
    keptLine = line
  }

  return {
    push(chunk) {
      const items: Item[] = []
      let from = 0
      for (let at = 0; at < chunk.length; at++) {
        const code = chunk.charCodeAt(at)
        if (code === 10) line++
        if (inString) {
          if (isEscaped) isEscaped = false
          else if (code === backslash) isEscaped = true
          else if (code === quote) inString = false
          continue
        }
        if (code === quote) inString = true
        else if (code === 91 || code === 123) {
          depth++
          if (listDepth === null && code === 91 && isListStart(kept + chunk.slice(from, at), depth)) {
            listDepth = depth
            kept = ''
            keptLine = line
            from = at + 1
          }
        } else if (code === 93 || code === 125) {
          if (depth === listDepth && code === 93) {
            cut(chunk, from, at, items)
            from = at + 1
            // What follows a list (page numbers) is no document.
            listDepth = Infinity
          }
          depth--
        } else if (code === 44 && depth === listDepth) {
          cut(chunk, from, at, items)
          from = at + 1
        }
      }
      if (listDepth !== Infinity) kept += chunk.slice(from)
      return items
    },
    end: () => ({
      isBroken: depth !== 0 || inString,
      line,
      rest: listDepth === null && kept.trim() !== '' ? { text: kept, line: keptLine } : null,
    }),
  }
}

/** The whole file is a list, or this is the list of a page of a list. */
function isListStart(before: string, depth: number): boolean {
  return depth === 1 ? before.trim() === '' : depth === 2 && /"contents"\s*:\s*$/.test(before)
}

function parseItem(file: string, item: Item): JsonDocument {
  try {
    const value: unknown = JSON.parse(item.text)
    if (isDeeperThan(deepest, value)) throw new FileRefused({ file, line: item.line, reason: 'broken_json', value: '' })
    return { value, text: item.text, line: item.line }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0)
    const line = item.line + item.text.slice(0, position).split('\n').length - 1
    throw new FileRefused({ file, line, reason: 'broken_json', value: '' })
  }
}
