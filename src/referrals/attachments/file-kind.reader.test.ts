import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attachmentKinds } from './attachment.ts'
import { contentProblems, kindOfContent } from './file-kind.reader.ts'
import { docm, docx, docxWithMacros, heic, jpeg, odt, pdf, png, webp, zip, zipBomb } from './samples.testing.ts'

const kind = async (content: Buffer | string) => {
  const read = await kindOfContent(Buffer.from(content))
  return read.ok ? read.value : read.problem
}

describe('a file is known by its content', () => {
  test.each([
    ['pdf', pdf],
    ['png', png],
    ['jpeg', jpeg],
    ['webp', webp],
    ['heic', heic],
    ['docx', docx],
    ['odt', odt],
    ['txt', 'Guten Tag, شكرا\r\n\tBis bald'],
  ] as const)('%s is taken', async (expected, content) => {
    expect(await kind(Buffer.from(content))).toBe(expected)
  })

  test('macros are refused, also where a document hides that it has them', async () => {
    expect(await kind(docm)).toBe('macros')
    expect(await kind(docxWithMacros)).toBe('macros')
  })

  test('pages of the web and drawings with code are refused, whatever stands before them', async () => {
    for (const page of [
      '<!DOCTYPE html><p>Hello',
      '\ufeff<html><script>alert(1)</script>',
      '  <!-- harmless --> <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      '<script>alert(1)</script>',
    ])
      expect(await kind(page)).toBe('web_page')
  })

  test('archives and programs are refused', async () => {
    expect(await kind(zip({ 'a.txt': 'a' }))).toBe('archive')
    expect(await kind(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]))).toBe('program')
    expect(await kind('#!/bin/sh\nrm -rf .')).toBe('program')
  })

  test('what only begins like a PDF is damaged, be it a page of the web or a file cut short', async () => {
    expect(await kind('%PDF-1.4\n<html><script>alert(1)</script></html>')).toBe('damaged')
    expect(await kind(pdf.subarray(0, 30))).toBe('damaged')
    expect(await kind(png.subarray(0, 40))).toBe('damaged')
  })

  test('nothing is unpacked: an archive that would grow to 200 megabytes is refused in no time and memory', async () => {
    const bomb = zipBomb(200_000_000)
    const before = process.memoryUsage().rss
    expect(await kind(bomb)).toBe('archive')
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test('a file with nothing in it is empty; words in another code or with control characters are not known', async () => {
    expect(await kind('')).toBe('empty')
    expect(await kind(' \n ')).toBe('empty')
    expect(await kind(Buffer.from('Grüße', 'latin1'))).toBe('unknown')
    expect(await kind('a\u0000b')).toBe('unknown')
  })

  test('garbage of any kind gets an answer, behind any borrowed beginning', async () => {
    const beginnings = [pdf, png, jpeg, webp, heic, docx, odt].map((sample) => sample.subarray(0, 24))
    const answers: readonly string[] = [...attachmentKinds, ...contentProblems]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(Buffer.alloc(0), ...beginnings),
        fc.uint8Array({ maxLength: 600 }),
        async (beginning, rest) => {
          expect(answers).toContain(await kind(Buffer.concat([beginning, rest])))
        },
      ),
      { numRuns: 300 },
    )
  })
})
