// What an ended referral asks for: its reason decides what is offered first, and taking it up again is one click. Beside it
// stand the referrals before and after it, and what was known when it was sent.

import { requirementsOf, ruleInWords, speechOf } from '#directory/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { stops, warnings } from '../../before-sending/finding.ts'
import { stateTag } from '../../pages/timeline.page.ts'
import { afterDecline } from '../../reason.ts'
import { isClosed, isEnded, type ReferralState } from '../../referral.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { antecedentsOf, type LinkOfChain } from '../after-decline.store.ts'

// messages: referrals.after-decline.step.*
// messages: referrals.after-decline.seen.*

interface Step {
  readonly href: string
  readonly text: string
}

/** Nothing for an open referral that nothing preceded and that was sent without a warning. */
export async function whatNowPanels(scene: Scene, kept: KeptReferral): Promise<readonly Panel[]> {
  const { before, after, warningsSeen } = await antecedentsOf(scene.db, kept.file.id)
  const steps = await stepsOf(scene, kept)
  const seen = seenInWords(scene, warningsSeen)
  if (steps.links.length === 0 && before === null && after.length === 0 && seen.length === 0) return []
  return [
    {
      template: 'referrals/after-decline/panels/what-now.njk',
      model: {
        steps,
        before: before && chainLine(scene, before),
        after: after.map((each) => chainLine(scene, each)),
        seen,
      },
    },
  ]
}

async function stepsOf(
  scene: Scene,
  kept: KeptReferral,
): Promise<{ lines: readonly string[]; links: readonly Step[] }> {
  const { file, referral } = kept
  if (!isEnded(referral.state) || isClosed(referral)) return { lines: [], links: [] }
  const again: readonly Step[] = [
    step(scene, 'refer_again', `/clients/${file.clientId}/referrals/new?follows=${file.id}&service=${file.serviceId}`),
    step(scene, 'refer_elsewhere', `/clients/${file.clientId}/recommendations?follows=${file.id}`),
  ]
  const { lines, links } = await declineSteps(scene, kept)
  return { lines, links: [...links, ...again] }
}

async function declineSteps(scene: Scene, { file, referral }: KeptReferral) {
  const event = referral.ledHere
  if (event.kind !== 'declined') return { lines: [], links: [] }
  const entry = `/services/${file.serviceId}`
  switch (afterDecline(event.reason)) {
    case 'correct_requirement': {
      const named = event.by === 'partner' ? await requirementNamed(scene, file.serviceId, event.requirementId) : null
      if (event.reason !== 'not_eligible')
        return { lines: [], links: [step(scene, 'correct_entry', `${entry}/update`)] }
      return {
        lines: named ? [scene.t('referrals.after-decline.named', { requirement: named.text })] : [],
        links: [step(scene, 'correct_requirement', `${entry}/requirements${named?.path ?? ''}`)],
      }
    }
    case 'ask_again_later':
      return {
        lines: [],
        links: [step(scene, 'ask_places', `${entry}/ask-places?client=${file.clientId}`)],
      }
    case 'try_to_reach':
      return { lines: [], links: [step(scene, 'try_to_reach', `/referrals/${file.id}/attempt`)] }
    case 'choose_again':
      return { lines: [], links: [] }
  }
}

/** The requirement in words, and where it is corrected; null when it was not named or holds no longer. */
async function requirementNamed(scene: Scene, serviceId: KeptReferral['file']['serviceId'], id?: string | null) {
  const requirement = (await requirementsOf(scene.db, serviceId)).find((one) => one.id === id)
  if (!requirement) return null
  // A group of alternatives has no form of its own: it is taken apart on the page of all.
  const path = requirement.rule.kind === 'any_of' ? '' : `/${requirement.id}`
  return { text: ruleInWords(requirement.rule, speechOf(scene)), path }
}

function step(scene: Scene, code: string, href: string): Step {
  return { href, text: scene.t(`referrals.after-decline.step.${code}`) }
}

function chainLine(scene: Scene, { id, reference, serviceName, state }: LinkOfChain) {
  return { href: `/referrals/${id}`, reference, service: serviceName, state: stateTag(scene, state as ReferralState) }
}

/** What was known when it was sent, each kind once. */
function seenInWords(scene: Scene, marks: readonly string[]): readonly string[] {
  const codes = new Set(marks.map((mark) => mark.split(':')[0] ?? mark))
  return [...stops, ...warnings]
    .filter((code) => codes.has(code))
    .map((code) => scene.t(`referrals.after-decline.seen.${code}`))
}
