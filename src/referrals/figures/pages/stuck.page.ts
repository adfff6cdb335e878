// What stands still, by partner and step, and what to do about each.

import { dayIn, daysBetween } from '#platform/dates.ts'
import type { FieldProblem, Scene } from '#platform/http/index.ts'
import type { StaffMember } from '#staff/index.ts'
import { wantedSentence } from '../../pages/referral.page.ts'
import { wantedStep } from '../../clock.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { steps, type Step } from '../loop.ts'
import type { StuckReferral } from '../stuck.store.ts'

export interface StuckGroup {
  readonly organizationId: string
  readonly organizationName: string
  readonly step: Step
  readonly count: number
  /** The longest of them. */
  readonly since: Date
}

// messages: referrals.figures.stuck.next_*

/** One group a partner and step, partners by name, steps in their order. */
export function groupStuck(stuck: readonly StuckReferral[]): readonly StuckGroup[] {
  return [...Map.groupBy(stuck, ({ organizationId, step }) => `${organizationId} ${step}`).values()]
    .map((here) => {
      const [first] = here
      const { organizationId, organizationName, step } = first!
      const since = here.reduce((earliest, one) => (one.since < earliest ? one.since : earliest), first!.since)
      return { organizationId, organizationName, step, count: here.length, since }
    })
    .sort(
      (a, b) =>
        a.organizationName.localeCompare(b.organizationName) ||
        a.organizationId.localeCompare(b.organizationId) ||
        steps.indexOf(a.step) - steps.indexOf(b.step),
    )
}

export function stuckPage(
  scene: Scene,
  {
    groups,
    managesAny,
    advisers,
  }: { groups: readonly StuckGroup[]; managesAny: boolean; advisers: readonly StaffMember[] },
) {
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  return {
    title: scene.t('referrals.figures.stuck.title'),
    sentence: scene.t(managesAny ? 'referrals.figures.stuck.sentence' : 'referrals.figures.stuck.no_site', { count }),
    rows: groups.map((group) => ({
      partner: group.organizationName,
      step: scene.t(`referrals.figures.step.${group.step}`),
      href: `/referrals/stuck?${new URLSearchParams({ partner: group.organizationId, step: group.step }).toString()}`,
      count: scene.words.formatted(group.count.toLocaleString(scene.locale)),
      longest: sinceWords(scene, group.since),
      next: scene.t(`referrals.figures.stuck.next_${group.step}`),
    })),
    advisers: advisers.map(({ id, name }) => ({ href: `/settings/staff/${id}/caseload`, name })),
  }
}

interface StuckList {
  readonly step: Step
  readonly rows: readonly { readonly kept: KeptReferral; readonly since: Date }[]
  readonly total: number
  readonly people: ReadonlyMap<string, string>
  readonly phones: ReadonlyMap<string, string>
  readonly advisers: readonly StaffMember[]
  readonly staff: readonly StaffMember[]
  /** What was ticked, and whom it was to go to, when the form is asked again. */
  readonly chosen: readonly string[]
  readonly to: string
  readonly problems: readonly FieldProblem[]
}

export function stuckListPage(scene: Scene, list: StuckList) {
  const { step, rows, total, people, phones, advisers, staff, chosen, to, problems } = list
  const names = new Map<string, string>(staff.map(({ id, name }) => [id, name]))
  const partner = rows[0]?.kept.file
  return {
    title: scene.t('referrals.figures.stuck.title'),
    partner: partner?.organizationName ?? '',
    partnerId: partner?.organizationId ?? '',
    step,
    stepName: scene.t(`referrals.figures.step.${step}`),
    next: scene.t(`referrals.figures.stuck.next_${step}`),
    more: total > rows.length ? scene.t('referrals.figures.stuck.more', { shown: rows.length, total }) : null,
    problems: scene.problems(problems),
    rows: rows.map(({ kept: { file, referral }, since }) => ({
      id: file.id,
      isChosen: chosen.includes(file.id),
      href: `/referrals/${file.id}`,
      title: people.get(file.clientId) ?? file.reference,
      reference: file.reference,
      service: file.serviceName,
      adviser: names.get(file.adviserId) ?? '',
      phone: phones.get(file.serviceId) ?? null,
      wanted: wantedSentence(scene, referral, { wanted: wantedStep(referral, scene.today), due: since }),
      since: sinceWords(scene, since),
    })),
    advisers: [
      { value: '', text: scene.t('referrals.figures.stuck.choose') },
      ...advisers.map(({ id, name }) => ({ value: id, text: name, selected: id === to })),
    ],
  }
}

function sinceWords(scene: Scene, since: Date): string {
  return scene.t('referrals.figures.stuck.since', {
    days: daysBetween(dayIn(scene.network.timeZone, since), scene.today),
  })
}
