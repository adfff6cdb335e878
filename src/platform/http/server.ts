// The web server: Fastify with its safety belts, the assets, the health pages and the one error handler.

import fs from 'node:fs'
import path from 'node:path'
import { createHash } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import staticFiles from '@fastify/static'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Logger } from 'pino'
import { newReference } from '../ids.ts'
import { describeError } from '../log.ts'
import { StaleForm } from './errors.ts'
import { page } from './answer.ts'
import { partnerEntrance, staffEntrance } from './entrance.ts'
import { refusalOf, refusalPage, type RefusalKind } from './refusal.ts'
import { localeCookie, makeRoutes, type Routes, type RouteTools } from './routes.ts'
import { sendAnswer } from './sending.ts'

const source = path.join(import.meta.dirname, '..', '..')
const modules = path.join(source, '..', 'node_modules')

export interface ServerSettings {
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
}

export interface Server {
  readonly app: FastifyInstance
  readonly routes: Routes
}

/** Makes the server; the caller mounts features on `routes`, then listens or injects. */
export async function makeServer(tools: Omit<RouteTools, 'assets'> & ServerSettings, log: Logger): Promise<Server> {
  // Named, so that the instance is of the plain kind that features know.
  const loggerInstance: FastifyBaseLogger = log
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newReference('E'),
    // An open page keeps its connection; a stop waits for requests, not for idle connections.
    forceCloseConnections: 'idle',
    bodyLimit: 1_000_000,
    // Behind a proxy every request comes from the proxy: the rate limit of signing in needs the sender's own address.
    trustProxy: tools.trustedProxies.length > 0 ? [...tools.trustedProxies] : false,
    routerOptions: { maxParamLength: 300 },
    // An address that the router cannot read meets none of the hooks below.
    frameworkErrors: (_error, request, reply) => {
      setSafetyHeaders(reply, tools.cookies.secure)
      void sendRefusal({ request, reply, tools: allTools }, 'not_found')
    },
  })
  // Forms alone are read: every value of a body is a text or a list of texts.
  app.removeContentTypeParser(['application/json', 'text/plain'])
  await app.register(cookie)
  await app.register(formbody)
  await app.register(multipart)
  const allTools: RouteTools = { ...tools, assets: await serveAssets(app) }
  app.addHook('onSend', async (_request, reply) => setSafetyHeaders(reply, tools.cookies.secure))
  logRequests(app)
  serveHealth(app, allTools)
  serveFront(app, allTools)
  servePartnersFront(app, allTools)
  serveErrors(app, allTools)
  return { app, routes: makeRoutes(app, allTools) }
}

const contentPolicy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"],
  ...["connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

function setSafetyHeaders(reply: FastifyReply, isSecure: boolean): void {
  // A file brings its own, which is stricter.
  if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', contentPolicy)
  void reply.header('x-content-type-options', 'nosniff')
  void reply.header('cross-origin-opener-policy', 'same-origin')
  if (!reply.hasHeader('referrer-policy')) void reply.header('referrer-policy', 'same-origin')
  if (isSecure) void reply.header('strict-transport-security', 'max-age=31536000')
}

/** One line a request: the route's pattern, never the path. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.url?.startsWith('/assets/')) return
    request.log.info(
      {
        route: request.routeOptions.url ?? null,
        method: request.method,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
}

function serveHealth(app: FastifyInstance, { kysely }: RouteTools): void {
  app.get('/healthz', async () => 'ok')
  app.get('/readyz', async (_request, reply) => {
    try {
      await kysely.selectFrom('networks').select('id').limit(1).execute()
      return 'ready'
    } catch {
      return reply.code(503).send('the database does not answer')
    }
  })
}

/** The first page: one's own first page, the sign-in of the only network, or the choice between several. */
function serveFront(app: FastifyInstance, tools: RouteTools): void {
  app.get('/', async (request, reply) => {
    if (request.cookies[staffEntrance.sessionCookie]) return reply.redirect(staffEntrance.home, 303)
    if (request.cookies[partnerEntrance.sessionCookie]) return reply.redirect(partnerEntrance.home, 303)
    const networks = await tools.networks.all()
    if (networks.length === 1) return reply.redirect('/sign-in', 303)
    const words = tools.catalogues.in(request.cookies[localeCookie] ?? 'en')
    const title = words.t('platform.front.title')
    const model = { title, networks: networks.map(({ slug, name }) => ({ name, href: `/n/${slug}/sign-in` })) }
    return sendAnswer({ request, reply, tools }, page('platform/ui/pages/front.njk', model), {
      words,
      network: null,
      actor: { kind: 'door', id: null },
    })
  })
}

/** Where a partner's day begins: the first of the rooms. */
function servePartnersFront(app: FastifyInstance, { partnerRooms }: RouteTools): void {
  const [first] = partnerRooms
  if (first) app.get(partnerEntrance.home, async (_request, reply) => reply.redirect(first.href, 303))
}

function serveErrors(app: FastifyInstance, tools: RouteTools): void {
  app.setNotFoundHandler((request, reply) => sendRefusal({ request, reply, tools }, 'not_found'))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = error instanceof StaleForm ? 'stale_form' : refusalOf(error)
    if (refusal !== null) return sendRefusal({ request, reply, tools }, refusal)
    if (error.statusCode !== undefined && error.statusCode < 500)
      return sendRefusal({ request, reply, tools }, 'unusable', error.statusCode)
    request.log.error({ route: request.routeOptions.url ?? null, error: describeError(error) }, 'request failed')
    return sendRefusal({ request, reply, tools }, 'failed')
  })
}

function sendRefusal(
  { request, reply, tools }: { request: FastifyRequest; reply: FastifyReply; tools: RouteTools },
  kind: RefusalKind,
  status?: number,
): FastifyReply {
  const words = tools.catalogues.in(request.cookies?.[localeCookie] ?? 'en')
  const reference = kind === 'failed' ? request.id : null
  const answer = refusalPage(words, kind, { reference, ...(status === undefined ? {} : { status }) })
  return sendAnswer({ request, reply, tools }, answer, { words, network: null, actor: { kind: 'door', id: null } })
}

/** Style sheet, scripts and pictures under `/assets/`, with a hash in the address so that browsers may keep them. */
async function serveAssets(app: FastifyInstance): Promise<Record<string, string>> {
  const built = path.join(modules, '.cache', 'waypost', 'assets')
  const folders: [string, string][] = [
    ['/assets/ui/', built],
    ['/assets/govuk/', path.join(modules, 'govuk-frontend', 'dist', 'govuk')],
    ['/assets/webauthn/', path.join(modules, '@simplewebauthn', 'browser', 'dist', 'bundle')],
    ...fs
      .readdirSync(source)
      .map((feature): [string, string] => [`/assets/${feature}/`, path.join(source, feature, 'assets')])
      .filter(([, folder]) => fs.existsSync(folder)),
  ]
  for (const [prefix, root] of folders) {
    await app.register(staticFiles, {
      root,
      prefix,
      decorateReply: false,
      immutable: true,
      maxAge: '365d',
      index: false,
    })
  }
  const address = (prefix: string, folder: string, name: string) => {
    const hash = createHash('sha256')
      .update(fs.readFileSync(path.join(folder, name)))
      .digest('hex')
      .slice(0, 12)
    return `${prefix}${name}?v=${hash}`
  }
  const own = path.join(source, 'platform', 'assets')
  return {
    styles: address('/assets/ui/', built, 'waypost.css'),
    script: address('/assets/platform/', own, 'waypost.js'),
    passkeys: address('/assets/platform/', own, 'passkeys.js'),
    icon: address('/assets/platform/', own, 'icon.svg'),
  }
}
