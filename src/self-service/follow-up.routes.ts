// A client answers how they get on, by a link from their mail: one question a page, large type, nothing about them.
// There is nothing to hide behind a button here: the pages show no word of the person, and a GET changes nothing.

import { z } from 'zod'
import { answerByLink, findFollowUp, followUpLinkOfSecret, readSince, type FollowUpLink } from '#outcomes/index.ts'
import {
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { doingPage, messagePage, sincePage, whatPeopleDo } from './pages/follow-up.page.ts'

type ClientScene = Scene<OtherActor>

const bearer = {
  find: followUpLinkOfSecret,
  become: (link: FollowUpLink) =>
    ({ role: 'client', networkId: link.networkId, clientId: link.clientId, actorId: link.clientId }) as const,
  missing: (scene: ClientScene) => message(scene, 'unknown', 404),
}
const tokenOnly = { ...bearer, params: z.object({ token: z.string() }) }
const withSince = { ...tokenOnly, query: z.object({ doing: z.enum(['working', 'training']) }) }

export function followUpRoutes(routes: Routes): void {
  routes.link('GET', '/f/:token', tokenOnly, (scene, { bearer: link }) =>
    whileOpen(scene, link, async () => page('self-service/pages/doing.njk', doingPage(scene, {}, []))),
  )

  routes.link('POST', '/f/:token', tokenOnly, (scene, { bearer: link, params, body }) =>
    whileOpen(scene, link, async () => {
      const doing = whatPeopleDo.find((each) => each === textOf(body, 'doing'))
      if (doing === undefined) {
        const problems = [{ field: 'doing', key: 'self-service.follow_up.doing_missing' }]
        return page('self-service/pages/doing.njk', doingPage(scene, body, problems), { status: 400 })
      }
      if (doing === 'working' || doing === 'training') return redirect(`/f/${params.token}/since?doing=${doing}`)
      await answerByLink(scene, link, { kind: doing, since: null })
      return redirect(`/f/${params.token}/thanks`)
    }),
  )

  routes.link('GET', '/f/:token/since', withSince, (scene, { bearer: link, params, query }) =>
    whileOpen(scene, link, async () =>
      since(scene, { token: params.token, doing: query.doing, body: {}, problems: [] }),
    ),
  )

  routes.link('POST', '/f/:token/since', withSince, (scene, { bearer: link, params, query, body }) =>
    whileOpen(scene, link, async () => {
      const day = readSince(body, scene.today)
      if (!day.ok) return since(scene, { token: params.token, doing: query.doing, body, problems: day.problem })
      await answerByLink(scene, link, { kind: query.doing, since: day.value })
      return redirect(`/f/${params.token}/thanks`)
    }),
  )

  routes.link('GET', '/f/:token/thanks', tokenOnly, async (scene) => message(scene, 'thanks', 200))
}

/** Goes on while the link lives and nobody has answered; else says so kindly. */
async function whileOpen(scene: ClientScene, link: FollowUpLink, work: () => Promise<Answer>): Promise<Answer> {
  if (link.revokedAt !== null || link.expiresAt <= scene.now) return message(scene, 'over', 410)
  const followUp = await findFollowUp(scene.db, link.followUpId)
  if (!followUp) return message(scene, 'unknown', 404)
  return followUp.state === 'answered' ? message(scene, 'answered', 200) : work()
}

function since(
  scene: ClientScene,
  at: {
    token: string
    doing: 'working' | 'training'
    body: FormBody
    problems: Parameters<typeof sincePage>[1]['problems']
  },
): Answer {
  return page('self-service/pages/since.njk', sincePage(scene, at), { status: at.problems.length > 0 ? 400 : 200 })
}

function message(scene: ClientScene, kind: 'thanks' | 'answered' | 'over' | 'unknown', status: number): Answer {
  return page('self-service/pages/message.njk', messagePage(scene, kind), { status })
}
