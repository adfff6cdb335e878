// The meeting, on the adviser's page of a referral: what is agreed, who interprets, how the client hears of it, and what helps
// after a meeting that did not take place.

import { findClient } from '#clients/index.ts'
import { notFound, type Panel, type Scene } from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import { isEnded } from '../../referral.ts'
import { appointmentLine } from '../../pages/timeline.page.ts'
import { eventId } from '../../referrals.acts.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { calendarEntryOf, isAhead } from '../appointment.ts'
import { liveClientLink } from '../client-links.store.ts'
import { whyNoMail } from '../handover.jobs.ts'
import { adviceAfter } from '../pages/booking.page.ts'

// messages: referrals.handover.panel.*
// messages: referrals.handover.interpreter.*
// messages: referrals.handover.means.*
// messages: referrals.handover.mail_state.*

/** None where there is nothing to meet for: a draft, or a referral that ended without an appointment. */
export async function handoverPanels(scene: Scene, kept: KeptReferral): Promise<readonly Panel[]> {
  const { file, referral } = kept
  const entry = calendarEntryOf(referral)
  const isOpen = !isEnded(referral.state) && referral.state !== 'drafted'
  const client = (await findClient(scene.db, file.clientId)) ?? notFound()
  if (!isOpen && entry === null) return []
  const standing = entry !== null && !entry.isCancelled ? entry.appointment : null
  const link = await liveClientLink(scene.db, file.id, scene.now)
  const noMail = await whyNoMail(scene, client)
  const href = `/referrals/${file.id}/handover`
  const model = {
    line: standing && appointmentLine(scene, standing),
    isOver: standing !== null && !isAhead(standing, scene.network.timeZone, scene.now),
    means: standing && scene.t(`referrals.handover.means.${standing.means}`),
    isHandover: standing?.isHandover ?? false,
    interpreter: standing && interpreterOf(scene, standing.interpreter),
    advice: isOpen ? adviceAfter(scene, kept) : null,
    isOpen,
    mayChange: isOpen,
    bookHref: href,
    letterHref: standing ? `${href}/letter` : null,
    mail: standing && isOpen ? scene.t(`referrals.handover.mail_state.${noMail ?? 'mailed'}`) : null,
    mailAction: standing && isOpen && noMail === null ? `${href}/mail` : null,
    interpreterAction: `${href}/interpreter`,
    linkHref: `${href}/link`,
    linkOpened: link?.openedAt
      ? scene.t('referrals.handover.panel.own_page_opened', { when: scene.moment(link.openedAt) })
      : null,
    hasLink: link !== undefined,
    eventId: eventId(scene.now),
  }
  return [{ template: 'referrals/handover/panels/handover.njk', model }]
}

function interpreterOf(
  scene: Scene,
  { state, language }: { readonly state: string; readonly language: string | null },
) {
  if (state === 'not_needed') return null
  return {
    text: scene.t(`referrals.handover.interpreter.${state}`),
    language: language && nameOfLanguage(language, scene.locale),
    isWanted: state === 'asked_for',
  }
}
