// What a file is, by its content alone: its name and what the browser calls it count for nothing.

import { fileTypeFromBuffer } from 'file-type'
import { ok, refused, type Result } from '#platform/result.ts'
import type { AttachmentKind } from './attachment.ts'

/** Why a file is not taken. */
export const contentProblems = ['empty', 'macros', 'web_page', 'archive', 'program', 'damaged', 'unknown'] as const
export type ContentProblem = (typeof contentProblems)[number]

const kinds: ReadonlyMap<string, AttachmentKind> = new Map([
  ['pdf', 'pdf'],
  ['png', 'png'],
  ['jpg', 'jpeg'],
  ['webp', 'webp'],
  ['heic', 'heic'],
  ['docx', 'docx'],
  ['odt', 'odt'],
])
const withMacros = new Set(['docm', 'dotm', 'xlsm', 'xltm', 'pptm', 'potm', 'ppsm', 'cfb'])
const archives = new Set([
  'zip',
  'rar',
  '7z',
  'gz',
  'tar',
  'tar.gz',
  'bz2',
  'xz',
  'zst',
  'lz',
  'lz4',
  'cab',
  'jar',
  'apk',
])
const programs = new Set(['exe', 'elf', 'macho', 'dll', 'deb', 'rpm', 'wasm', 'class', 'dmg', 'msi', 'lnk'])

/** The kind of an acceptable file, or why it is none. Nothing is unpacked: of an archive only the names inside are read. */
export async function kindOfContent(content: Buffer): Promise<Result<AttachmentKind, ContentProblem>> {
  if (content.length === 0) return refused('empty')
  const found = (await fileTypeFromBuffer(content))?.ext
  if (found === undefined || found === 'xml') return kindOfText(content)
  if (withMacros.has(found)) return refused('macros')
  if (archives.has(found)) return refused('archive')
  if (programs.has(found)) return refused('program')
  const kind = kinds.get(found)
  if (kind === undefined) return refused('unknown')
  if (kind === 'docx' && content.includes('vbaProject.bin')) return refused('macros')
  if (!isWhole(kind, content)) return refused('damaged')
  return ok(kind)
}

/** Begins and ends as its kind does: something else behind a borrowed first line is not that kind. */
function isWhole(kind: AttachmentKind, content: Buffer): boolean {
  switch (kind) {
    case 'pdf':
      return /^%PDF-\d/.test(content.toString('latin1', 0, 8)) && content.subarray(-2048).includes('%%EOF')
    case 'png':
      return content.subarray(-16).includes('IEND')
    case 'jpeg':
      // Cameras write more behind the end of the picture.
      return content.includes(Buffer.from([0xff, 0xd9]))
    case 'docx':
    case 'odt':
      // The directory of a zip stands at its end.
      return content.subarray(-66_000).includes('PK\u0005\u0006')
    case 'webp':
      return content.length >= content.readUInt32LE(4) + 8
    default:
      return true
  }
}

// What begins like this a browser or program would read as more than words, were it ever opened from a disk.
const markup =
  /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype|\?xml|html|head|body|svg|script|style|iframe|meta|link|object|math)\b/i

/** Text is UTF-8 without control characters, and is no page of the web. */
function kindOfText(content: Buffer): Result<AttachmentKind, ContentProblem> {
  let words: string
  try {
    words = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return refused('unknown')
  }
  if (markup.test(words)) return refused('web_page')
  if (/[^\P{Cc}\t\n\r\f]/u.test(words)) return refused('unknown')
  if (words.trim() === '') return refused('empty')
  return words.startsWith('#!') ? refused('program') : ok('txt')
}
