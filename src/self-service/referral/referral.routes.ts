// A client's own page of one referral, by link: one thing a page, large type, no account and no script. A GET changes nothing
// and, until the button is pressed in this browser, shows nothing personal.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  file,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { newId, parseId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { clientLinkOfSecret, clientSide, type ClientLink, type KeptReferral } from '#referrals/index.ts'
import { goOn, isDead, isOpenHere } from '../opening.guard.ts'
import {
  appointmentPage,
  askPage,
  deadPage,
  doorPage,
  messagesPage,
  sharedPage,
  type Question,
} from './pages/referral.page.ts'

type ClientScene = Scene<OtherActor>

const opening = { cookie: 'waypost_own', purpose: 'self-service.opening' } as const
const mostWords = 2000
const tooLong = { field: 'words', key: 'platform.form.too_long', values: { max: mostWords } }
const messageMissing = { field: 'words', key: 'self-service.referral.message_missing' }

const bearer = {
  find: clientLinkOfSecret,
  become: (link: ClientLink) =>
    ({
      role: 'client',
      networkId: link.networkId,
      clientId: link.clientId,
      actorId: link.clientId,
      referralId: link.referralId,
    }) as const,
  missing: (scene: ClientScene) =>
    page('self-service/referral/pages/dead.njk', deadPage(scene, 'unknown'), { status: 404 }),
}
const own = { ...bearer, params: z.object({ token: z.string() }) }

export function ownReferralRoutes(routes: Routes, tools: { readonly keys: Keys; readonly publicUrl: string }): void {
  routes.link('GET', '/c/:token', own, async (scene, { bearer: link }) =>
    isDead(link, scene.now) ? dead(scene) : page('self-service/referral/pages/door.njk', doorPage(scene)),
  )

  routes.link('POST', '/c/:token', own, async (scene, { bearer: link, params }) => {
    if (isDead(link, scene.now)) return dead(scene)
    await clientSide.openAsClient(scene, link)
    return onwards(tools.keys, { scene, link, token: params.token, to: 'appointment' })
  })

  const shown = (path: string, answer: (at: Opened) => Answer | Promise<Answer>) =>
    routes.link('GET', `/c/:token/${path}`, own, (scene, { bearer: link, params, request }) =>
      whileOpen(tools, { scene, link, request, token: params.token }, answer),
    )

  shown('appointment', ({ scene, view, base }) =>
    page('self-service/referral/pages/appointment.njk', appointmentPage(scene, view, base)),
  )
  shown('shared', ({ scene, view, base }) =>
    page('self-service/referral/pages/shared.njk', sharedPage(scene, view, base)),
  )
  shown('messages', (at) =>
    page(
      'self-service/referral/pages/messages.njk',
      messagesPage(at.scene, at.view, { ...drawn(at), words: '', problems: [] }),
    ),
  )
  shown('cannot-come', (at) => asked(at, 'cannot_come'))
  shown('was-not-there', (at) => asked(at, 'was_not_there'))
  shown('stop', (at) => asked(at, 'stop'))
  shown('consent', (at) => asked(at, 'consent'))
  shown('appointment.ics', async ({ scene, kept, base, address }) => {
    const calendar = await clientSide.clientCalendar(scene, kept, address)
    return calendar === null
      ? redirect(`${base}/appointment`)
      : file('appointment.ics', 'text/calendar; charset=utf-8', calendar)
  })
  shown('letter.txt', ({ view: { letterText: text }, base }) =>
    text === null ? redirect(`${base}/appointment`) : file('appointment.txt', 'text/plain; charset=utf-8', text),
  )

  const said = (path: string, answer: (at: Opened, body: FormBody) => Promise<Answer>) =>
    routes.link('POST', `/c/:token/${path}`, own, (scene, { bearer: link, params, body, request }) =>
      whileOpen(tools, { scene, link, request, token: params.token }, (at) => answer(at, body)),
    )

  for (const about of ['cannot_come', 'was_not_there'] as const) {
    said(about.replaceAll('_', '-'), async (at, body) => {
      if (isTooLong(body)) return asked(at, about, body)
      const saying = { event: eventOf(at, body), words: wordsOf(body), about }
      const done = await clientSide.sayMissing(at.scene, at.link, saying)
      return thanked(tools.keys, at, done.ok ? 'cannot_come_done' : 'too_late')
    })
  }

  said('messages', async (at, body) => {
    const words = wordsOf(body)
    const problems = isTooLong(body) ? [tooLong] : words === null ? [messageMissing] : []
    if (problems.length > 0) {
      const model = messagesPage(at.scene, at.view, { ...drawn(at), words: words ?? '', problems })
      return page('self-service/referral/pages/messages.njk', model, { status: 400 })
    }
    const done = await clientSide.writeAsClient(at.scene, at.link, { event: eventOf(at, body), words })
    await clientSide.readAsClient(at.scene, at.link)
    const notice = at.scene.t(`self-service.referral.${done.ok ? 'message_done' : 'too_late'}`)
    return onwards(tools.keys, { ...at, to: 'messages', notice })
  })

  said('stop', async (at, body) => {
    if (isTooLong(body)) return asked(at, 'stop', body)
    const reason = clientSide.stopReasons.find((each) => each === textOf(body, 'reason')) ?? 'other'
    const saying = { event: eventOf(at, body), words: wordsOf(body), reason }
    const done = await clientSide.stopAsClient(at.scene, at.link, saying)
    return thanked(tools.keys, at, done.ok ? 'stop_done' : 'too_late')
  })

  said('consent', async (at) => {
    await clientSide.withdrawAsClient(at.scene, at.link)
    return thanked(tools.keys, at, 'consent_done')
  })
}
// messages: self-service.referral.message_missing, self-service.referral.message_done, self-service.referral.too_late
// messages: self-service.referral.cannot_come_done, self-service.referral.stop_done, self-service.referral.consent_done

interface Opened {
  readonly scene: ClientScene
  readonly link: ClientLink
  readonly kept: KeptReferral
  readonly view: clientSide.ClientView
  readonly token: string
  /** What the addresses of this client's pages begin with. */
  readonly base: string
  /** The whole address of their page. */
  readonly address: string
}

/** Goes on only in the browser in which somebody pressed "Show"; others are sent to that button. */
async function whileOpen(
  { keys, publicUrl }: { readonly keys: Keys; readonly publicUrl: string },
  at: Pick<Opened, 'scene' | 'link' | 'token'> & { readonly request: FastifyRequest },
  work: (at: Opened) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { scene, link, token, request } = at
  if (isDead(link, scene.now)) return dead(scene)
  const base = `/c/${token}`
  if (!isOpenHere(opening, { keys, request, link, now: scene.now })) return redirect(base)
  const address = `${publicUrl}${base}`
  const found = await clientSide.clientView(scene, link, address)
  return found ? work({ scene, link, token, base, address, ...found }) : dead(scene)
}

/** Goes on with the page opened in this browser for another half hour. */
function onwards(
  keys: Keys,
  { scene, link, token, ...on }: Pick<Opened, 'scene' | 'link' | 'token'> & { to: string; notice?: string },
): Answer {
  return goOn(opening, { keys, link, now: scene.now }, { path: `/c/${token}`, to: on.to, notice: on.notice })
}

function thanked(keys: Keys, at: Opened, key: string): Answer {
  return onwards(keys, { ...at, to: 'appointment', notice: at.scene.t(`self-service.referral.${key}`) })
}

/** One question; where it is too late for it, the page itself says how things stand. With what was sent: it was too long. */
function asked(at: Opened, question: Question, body: FormBody | null = null): Answer {
  const { view, base, scene } = at
  const isOpen = {
    cannot_come: view.isAhead && !view.hasEnded,
    was_not_there: view.mayHaveMissed,
    stop: view.mayStop,
    consent: !view.isWithdrawn,
  }
  if (!isOpen[question]) return redirect(`${base}/appointment`)
  const model = askPage(scene, view, {
    question,
    ...drawn(at),
    words: (body && wordsOf(body)) ?? '',
    reason: body ? textOf(body, 'reason') : '',
    problems: body ? [tooLong] : [],
  })
  return page('self-service/referral/pages/ask.njk', model, { status: body ? 400 : 200 })
}

function drawn({ base, scene }: Opened) {
  return { base, event: newId<'referral_event'>(scene.now.getTime()) }
}

function eventOf({ scene }: Opened, body: FormBody) {
  return parseId<'referral_event'>(textOf(body, 'event')) ?? newId<'referral_event'>(scene.now.getTime())
}

function wordsOf(body: FormBody): string | null {
  return textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n') || null
}

function isTooLong(body: FormBody): boolean {
  return (wordsOf(body)?.length ?? 0) > mostWords
}

function dead(scene: ClientScene): Answer {
  return page('self-service/referral/pages/dead.njk', deadPage(scene, 'over'), { status: 410 })
}
