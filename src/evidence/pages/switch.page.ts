// The switch's page: on or off, who turned it, when and why, and turning it.

import type { PageModel, Scene, ShownProblems } from '#platform/http/index.ts'
import type { Turning } from '../life/switch.store.ts'

export interface ShownSwitch {
  readonly turnings: readonly Turning[]
  readonly names: ReadonlyMap<string, string>
  readonly mayTurn: boolean
  readonly typed: string
  readonly problems: ShownProblems
}

export function switchPage(scene: Scene, { turnings, names, mayTurn, typed, problems }: ShownSwitch): PageModel {
  const isOn = turnings[0]?.isOn ?? true
  return {
    title: scene.t('evidence.switch.title'),
    state: scene.t(isOn ? 'evidence.switch.is_on' : 'evidence.switch.is_off'),
    about: scene.t(isOn ? 'evidence.switch.about_on' : 'evidence.switch.about_off'),
    mayTurn,
    to: isOn ? 'off' : 'on',
    button: scene.t(isOn ? 'evidence.switch.turn_off' : 'evidence.switch.turn_on'),
    typed,
    problems,
    history: turnings.map(({ isOn: was, at, by, reason }) => ({
      text: scene.t(was ? 'evidence.switch.turned_on' : 'evidence.switch.turned_off', {
        name: names.get(by) ?? '',
        moment: scene.moment(at),
      }),
      reason,
    })),
  }
}
