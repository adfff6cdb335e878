// The clocks as sentences, and the form that sets one.

import { isServiceType, serviceTypeKey, serviceTypes } from '#directory/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { clockedSteps, usualLadders, type ClockedStep, type Ladder } from '../../clock.ts'
import type { KeptClockRule } from '../../referral-clocks.store.ts'
import { dayField } from '../clocks.form.ts'

// messages: referrals.clocks.step_*
// messages: referrals.clocks.rung_*
// messages: referrals.clocks.then_*

export function clocksPage(
  scene: Scene,
  rules: readonly KeptClockRule[],
  partners: ReadonlyMap<OrganizationId, string>,
): PageModel {
  const forAll = (step: ClockedStep) =>
    rules.find((rule) => rule.step === step && rule.serviceType === null && rule.organizationId === null)
  return {
    title: scene.t('referrals.clocks.title'),
    steps: clockedSteps.map((step) => {
      const own = forAll(step)
      return {
        heading: scene.t(`referrals.clocks.step_${step}`),
        rungs: rungLines(scene, own?.ladder ?? usualLadders[step]),
        usual: own ? { action: removal(own) } : null,
        href: `/settings/clocks/${step}`,
        exceptions: rules
          .filter((rule) => rule.step === step && rule !== own)
          .map((rule) => ({
            of: whose(scene, rule, partners),
            rungs: rungLines(scene, rule.ladder),
            action: removal(rule),
          })),
      }
    }),
  }
}

export interface ClockPageOptions {
  readonly step: ClockedStep
  /** What holds now for all partners and kinds of service. */
  readonly now: Ladder
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function clockPage(scene: Scene, { step, now, body, problems }: ClockPageOptions): PageModel {
  const chosen = textOf(body, 'serviceType')
  return {
    title: scene.t('referrals.clocks.set_title'),
    step: scene.t(`referrals.clocks.step_${step}`),
    rungs: now.map((rung, index) => ({
      id: dayField(index),
      label: scene.t(index === 0 ? `referrals.clocks.then_first_${rung.then}` : `referrals.clocks.then_${rung.then}`),
      value: body[dayField(index)] === undefined ? String(rung.workingDays) : textOf(body, dayField(index)),
    })),
    types: [
      { value: '', text: scene.t('referrals.clocks.all_types'), selected: chosen === '' },
      ...serviceTypes.map((type) => ({ value: type, text: scene.t(serviceTypeKey(type)), selected: chosen === type })),
    ],
    partner: textOf(body, 'partner'),
    problems: scene.problems(problems),
  }
}

function rungLines(scene: Scene, ladder: Ladder): readonly string[] {
  return ladder.map(({ workingDays, then }, index) =>
    scene.t(`referrals.clocks.rung_${then}`, { days: workingDays, isFirst: index === 0 ? 'yes' : 'no' }),
  )
}

function whose(scene: Scene, rule: KeptClockRule, partners: ReadonlyMap<OrganizationId, string>) {
  const type = isServiceType(rule.serviceType) ? scene.t(serviceTypeKey(rule.serviceType)) : null
  return { type, partner: rule.organizationId === null ? null : (partners.get(rule.organizationId) ?? '') }
}

function removal({ id }: KeptClockRule): string {
  return `/settings/clocks/rules/${id}/remove`
}
