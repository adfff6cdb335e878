// What an assessment offers for sharing with a partner: what bears on the service, and nothing that is protected.

import { profileOf } from '#assessment/index.ts'
import { definitionOf, speechOf, type FactCode, type Facts } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'

// messages: directory.level.*
// messages: directory.schooling.*
// messages: directory.need.*
// messages: referrals.summary.*

const offered = ['language_level', 'schooling', 'needs'] as const satisfies readonly FactCode[]

/** These say too much of a person to go out on a list: an adviser who must name one writes it in words. */
const keptBack: readonly string[] = ['health', 'debt', 'legal', 'safety', 'housing']

/** One line a fact that is known, in the language of the network's catalogue. */
export async function summaryLines(scene: Scene, clientId: ClientId): Promise<readonly string[]> {
  const { facts } = await profileOf(scene.db, clientId, { asOf: scene.now, on: scene.today })
  return offered
    .filter((code) => definitionOf(code).isProtected !== true)
    .flatMap((code) => lineOf(scene, code, facts) ?? [])
}

function lineOf(scene: Scene, code: (typeof offered)[number], facts: Facts): string | null {
  const value = facts[code]
  if (value === undefined || (typeof value === 'object' && value.length === 0)) return null
  const speech = speechOf(scene)
  switch (code) {
    case 'language_level':
      return scene.t('referrals.summary.language', {
        language: speech.language,
        level: scene.t(`directory.level.${String(value)}`),
      })
    case 'schooling':
      return scene.t('referrals.summary.schooling', { schooling: scene.t(`directory.schooling.${String(value)}`) })
    case 'needs': {
      const needs = (typeof value === 'object' ? value : []).filter((need) => !keptBack.includes(need))
      if (needs.length === 0) return null
      return scene.t('referrals.summary.needs', {
        needs: speech.and(needs.map((need) => scene.t(`directory.need.${need}`))),
      })
    }
  }
}
