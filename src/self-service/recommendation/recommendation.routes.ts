// A client's own view of a recommendation, by link: why these services, what is known of them, what they can say to it. One thing
// a page, large type, no account and no script, in their language. A GET changes nothing and, until the button is pressed in this
// browser, shows nothing personal.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { forClient, type ViewLink } from '#matching/index.ts'
import {
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { Catalogues } from '#platform/i18n/index.ts'
import { newId, parseId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { goOn, isDead, isOpenHere } from '../opening.guard.ts'
import { askPage, deadPage, doorPage, whyPage, wrongPage } from './pages/recommendation.page.ts'

type ClientScene = Scene<OtherActor>

const opening = { cookie: 'waypost_options', purpose: 'self-service.options' } as const
const mostWords = 1000
const root = '/c/options/:token'

export interface OwnViewTools {
  readonly keys: Keys
  readonly catalogues: Catalogues
}

const bearer = {
  find: forClient.viewLinkOfSecret,
  become: (link: ViewLink) =>
    ({ role: 'client', networkId: link.networkId, clientId: link.clientId, actorId: link.clientId }) as const,
  missing: (scene: ClientScene) =>
    page('self-service/recommendation/pages/dead.njk', deadPage(scene, 'unknown'), { status: 404 }),
}
const own = { ...bearer, params: z.object({ token: z.string() }) }
const withFact = { ...own, query: z.object({ fact: z.string().catch('').default('') }) }

export function ownRecommendationRoutes(routes: Routes, tools: OwnViewTools): void {
  routes.link('GET', root, own, async (scene, { bearer: link }) => {
    const speech = speechOf(tools, scene, link)
    return isDead(link, scene.now)
      ? dead(tools, scene, link)
      : page('self-service/recommendation/pages/door.njk', doorPage(speech, scene), { words: speech.words })
  })

  routes.link('POST', root, own, async (scene, { bearer: link, params }) => {
    if (isDead(link, scene.now)) return dead(tools, scene, link)
    await forClient.openAsClient(scene, link)
    return onwards(tools, { scene, link, token: params.token })
  })

  routes.link('GET', `${root}/why`, own, (scene, { bearer: link, params, request }) =>
    whileOpen(tools, { scene, link, request, token: params.token }, (at) =>
      page(
        'self-service/recommendation/pages/why.njk',
        whyPage(at.speech, { ...at, timeZone: scene.network.timeZone }),
        {
          words: at.speech.words,
        },
      ),
    ),
  )

  routes.link('GET', `${root}/wrong`, withFact, (scene, { bearer: link, params, query, request }) =>
    whileOpen(tools, { scene, link, request, token: params.token }, (at) => wrong(at, { fact: query.fact }, [])),
  )

  routes.link('POST', `${root}/wrong`, withFact, (scene, { bearer: link, params, body, request }) =>
    whileOpen(tools, { scene, link, request, token: params.token }, async (at) => {
      const fact = textOf(body, 'fact')
      const isKnown = fact === 'other' || at.view.facts.some(({ code }) => code === fact)
      const problems = [
        ...(isKnown ? [] : [{ field: 'fact', key: 'self-service.recommendation.wrong_which_missing' }]),
        ...wordsProblems(body, 'self-service.recommendation.wrong_words_missing'),
      ]
      if (problems.length > 0) return wrong(at, body, problems)
      const asking = { kind: 'correction', fact: fact === 'other' ? null : fact } as const
      return ask(tools, at, body, asking)
    }),
  )

  routes.link('GET', `${root}/again`, own, (scene, { bearer: link, params, request }) =>
    whileOpen(tools, { scene, link, request, token: params.token }, (at) => again(at, {}, [])),
  )

  routes.link('POST', `${root}/again`, own, (scene, { bearer: link, params, body, request }) =>
    whileOpen(tools, { scene, link, request, token: params.token }, async (at) => {
      const problems = wordsProblems(body, null)
      return problems.length > 0 ? again(at, body, problems) : ask(tools, at, body, { kind: 'look_again', fact: null })
    }),
  )
}
// messages: self-service.recommendation.*

interface Opened extends forClient.OpenView {
  readonly scene: ClientScene
  readonly link: ViewLink
  readonly token: string
  readonly speech: forClient.ClientSpeech
  /** What the addresses of this client's pages begin with. */
  readonly base: string
}

/** Goes on only in the browser in which somebody pressed "Show"; others are sent to that button. */
async function whileOpen(
  tools: OwnViewTools,
  at: Pick<Opened, 'scene' | 'link' | 'token'> & { readonly request: FastifyRequest },
  work: (at: Opened) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { scene, link, token, request } = at
  if (isDead(link, scene.now)) return dead(tools, scene, link)
  const base = `/c/options/${token}`
  if (!isOpenHere(opening, { keys: tools.keys, request, link, now: scene.now })) return redirect(base)
  const found = await forClient.openView(scene, link)
  const speech = speechOf(tools, scene, link)
  return found ? work({ scene, link, token, base, speech, ...found }) : dead(tools, scene, link)
}

/** Goes on with the page opened in this browser for another half hour. */
function onwards(
  { keys }: OwnViewTools,
  { scene, link, token, notice }: Pick<Opened, 'scene' | 'link' | 'token'> & { readonly notice?: string },
): Answer {
  return goOn(opening, { keys, link, now: scene.now }, { path: `/c/options/${token}`, to: 'why', notice })
}

async function ask(
  tools: OwnViewTools,
  at: Opened,
  body: FormBody,
  asking: Pick<forClient.Asking, 'kind' | 'fact'>,
): Promise<Answer> {
  const id = parseId<'client_question'>(textOf(body, 'question')) ?? newId<'client_question'>(at.scene.now.getTime())
  const became = await forClient.askAsClient(at.scene, at.link, { ...asking, id, words: wordsOf(body) })
  const notice = at.speech.t(`self-service.recommendation.${became}`)
  return onwards(tools, { ...at, notice })
}

function wrong(at: Opened, body: FormBody, problems: readonly FieldProblem[]): Answer {
  const model = wrongPage(at.speech, { ...drawn(at), view: at.view, body, problems })
  return page('self-service/recommendation/pages/wrong.njk', model, {
    words: at.speech.words,
    status: problems.length > 0 ? 400 : 200,
  })
}

function again(at: Opened, body: FormBody, problems: readonly FieldProblem[]): Answer {
  const model = askPage(at.speech, { ...drawn(at), view: at.view, body, problems })
  return page('self-service/recommendation/pages/again.njk', model, {
    words: at.speech.words,
    status: problems.length > 0 ? 400 : 200,
  })
}

function drawn({ base, scene }: Opened) {
  return { base, question: newId<'client_question'>(scene.now.getTime()) }
}

function wordsOf(body: FormBody): string {
  return textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n').trim()
}

function wordsProblems(body: FormBody, missing: string | null): readonly FieldProblem[] {
  const { length } = wordsOf(body)
  if (length > mostWords) return [{ field: 'words', key: 'platform.form.too_long', values: { max: mostWords } }]
  return length === 0 && missing !== null ? [{ field: 'words', key: missing }] : []
}

function speechOf({ catalogues }: OwnViewTools, scene: ClientScene, link: ViewLink) {
  return forClient.speechIn(catalogues, link.locale, scene.network)
}

function dead(tools: OwnViewTools, scene: ClientScene, link: ViewLink): Answer {
  const speech = speechOf(tools, scene, link)
  return page('self-service/recommendation/pages/dead.njk', deadPage(speech, 'over'), {
    words: speech.words,
    status: 410,
  })
}
