// What a partner is told of the meeting beside day and place. Which language is spoken is shared as the client agreed, not here.

import type { Appointment } from '../../event.ts'

// messages: referrals.handover.means.*
// messages: referrals.handover.partner.*

export function meetingLines(
  scene: { t(key: string, values?: Readonly<Record<string, string>>): string },
  { means, isHandover, interpreter }: Appointment,
  senderName: string,
): readonly string[] {
  return [
    scene.t(`referrals.handover.means.${means}`),
    ...(isHandover ? [scene.t('referrals.handover.partner.introduces', { name: senderName })] : []),
    ...(interpreter.state === 'not_needed' ? [] : [scene.t(`referrals.handover.partner.${interpreter.state}`)]),
  ]
}
