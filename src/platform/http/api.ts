// How a feature declares addresses that other systems call: a bearer token instead of a session, JSON instead of forms.
// No cookie is ever read here, so a browser that holds one can be made to do nothing.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { changeScope, inScope, type Database, type Db, type Scope } from '../db/index.ts'
import { isDeeperThan } from '../json.ts'
import { describeError } from '../log.ts'
import { readToken, type BearerToken } from '../secrets.ts'
import { NotAllowed, NotFound } from './errors.ts'
import type { Network, Work } from './scene.ts'
import { workIn, type WorkTools } from './work.ts'

/** Why the platform itself refuses a call; the feature says it in the words of its standard. */
export type ApiRefusal =
  | 'no_token'
  | 'not_allowed'
  | 'not_found'
  | 'too_many'
  | 'not_acceptable'
  | 'wrong_type'
  | 'too_large'
  | 'unreadable'
  | 'failed'

export interface ApiAnswer {
  readonly status: number
  /** Sent as JSON; left out where there is nothing to say. */
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiInput {
  readonly params: Readonly<Record<string, string | undefined>>
  /** Every parameter of the query as the list of its values. */
  readonly query: Readonly<Record<string, readonly string[]>>
  /** The JSON that came, unchecked; null without a body. */
  readonly body: unknown
  header(name: string): string | null
}

/** What a call works with: a transaction that acts as the bearer. */
export interface ApiScene<Bearer> extends Work {
  readonly bearer: Bearer
}

/** What all addresses of one interface have alike. */
export interface ApiManner<Bearer> {
  /** `/fhir/R4`. */
  readonly prefix: string
  /** Content types that are read; answers are of the first. */
  readonly types: readonly [string, ...string[]]
  readonly maxBytes: number
  /** For each token, made up or not; calls that bring none are counted by the address they come from. */
  readonly callsAMinute: number
  /** Looks the bearer up at the door, by the hash of the secret. Null: the token is unknown, over or revoked. */
  readonly find: (db: Db, token: BearerToken, now: Date) => Promise<Bearer | null>
  /** Whom the rest of the transaction acts as, and under which id what it did is recorded. */
  readonly become: (bearer: Bearer, networkId: Network['id']) => Scope
  readonly idOf: (bearer: Bearer) => string
  readonly refuse: (refusal: ApiRefusal) => object
}

export type ApiMethod = 'GET' | 'POST' | 'PUT'

export interface ApiRoutes<Bearer> {
  /** For everyone: what there is to know before one has a token. */
  open(path: string, handler: () => ApiAnswer): void
  /** For a bearer who may do this; `may` says whether the token reaches so far. */
  bearer(
    method: ApiMethod,
    path: string,
    may: (bearer: Bearer) => boolean,
    handler: (scene: ApiScene<Bearer>, input: ApiInput) => Promise<ApiAnswer>,
  ): void
}

export interface ApiTools extends WorkTools {
  readonly kysely: Kysely<Database>
  readonly networks: { byId(id: string): Promise<Network | null> }
}

const statuses: Readonly<Record<ApiRefusal, number>> = {
  no_token: 401,
  not_allowed: 403,
  not_found: 404,
  too_many: 429,
  not_acceptable: 406,
  wrong_type: 415,
  too_large: 413,
  unreadable: 400,
  failed: 500,
}
// Far deeper than any resource, and shallow enough that nothing that reads it runs out of stack.
const mostLevels = 40

/** Mounts an interface beside the pages. `declare` is called once, before the server is ready. */
export function mountApi<Bearer>(
  app: FastifyInstance,
  tools: ApiTools,
  manner: ApiManner<Bearer>,
  declare: (routes: ApiRoutes<Bearer>) => void,
): void {
  void app.register(
    async (inner) => {
      readJsonAlone(inner, manner)
      answerRefusals(inner, manner)
      const isTooMany = callCounter(manner.callsAMinute, tools.now)
      declare({
        open: (path, handler) => void inner.get(path, async (_request, reply) => send(reply, manner, handler())),
        bearer(method, path, may, handler) {
          inner.route({
            method,
            url: path,
            async handler(request, reply) {
              if (!acceptsJson(request.headers.accept)) return refuse(reply, manner, 'not_acceptable')
              const token = readToken(/^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1])
              if (isTooMany(token?.secretHash.toString('hex') ?? request.ip)) return refuse(reply, manner, 'too_many')
              const network = token && (await tools.networks.byId(token.networkId))
              if (!token || !network) return refuse(reply, manner, 'no_token')
              const answer = await inScope(tools.kysely, { role: 'door', networkId: network.id }, async (db) => {
                const bearer = await manner.find(db, token, tools.now())
                if (!bearer) return null
                if (!may(bearer)) throw new NotAllowed('The token does not reach so far.')
                await changeScope(db, manner.become(bearer, network.id))
                const work = workIn(db, network, () => ({ kind: 'partner', id: manner.idOf(bearer) }), tools)
                return handler({ ...work, bearer }, inputOf(request))
              })
              return answer ? send(reply, manner, answer) : refuse(reply, manner, 'no_token')
            },
          })
        },
      })
    },
    { prefix: manner.prefix },
  )
}

function readJsonAlone<Bearer>(inner: FastifyInstance, { types, maxBytes }: ApiManner<Bearer>): void {
  inner.removeAllContentTypeParsers()
  inner.addContentTypeParser([...types], { parseAs: 'string', bodyLimit: maxBytes }, (_request, text, done) => {
    const json = readJson(String(text))
    if (json === undefined) done(new Unreadable('The body is no JSON that can be read.'), undefined)
    else done(null, json)
  })
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** Undefined where the text is no JSON, or JSON that no database could keep. */
function readJson(text: string): unknown {
  // PostgreSQL keeps every character but NUL.
  if (text.includes('\\u0000') || text.includes('\u0000')) return undefined
  try {
    const json: unknown = JSON.parse(text.toWellFormed())
    return isDeeperThan(mostLevels, json) ? undefined : json
  } catch {
    return undefined
  }
}

function answerRefusals<Bearer>(inner: FastifyInstance, manner: ApiManner<Bearer>): void {
  inner.setNotFoundHandler((_request, reply) => refuse(reply, manner, 'not_found'))
  inner.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof NotFound) return refuse(reply, manner, 'not_found')
    if (error instanceof NotAllowed) return refuse(reply, manner, 'not_allowed')
    if (error instanceof Unreadable) return refuse(reply, manner, 'unreadable')
    if (error.statusCode === 415) return refuse(reply, manner, 'wrong_type')
    if (error.statusCode === 413) return refuse(reply, manner, 'too_large')
    if (error.statusCode !== undefined && error.statusCode < 500) return refuse(reply, manner, 'unreadable')
    request.log.error({ route: request.routeOptions.url ?? null, error: describeError(error) }, 'call failed')
    return refuse(reply, manner, 'failed')
  })
}

function refuse<Bearer>(reply: FastifyReply, manner: ApiManner<Bearer>, refusal: ApiRefusal): FastifyReply {
  if (refusal === 'no_token') void reply.header('www-authenticate', 'Bearer')
  if (refusal === 'too_many') void reply.header('retry-after', '60')
  return send(reply, manner, { status: statuses[refusal], body: manner.refuse(refusal) })
}

function send<Bearer>(reply: FastifyReply, { types }: ApiManner<Bearer>, answer: ApiAnswer): FastifyReply {
  void reply.code(answer.status).header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  for (const [name, value] of Object.entries(answer.headers ?? {})) void reply.header(name, value)
  if (answer.body === undefined) return reply.send()
  return reply.type(`${types[0]}; charset=utf-8`).send(JSON.stringify(answer.body))
}

function inputOf(request: FastifyRequest): ApiInput {
  const query = Object.entries(request.query as Record<string, string | string[]>).map(
    ([name, value]): [string, readonly string[]] => [name, typeof value === 'string' ? [value] : value],
  )
  return {
    params: request.params as Record<string, string | undefined>,
    query: Object.fromEntries(query),
    body: request.body ?? null,
    header(name) {
      const value = request.headers[name]
      return typeof value === 'string' ? value : null
    },
  }
}

/** Nobody who asks for anything but JSON is given it under another name. */
function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || accept === '' || /json|\*\/\*|application\/\*/i.test(accept)
}

/** Counts calls by minute, in this process; says whether one is beyond the allowance. */
function callCounter(most: number, now: () => Date): (caller: string) => boolean {
  let minute = 0
  let calls = new Map<string, number>()
  return (caller) => {
    const current = Math.floor(now().getTime() / 60_000)
    if (current !== minute) {
      minute = current
      calls = new Map()
    }
    const made = (calls.get(caller) ?? 0) + 1
    calls.set(caller, made)
    return made > most
  }
}
