import { expect, it } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import { currentNotes, type Note } from './note.ts'

function aNote(words: string, corrects: Note | null = null): Note {
  const writtenAt = new Date('2026-03-02T09:00:00Z')
  return {
    id: newId(),
    about: parseDay('2026-03-02')!,
    words,
    authorId: newId(),
    writtenAt,
    corrects: corrects?.id ?? null,
  }
}

it('a corrected note reads as its last correction, with all that it said before', () => {
  const first = aNote('Has a driving licence')
  const second = aNote('Has no driving licence', first)
  const third = aNote('Has a driving licence from abroad', second)
  const other = aNote('Prefers mornings')
  expect(currentNotes([other, first, second, third])).toEqual([
    { ...other, earlier: [] },
    { ...third, earlier: [second, first] },
  ])
})
