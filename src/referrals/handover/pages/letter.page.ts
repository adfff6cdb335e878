// The letter as the adviser sees and prints it, and the ways to hand it over.

import type { PageModel, Scene } from '#platform/http/index.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { ClientLetter } from '../letter.ts'

export function letterPage(
  scene: Scene,
  {
    kept,
    letter,
    note,
    largePrint,
  }: {
    readonly kept: KeptReferral
    readonly letter: ClientLetter
    readonly note: string | null
    readonly largePrint: boolean
  },
): PageModel {
  const href = `/referrals/${kept.file.id}/handover`
  return {
    title: scene.t('referrals.handover.page.letter_title'),
    reference: kept.file.reference,
    back: `/referrals/${kept.file.id}`,
    letter,
    note,
    largePrint,
    textHref: `${href}/letter.txt`,
    calendarHref: `${href}/appointment.ics`,
    changeHref: href,
  }
}
