// Sends an answer, once its transaction is committed.

import path from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../db/index.ts'
import { isRightToLeft, type Catalogues } from '../i18n/index.ts'
import { sign, unsign, type Keys } from '../secrets.ts'
import type { Render } from '../ui/render.ts'
import type { Answer } from './answer.ts'
import type { Network, OtherActor, PartnerActor, Scene, StaffActor } from './scene.ts'
import { formToken, type CookieManner } from './tokens.ts'
import type { WorkTools } from './work.ts'

export interface Sending extends WorkTools {
  readonly kysely: Kysely<Database>
  readonly catalogues: Catalogues
  readonly keys: Keys
  readonly render: Render
  readonly cookies: CookieManner
  readonly uploadFolder: string
  /** What a signed-in partner goes to; the first is where their day begins. */
  readonly partnerRooms: readonly Room[]
  /** Addresses of style sheet and scripts, each with its content's hash. */
  readonly assets: Readonly<Record<string, string>>
}

/** A place of the navigation: its address and the key of its name. */
export interface Room {
  readonly href: string
  readonly key: string
  /** Addresses of its own pages that do not begin with `href`: a client's referral lies in the clients' room. */
  readonly holds?: readonly string[]
  /** Shown to the lead of a team alone. */
  readonly leadOnly?: boolean
}

const noticeCookie = 'waypost_notice'
// In letters of three bytes, written in base 64, this is what a browser's 4 kB for a cookie hold.
const longestNotice = 800
const longestFileName = 100

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly tools: Sending
}

export type AnyScene = Pick<Scene, 'words'> & {
  readonly network: Network | null
  readonly actor: StaffActor | PartnerActor | OtherActor
}

/** Sends the answer. Pages and files hold people's data: no cache keeps them. */
export function sendAnswer(exchange: Exchange, answer: Answer, scene: AnyScene): FastifyReply {
  const { reply, tools } = exchange
  void reply.header('cache-control', 'no-store')
  switch (answer.kind) {
    case 'page':
      return sendPage(exchange, answer, scene)
    case 'redirect':
      for (const { name, value, path, maxAgeSeconds } of answer.cookies) {
        if (value === null) void reply.clearCookie(name, { ...tools.cookies, path })
        else
          void reply.setCookie(name, value, {
            ...tools.cookies,
            path,
            ...(maxAgeSeconds ? { maxAge: maxAgeSeconds } : {}),
          })
      }
      if (answer.notice !== undefined) {
        const notice = shortened(answer.notice, longestNotice)
        void reply.setCookie(noticeCookie, sign(tools.keys, 'notice', notice), { ...tools.cookies, maxAge: 60 })
      }
      return reply.redirect(answer.to, 303)
    case 'file':
      return (
        reply
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName(answer.name))}`)
          // Should a browser open it all the same: without scripts, forms, or an origin of ours.
          .header('content-security-policy', 'sandbox')
          .type(answer.type)
          .send(answer.content)
      )
  }
}

/** The end tells what kind of file it is, so a long name is cut in the middle. */
function fileName(name: string): string {
  const { name: stem, ext } = path.parse(name)
  return `${shortened(stem, longestFileName)}${ext}`.toWellFormed()
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

function sendPage(exchange: Exchange, answer: Extract<Answer, { kind: 'page' }>, scene: AnyScene): FastifyReply {
  const { request, reply, tools } = exchange
  const { network, actor } = scene
  const words = answer.words ?? scene.words
  // An address that the router cannot read comes without cookies.
  const notice = unsign(tools.keys, 'notice', request.cookies?.[noticeCookie])
  if (notice !== null) void reply.clearCookie(noticeCookie, tools.cookies)
  const html = tools.render(answer.template, answer.model, {
    words,
    csrf: () => formToken(request, reply, tools.cookies),
    lang: words.locale,
    dir: isRightToLeft(words.locale) ? 'rtl' : 'ltr',
    network,
    staff: actor.kind === 'staff' ? actor : null,
    partner: actor.kind === 'partner' ? actor : null,
    navigation: marked(roomsOf(actor, tools.partnerRooms), request.url),
    notice,
    assets: tools.assets,
    requestId: request.id,
  })
  return reply.code(answer.status).type('text/html; charset=utf-8').send(html)
}

const staffRooms = [
  { href: '/today', key: 'platform.nav.today', roles: ['adviser', 'manager'] },
  {
    href: '/clients',
    key: 'platform.nav.clients',
    holds: ['/referrals', '/assessments'],
    roles: ['adviser', 'manager'],
  },
  { href: '/services', key: 'platform.nav.services', roles: ['adviser', 'manager', 'administrator'] },
  { href: '/partners', key: 'platform.nav.partners', roles: ['adviser', 'manager', 'administrator'] },
  { href: '/places', key: 'platform.nav.places', roles: ['adviser', 'manager', 'administrator'] },
  { href: '/insights', key: 'platform.nav.insights', roles: ['manager', 'evaluator', 'administrator'] },
  { href: '/settings', key: 'platform.nav.settings', roles: ['administrator'] },
] as const

// messages: platform.nav.*

function roomsOf(actor: AnyScene['actor'], partnerRooms: readonly Room[]): readonly Room[] {
  if (actor.kind === 'partner') return partnerRooms.filter(({ leadOnly }) => leadOnly !== true || actor.isLead)
  if (actor.kind !== 'staff') return []
  return staffRooms.filter((room) => room.roles.some((role) => actor.roles.includes(role)))
}

function marked(rooms: readonly Room[], url: string): object[] {
  const leadsTo = (href: string) => url === href || url.startsWith(`${href}/`) || url.startsWith(`${href}?`)
  return rooms.map(({ href, key, holds = [] }) => ({ href, key, isCurrent: [href, ...holds].some(leadsTo) }))
}
