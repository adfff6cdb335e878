// How ties are broken: as it stands, what a lottery does, who decided it and why.

import type { PageModel, Scene, ShownProblems } from '#platform/http/index.ts'
import type { LotteryDecision } from '../lottery.store.ts'

export interface ShownSettings {
  readonly decisions: readonly LotteryDecision[]
  readonly names: ReadonlyMap<string, string>
  readonly mayDecide: boolean
  readonly typed: string
  readonly problems: ShownProblems
}

export function settingsPage(scene: Scene, { decisions, names, mayDecide, typed, problems }: ShownSettings): PageModel {
  const { t } = scene
  const isOn = decisions[0]?.isOn ?? false
  return {
    title: t('matching.settings.title'),
    back: scene.actor.roles.includes('administrator')
      ? { href: '/settings', text: t('matching.settings.back') }
      : { href: '/insights', text: t('matching.settings.back_insights') },
    state: t(isOn ? 'matching.settings.is_on' : 'matching.settings.is_off'),
    about: t(isOn ? 'matching.settings.about_on' : 'matching.settings.about_off'),
    mayDecide,
    to: isOn ? 'off' : 'on',
    button: t(isOn ? 'matching.settings.switch_off' : 'matching.settings.switch_on'),
    typed,
    problems,
    history: decisions.map(({ isOn: was, at, by, reason }) => ({
      text: t(was ? 'matching.settings.switched_on' : 'matching.settings.switched_off', {
        name: names.get(by) ?? t('matching.settings.somebody'),
        moment: scene.moment(at),
      }),
      reason,
    })),
  }
}
