import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import { cleanName, mayFetch, mayRemove, nameToSaveAs, type Attachment } from './attachment.ts'

const one: Attachment = {
  ...{
    id: newId(),
    referralId: newId(),
    eventId: newId(),
    from: 'adviser',
    fromName: 'Mara',
    name: 'letter.pdf',
    kind: 'pdf',
    bytes: 10,
  },
  ...{ isShownToPartner: true, isShownToClient: false, scan: 'clean', addedAt: new Date(0), gone: null },
}

describe('who may fetch a file', () => {
  test('the partner and the client only what is shown to them', () => {
    expect(mayFetch(one, 'partner')).toBe(true)
    expect(mayFetch({ ...one, isShownToPartner: false }, 'partner')).toBe(false)
    expect(mayFetch(one, 'client')).toBe(false)
    expect(mayFetch({ ...one, isShownToPartner: false }, 'adviser')).toBe(true)
  })

  test('nobody what waits for its scan, but the staff who sent it; nobody what is infected or gone', () => {
    expect(mayFetch({ ...one, scan: 'waiting' }, 'partner')).toBe(false)
    expect(mayFetch({ ...one, scan: 'waiting' }, 'adviser')).toBe(true)
    expect(mayFetch({ ...one, scan: 'waiting', from: 'partner' }, 'adviser')).toBe(false)
    expect(mayFetch({ ...one, scan: 'failed' }, 'partner')).toBe(false)
    for (const side of ['adviser', 'partner', 'client'] as const) {
      expect(mayFetch({ ...one, isShownToClient: true, scan: 'infected' }, side)).toBe(false)
      const gone = { at: new Date(0), because: 'removed' } as const
      expect(mayFetch({ ...one, isShownToClient: true, gone }, side)).toBe(false)
    }
  })

  test('staff remove any file, partners their own', () => {
    expect(mayRemove({ ...one, from: 'partner' }, 'adviser')).toBe(true)
    expect(mayRemove({ ...one, from: 'partner' }, 'partner')).toBe(true)
    expect(mayRemove(one, 'partner')).toBe(false)
  })
})

describe('the name of a file', () => {
  test('is shown as typed, in any script', () => {
    for (const typed of ['Zeugnis Frau Müller (2).pdf', 'شهادة نور.pdf', 'گواهی\u200cنامه.pdf', '履歴書.docx'])
      expect(cleanName(typed)).toBe(typed)
  })

  test('loses folders, control characters and marks that turn the reading direction around', () => {
    expect(cleanName('../../etc/passwd')).toBe('passwd')
    expect(cleanName('C:\\Users\\Ada\\cv.pdf')).toBe('cv.pdf')
    expect(cleanName('a\r\nX-Evil: 1.pdf')).toBe('aX-Evil: 1.pdf')
    expect(cleanName('annual\u202egnp.exe')).toBe('annualgnp.exe')
    expect(cleanName(' ... ')).toBe('file')
  })

  test('never has more than 120 characters, a folder or a turning mark, whatever was typed; its ending stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (typed) => {
        const name = cleanName(typed)
        expect([...name].length).toBeLessThanOrEqual(120)
        expect([...name].length).toBeGreaterThan(0)
        expect(name).not.toMatch(/[\\/\p{Cc}\p{Bidi_Control}]/u)
        expect(name.isWellFormed()).toBe(true)
      }),
    )
    expect(cleanName(`${'x'.repeat(300)}.pdf`)).toMatch(/^x{115}….pdf$/)
  })

  test('to save it under ends as its content is, not as it was called', () => {
    expect(nameToSaveAs({ name: 'invoice.exe', kind: 'pdf' })).toBe('invoice.exe.pdf')
    expect(nameToSaveAs({ name: 'photo.JPEG', kind: 'jpeg' })).toBe('photo.JPEG')
    expect(nameToSaveAs({ name: 'notes', kind: 'txt' })).toBe('notes.txt')
  })
})
