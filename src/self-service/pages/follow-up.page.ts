// The questions of a follow-up, in plain words.

import { sinceParts, type OutcomeKind } from '#outcomes/index.ts'
import {
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type PageModel,
  type Scene,
} from '#platform/http/index.ts'

type ClientScene = Scene<OtherActor>

export const whatPeopleDo = [
  'working',
  'training',
  'still_looking',
  'not_looking',
] as const satisfies readonly OutcomeKind[]

// messages: self-service.follow_up.*

export function doingPage(scene: ClientScene, body: FormBody, problems: readonly FieldProblem[]): PageModel {
  return {
    title: scene.t('self-service.follow_up.doing'),
    items: whatPeopleDo.map((doing) => ({
      value: doing,
      text: scene.t(`self-service.follow_up.${doing}`),
      checked: textOf(body, 'doing') === doing,
    })),
    problems: scene.problems(problems),
  }
}

export function sincePage(
  scene: ClientScene,
  {
    token,
    doing,
    body,
    problems,
  }: { token: string; doing: 'working' | 'training'; body: FormBody; problems: readonly FieldProblem[] },
): PageModel {
  return {
    title: scene.t(`self-service.follow_up.since_${doing}`),
    parts: sinceParts(scene, body),
    back: `/f/${token}`,
    problems: scene.problems(problems),
  }
}

export function messagePage(scene: ClientScene, kind: 'thanks' | 'answered' | 'over' | 'unknown'): PageModel {
  return {
    title: scene.t(`self-service.follow_up.${kind}_title`),
    textKey: `self-service.follow_up.${kind}_text`,
  }
}
