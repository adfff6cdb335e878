// How features declare their pages: the platform finds out who asks, opens the transaction, and sends the answer.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { changeScope, inScope, type Db, type Scope, type StaffRole } from '../db/index.ts'
import { readToken, type BearerToken } from '../secrets.ts'
import type { Answer } from './answer.ts'
import {
  partnerEntrance,
  scopeOf,
  signInAddress,
  staffEntrance,
  type Entrance,
  type FindActor,
  type SignedIn,
} from './entrance.ts'
import { NotAllowed, NotFound } from './errors.ts'
import type { FormBody } from './form.ts'
import { presentingIn } from './presenting.ts'
import { refusalOf, refusalPage } from './refusal.ts'
import type { Network, OtherActor, PartnerActor, Scene, StaffActor } from './scene.ts'
import { sendAnswer, type Sending } from './sending.ts'
import { checkFormToken } from './tokens.ts'
import { takeUpload, type Upload } from './upload.ts'
import { workIn } from './work.ts'

export type Method = 'GET' | 'POST'

export interface Input<Params, Query> {
  readonly params: Params
  readonly query: Query
  readonly body: FormBody
  /** The file of a route declared with `upload`; it is removed when the request ends, unless it was moved away. */
  readonly upload: Upload | null
  readonly request: FastifyRequest
}

export interface RouteOptions<Params, Query> {
  /** A malformed address is one that does not exist: 404. */
  readonly params?: z.ZodType<Params>
  /** A malformed query is read as none where the schema has defaults, else 404. */
  readonly query?: z.ZodType<Query>
  /** Takes one file, at most so many bytes. */
  readonly upload?: { readonly maxBytes: number }
}

export interface StaffRouteOptions<Params, Query> extends RouteOptions<Params, Query> {
  /** One of these is needed; every signed-in person may when left out. */
  readonly roles?: readonly StaffRole[]
}

export interface PartnerRouteOptions<Params, Query> extends RouteOptions<Params, Query> {
  /** Only the lead of the team may. */
  readonly leadOnly?: boolean
}

export interface LinkRouteOptions<Params, Query, Bearer> extends RouteOptions<Params, Query> {
  /** Looks the bearer up at the door, by the hash of the secret. Null: there is no such link. */
  readonly find: (db: Db, token: BearerToken, now: Date) => Promise<Bearer | null>
  /** Whom the rest of the transaction acts as. */
  readonly become: (bearer: Bearer, token: BearerToken) => Scope
  /** What someone with a wrong or dead link sees. */
  readonly missing: (scene: Scene<OtherActor>, request: FastifyRequest) => Answer | Promise<Answer>
}

export type StaffHandler<P, Q> = (scene: Scene, input: Input<P, Q>) => Promise<Answer>
export type PartnerHandler<P, Q> = (scene: Scene<PartnerActor>, input: Input<P, Q>) => Promise<Answer>
export type OpenHandler<P, Q> = (scene: Scene<OtherActor>, input: Input<P, Q>) => Promise<Answer>
export type LinkHandler<P, Q, B> = (
  scene: Scene<OtherActor>,
  input: Input<P, Q> & { readonly bearer: B },
) => Promise<Answer>

/** Where a feature declares its pages. */
export interface Routes {
  staff<P = object, Q = object>(
    method: Method,
    path: string,
    options: StaffRouteOptions<P, Q>,
    handler: StaffHandler<P, Q>,
  ): void
  /** For a signed-in contact of a partner: the transaction acts as `waypost_partner`, for the contact's organisation. */
  partner<P = object, Q = object>(
    method: Method,
    path: string,
    options: PartnerRouteOptions<P, Q>,
    handler: PartnerHandler<P, Q>,
  ): void
  /** For nobody in particular: the transaction acts as the door, in the network of `:slug` or the only one. */
  open<P = object, Q = object>(
    method: Method,
    path: string,
    options: RouteOptions<P, Q>,
    handler: OpenHandler<P, Q>,
  ): void
  /** For the bearer of a link: the path contains `:token`. */
  link<P = object, Q = object, B = object>(
    method: Method,
    path: string,
    options: LinkRouteOptions<P, Q, B>,
    handler: LinkHandler<P, Q, B>,
  ): void
}

export interface RouteTools extends Sending {
  readonly networks: {
    byId(id: string): Promise<Network | null>
    bySlug(slug: string): Promise<Network | null>
    all(): Promise<readonly Network[]>
  }
  readonly findStaffActor: FindActor<StaffActor>
  readonly findPartnerActor: FindActor<PartnerActor>
}

export const localeCookie = 'waypost_locale'

const longestReturn = 1000

export function makeRoutes(app: FastifyInstance, tools: RouteTools): Routes {
  const add = (
    method: Method,
    path: string,
    run: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) => app.route({ method, url: path, handler: run })
  return {
    staff(method, path, options, handler) {
      const guard: Guard<StaffActor> = {
        entrance: staffEntrance,
        find: tools.findStaffActor,
        refuse: (actor) => refuseOtherRoles(actor, options.roles),
      }
      add(method, path, (request, reply) => serveSignedIn({ request, reply, tools, options }, guard, handler))
    },
    partner(method, path, options, handler) {
      const guard: Guard<PartnerActor> = {
        entrance: partnerEntrance,
        find: tools.findPartnerActor,
        refuse: ({ isLead }) => {
          if (options.leadOnly && !isLead) throw new NotAllowed('Needs the lead of the team.')
        },
      }
      add(method, path, (request, reply) => serveSignedIn({ request, reply, tools, options }, guard, handler))
    },
    open(method, path, options, handler) {
      add(method, path, (request, reply) => serveOpen({ request, reply, tools, options }, handler))
    },
    link(method, path, options, handler) {
      add(method, path, (request, reply) => serveLink({ request, reply, tools, options }, handler))
    },
  }
}

interface Exchange<Options> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly tools: RouteTools
  readonly options: Options
}

/** Who comes in by an entrance to a page. */
interface Guard<Actor extends SignedIn> {
  readonly entrance: Entrance
  readonly find: FindActor<Actor>
  /** Throws NotAllowed when this person may not see the page. */
  readonly refuse: (actor: Actor) => void
}

async function serveSignedIn<P, Q, Actor extends SignedIn>(
  exchange: Exchange<RouteOptions<P, Q>>,
  guard: Guard<Actor>,
  handler: (scene: Scene<Actor>, input: Input<P, Q>) => Promise<Answer>,
): Promise<FastifyReply> {
  const { request, reply, tools, options } = exchange
  const { entrance } = guard
  const token = readToken(request.cookies[entrance.sessionCookie])
  const network = token ? await tools.networks.byId(token.networkId) : null
  if (!token || !network) return toSignIn(exchange, entrance, null)
  if (options.upload && !(await mayCome(tools, guard, { token, network }))) {
    return toSignIn(exchange, entrance, network)
  }
  return withInput(exchange, async (input) => {
    let scene: Scene<Actor> | undefined
    const answer = await inScope(tools.kysely, { role: 'door', networkId: network.id }, async (db) => {
      const actor = await guard.find(db, token, tools.now())
      if (!actor) return null
      await changeScope(db, scopeOf(actor, network))
      scene = signedInScene(exchange, { db, network, actor })
      guard.refuse(actor)
      return handler(scene, input)
    }).catch((error: unknown) => {
      // Whoever is known here keeps the way to the other rooms.
      const refusal = refusalOf(error)
      if (scene === undefined || refusal === null) throw error
      return refusalPage(scene.words, refusal)
    })
    if (!answer || !scene) return toSignIn(exchange, entrance, network)
    return sendAnswer({ request, reply, tools }, answer, scene)
  })
}

/** Whether a session is alive, asked before a file is taken in: strangers write nothing to our disk. Throws NotAllowed. */
async function mayCome<Actor extends SignedIn>(
  tools: RouteTools,
  guard: Guard<Actor>,
  { token, network }: { token: BearerToken; network: Network },
): Promise<boolean> {
  const actor = await inScope(tools.kysely, { role: 'door', networkId: network.id }, (db) =>
    guard.find(db, token, tools.now()),
  )
  if (actor) guard.refuse(actor)
  return actor !== null
}

function refuseOtherRoles({ roles }: StaffActor, needed: readonly StaffRole[] | undefined): void {
  if (needed && !needed.some((role) => roles.includes(role))) throw new NotAllowed(`Needs ${needed.join(' or ')}.`)
}

function signedInScene<Actor extends SignedIn>(
  { request, tools }: Exchange<unknown>,
  at: { db: Db; network: Network; actor: Actor },
): Scene<Actor> {
  const locale = wantedLocale(request, tools) ?? at.actor.locale
  const work = workIn(at.db, at.network, () => at.actor, tools)
  return { ...work, ...presentingIn(tools.catalogues.in(locale), at.network.timeZone), actor: at.actor }
}

async function serveOpen<P, Q>(
  exchange: Exchange<RouteOptions<P, Q>>,
  handler: OpenHandler<P, Q>,
): Promise<FastifyReply> {
  const { request, reply, tools } = exchange
  const { slug } = request.params as { slug?: string }
  const all = await tools.networks.all()
  const network = slug === undefined ? (all.length === 1 ? all[0] : null) : await tools.networks.bySlug(slug)
  if (!network && slug !== undefined) throw new NotFound('There is no such network.')
  // Several networks and none named: the front page lists them.
  if (!network) return reply.redirect('/', 303)
  return withInput(exchange, async (input) => {
    let scene: Scene<OtherActor> | undefined
    const answer = await inScope(tools.kysely, { role: 'door', networkId: network.id }, async (db) => {
      scene = otherScene(exchange, { db, network, actor: () => ({ kind: 'door', id: null }) })
      return handler(scene, input)
    })
    return sendAnswer({ request, reply, tools }, answer, scene!)
  })
}

async function serveLink<P, Q, B>(
  exchange: Exchange<LinkRouteOptions<P, Q, B>>,
  handler: LinkHandler<P, Q, B>,
): Promise<FastifyReply> {
  const { request, reply, tools, options } = exchange
  void reply.header('referrer-policy', 'no-referrer')
  // Whoever pastes a link where robots read finds nothing of it in a search.
  void reply.header('x-robots-tag', 'noindex, nofollow, noarchive')
  const token = readToken((request.params as { token?: string }).token)
  const network = token ? await tools.networks.byId(token.networkId) : null
  const [only] = await tools.networks.all()
  const home = network ?? only
  if (!home) throw new NotFound('There is no network yet.')
  if (options.upload) {
    const refusal = await refuseStranger(exchange, { token: network && token, home })
    if (refusal) return refusal
  }
  return withInput(exchange, async (input) => {
    let scene: Scene<OtherActor> | undefined
    const answer = await inScope(tools.kysely, { role: 'door', networkId: home.id }, async (db) => {
      let actor: OtherActor = { kind: 'door', id: null }
      scene = otherScene(exchange, { db, network: home, actor: () => actor })
      const bearer = token && network ? await options.find(db, token, scene.now) : null
      if (!bearer || !token) return options.missing(scene, request)
      const scope = options.become(bearer, token)
      await changeScope(db, scope)
      if (scope.role !== 'staff' && scope.role !== 'partner') actor = { kind: scope.role, id: scope.actorId ?? null }
      scene = { ...scene, actor }
      return handler(scene, { ...input, bearer })
    })
    return sendAnswer({ request, reply, tools }, answer, scene!)
  })
}

/** Whoever holds no link writes no file to our disk: they are answered before it is taken in. Null for the bearer of one. */
async function refuseStranger<P, Q, B>(
  exchange: Exchange<LinkRouteOptions<P, Q, B>>,
  { token, home }: { readonly token: BearerToken | null; readonly home: Network },
): Promise<FastifyReply | null> {
  const { request, reply, tools, options } = exchange
  const refused = await inScope(tools.kysely, { role: 'door', networkId: home.id }, async (db) => {
    const scene = otherScene(exchange, { db, network: home, actor: () => ({ kind: 'door', id: null }) })
    const bearer = token && (await options.find(db, token, scene.now))
    return bearer ? null : { scene, answer: await options.missing(scene, request) }
  })
  return refused && sendAnswer({ request, reply, tools }, refused.answer, refused.scene)
}

function otherScene(
  { request, tools }: Exchange<unknown>,
  at: { db: Db; network: Network; actor: () => OtherActor },
): Scene<OtherActor> {
  const locale = wantedLocale(request, tools) ?? preferredLocale(request, tools) ?? at.network.locale
  const work = workIn(at.db, at.network, at.actor, tools)
  return { ...work, ...presentingIn(tools.catalogues.in(locale), at.network.timeZone), actor: at.actor() }
}

/** Reads what came with the request; checks the form's token before anything is done. */
async function withInput<P, Q>(
  exchange: Exchange<RouteOptions<P, Q>>,
  work: (input: Input<P, Q>) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { request, options, tools } = exchange
  // PostgreSQL keeps every character but NUL, which nobody types into an address.
  if (request.url.includes('%00')) throw new NotFound('The address is malformed.')
  const params = options.params ? parsed(options.params, request.params) : (request.params as P)
  const query = options.query ? parsed(options.query, request.query) : (request.query as Q)
  if (request.method !== 'POST') return work({ params, query, body: {}, upload: null, request })
  const { fields, upload, discard } = options.upload
    ? await takeUpload(request, options.upload, tools.uploadFolder)
    : { fields: (request.body ?? {}) as FormBody, upload: null, discard: async () => undefined }
  try {
    checkFormToken(request, fields['_csrf'])
    return await work({ params, query, body: fields, upload, request })
  } finally {
    await discard()
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (!read.success) throw new NotFound('The address is malformed.')
  return read.data
}

function toSignIn(
  { request, reply, tools }: Exchange<unknown>,
  entrance: Entrance,
  network: Network | null,
): FastifyReply {
  // Browsers keep no cookie of more than 4 kB, and give up on a page whose headers are much longer.
  if (request.method === 'GET' && request.url.length <= longestReturn)
    void reply.setCookie(entrance.returnCookie, request.url, { ...tools.cookies, maxAge: 900 })
  return reply.redirect(signInAddress(entrance, network), 303)
}

/** The language that this browser was told to use. */
function wantedLocale(request: FastifyRequest, { catalogues }: RouteTools): string | null {
  const chosen = request.cookies[localeCookie]
  return chosen && catalogues.locales.includes(chosen) ? chosen : null
}

function preferredLocale(request: FastifyRequest, { catalogues }: RouteTools): string | null {
  const accepted = request.headers['accept-language'] ?? ''
  const tags = accepted.split(',').map((part) => part.split(';')[0]?.trim().split('-')[0] ?? '')
  return tags.find((tag) => catalogues.locales.includes(tag)) ?? null
}
