// On Today, in the week after the letter: last month's choices are there to look back on.

import type { DueItem } from '#platform/due.ts'
import type { Scene } from '#platform/http/index.ts'
import { latestNote } from '../choices.store.ts'
import { monthInWords } from '../month.ts'

const day = 86_400_000
/** Gentle: for a week, and never late. */
const daysShown = 7

export async function choiceItems(scene: Scene): Promise<readonly DueItem[]> {
  const note = await latestNote(scene.db, new Date(scene.now.getTime() - daysShown * day))
  if (note === null) return []
  const month = monthInWords(scene.words, note.month)
  return [
    {
      due: new Date(note.toldAt.getTime() + daysShown * day),
      href: `/choices?month=${note.month}`,
      title: scene.t('matching.choices.title'),
      about: null,
      wanted: scene.t('matching.choices.item_wanted', { month }),
      tag: null,
      waitsFor: 'me',
    },
  ]
}
