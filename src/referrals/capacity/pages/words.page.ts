// A question about places, and its answer, in words.

import { dayIn } from '#platform/dates.ts'
import type { OtherActor, Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import type { Answered, CapacityAnswer, Wanted } from '../question.ts'

export type AnyScene = Scene | Scene<OtherActor>

// messages: referrals.capacity.part.*
// messages: referrals.capacity.need.*
// messages: referrals.capacity.said.*

/** What is wanted, one line a thing. */
export function wantedInWords(scene: AnyScene, { places, from, hours, needs, language }: Wanted): readonly string[] {
  return [
    scene.t('referrals.capacity.wanted_places', { count: places }),
    from === null
      ? scene.t('referrals.capacity.wanted_soon')
      : scene.t('referrals.capacity.wanted_from', { day: scene.day(from) }),
    ...(hours.length > 0 ? [hours.map((part) => scene.t(`referrals.capacity.part.${part}`)).join(', ')] : []),
    ...needs.map((need) =>
      scene.t(`referrals.capacity.need.${need}`, { language: language === null ? '' : namedLanguage(scene, language) }),
    ),
  ]
}

/** `3 places from 4 January 2027`. */
export function answerInWords(scene: AnyScene, answer: CapacityAnswer): string {
  switch (answer.kind) {
    case 'places': {
      const day = answer.startsOn === null ? '' : scene.day(answer.startsOn)
      return scene.t('referrals.capacity.said.places', { count: answer.free, when: day === '' ? 'open' : 'day', day })
    }
    case 'ask_again': {
      const day = answer.on === null ? '' : scene.day(answer.on)
      return scene.t('referrals.capacity.said.ask_again', { when: day === '' ? 'open' : 'day', day })
    }
    case 'not_taking':
      return scene.t('referrals.capacity.said.not_taking')
  }
}

/** Who said so, and on which day. */
export function sourceInWords(scene: AnyScene, { by, name, at }: Answered): string {
  const day = scene.day(dayIn(scene.network.timeZone, at))
  return scene.t('referrals.capacity.source', { by, name, day })
}
