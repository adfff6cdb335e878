// The exchange for partners' own systems: referrals to them as FHIR R4 over REST, and the people whom they send to us.

import type { OperationOutcome } from '@medplum/fhirtypes'
import type { FastifyInstance } from 'fastify'
import { organizationNames } from '#directory/index.ts'
import { findContact } from '#partners/index.ts'
import type { Db } from '#platform/db/index.ts'
import {
  mountApi,
  type ApiAnswer,
  type ApiInput,
  type ApiManner,
  type ApiRefusal,
  type ApiScene,
  type ApiTools,
} from '#platform/http/api.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { conversationOf } from '../conversation/referral-messages.store.ts'
import { showsPerson } from '../pages/timeline.page.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import type { ApiBearer, ApiScope } from './api-token.ts'
import { bearerOfToken } from './api-tokens.store.ts'
import { capabilityStatement } from './capability.ts'
import { basePath } from './codes.ts'
import { changedReferrals, partnerDueOn } from './exchange.store.ts'
import { incomingRequestOf, incomingStatusesOf, incomingTaskOf, type IncomingReferral } from './incoming-referral.ts'
import { readIncoming } from './incoming-request.ts'
import { changedIncoming, findIncoming, keepIncoming, takeBackIncoming } from './incoming.store.ts'
import { outcomeOf, type Issue } from './outcome.ts'
import { patientOf, serviceRequestOf } from './service-request.ts'
import { readSearch, searchset, statesOf, type TaskSearch } from './task-search.ts'
import { readTask, type IncomingTask } from './task-update.ts'
import { takeUpdate, versionNamed } from './task-update.acts.ts'
import { etagOf, lastUpdatedOf, taskOf, versionOf } from './task.ts'

type Scene = ApiScene<ApiBearer>

/** As large as a Bundle for one person ever is, many times over. */
const mostBytes = 256_000
/** Ten a second in bursts of a minute: a system that polls asks once. */
const callsAMinute = 600

export function exchangeRoutes(app: FastifyInstance, tools: ApiTools, { publicUrl }: { publicUrl: string }): void {
  const started = tools.now().toISOString()
  mountApi(app, tools, manner, (routes) => {
    routes.open('/metadata', () => ({ status: 200, body: capabilityStatement(publicUrl, started) }))
    routes.bearer('GET', '/Task', may('read'), (scene, input) => listTasks(scene, input, publicUrl))
    routes.bearer('GET', '/Task/:id', may('read'), (scene, { params }) => readOne(scene, params['id'], 'Task'))
    routes.bearer('GET', '/ServiceRequest/:id', may('read'), (scene, { params }) =>
      readOne(scene, params['id'], 'ServiceRequest'),
    )
    routes.bearer('GET', '/Patient/:id', may('read'), (scene, { params }) => readOne(scene, params['id'], 'Patient'))
    routes.bearer('PUT', '/Task/:id', may('answer'), putTask)
    routes.bearer('POST', '/ServiceRequest', may('refer'), (scene, { body }) => takeIncoming(scene, body, publicUrl))
    routes.bearer('POST', '/', may('refer'), (scene, { body }) => takeIncoming(scene, body, publicUrl))
  })
}

const refusals: Readonly<Record<ApiRefusal, Issue>> = {
  no_token: { code: 'login', says: 'A token is needed that is known here, not over and not revoked.' },
  not_allowed: { code: 'forbidden', says: 'The token does not reach so far.' },
  not_found: { code: 'not-found', says: 'There is no such thing here.' },
  too_many: { code: 'throttled', says: 'Too many calls in one minute. Wait until the next.' },
  not_acceptable: { code: 'not-supported', says: 'Answers are application/fhir+json.' },
  wrong_type: { code: 'not-supported', says: 'Content is taken as application/fhir+json or application/json.' },
  too_large: { code: 'too-long', says: `At most ${mostBytes} bytes are taken.` },
  unreadable: { code: 'structure', says: 'The body is no JSON that can be read.' },
  failed: { code: 'exception', says: 'Something failed here. Try again later.' },
}

const manner: ApiManner<ApiBearer> = {
  prefix: basePath,
  types: ['application/fhir+json', 'application/json'],
  maxBytes: mostBytes,
  callsAMinute,
  find: bearerAtDoor,
  // Nobody is signed in: no actor id, and so none of what only a person or a lead may do.
  become: ({ organizationId }, networkId) => ({ role: 'partner', networkId, organizationId }),
  idOf: ({ tokenId }) => tokenId,
  refuse: (refusal): OperationOutcome => outcomeOf(refusals[refusal]),
}

/** A token works as long as whoever made it has an account: who leaves takes no way in along. */
async function bearerAtDoor(db: Db, token: BearerToken, now: Date): Promise<ApiBearer | null> {
  const bearer = await bearerOfToken(db, token, now)
  const maker = bearer && (await findContact(db, bearer.madeBy))
  return maker?.state === 'active' ? bearer : null
}

function may(scope: ApiScope): (bearer: ApiBearer) => boolean {
  return ({ scopes }) => scopes.includes(scope)
}

async function listTasks(scene: Scene, { query }: ApiInput, base: string): Promise<ApiAnswer> {
  const search = readSearch(query, scene.bearer.organizationId)
  if (!search.ok) return refusedWith(400, search.problem)
  const found = search.value.as === 'owner' ? await toThem(scene, search.value) : await fromThem(scene, search.value)
  return { status: 200, body: searchset(found, { base, query, count: search.value.count }) }
}

async function toThem(scene: Scene, { statuses, ...search }: TaskSearch) {
  const question = questionOf(search)
  const list = await changedReferrals(scene.db, statuses ? { ...question, states: statesOf(statuses) } : question)
  return list.map(({ file, referral }) => ({
    resource: taskOf({ file, referral, sender: null, notes: null, dueOn: null, timeZone: scene.network.timeZone }),
    at: lastUpdatedOf(referral),
    id: file.id,
  }))
}

async function fromThem(scene: Scene, { statuses, ...search }: TaskSearch) {
  const question = questionOf(search)
  const list = await changedIncoming(
    scene.db,
    statuses ? { ...question, statuses: incomingStatusesOf(statuses) } : question,
  )
  return list.map((request) => ({
    resource: incomingTaskOf(request, scene.network.name),
    at: request.updatedAt,
    id: request.id,
  }))
}

function questionOf({ since, until, after, count }: Omit<TaskSearch, 'statuses'>) {
  return {
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
    ...(after ? { after } : {}),
    // One more tells whether there is a next page.
    most: count + 1,
  }
}

async function readOne(
  scene: Scene,
  said: string | undefined,
  type: 'Task' | 'ServiceRequest' | 'Patient',
): Promise<ApiAnswer> {
  const id = parseId<'referral'>(said)
  const kept = id && (await findVisible(scene, id))
  if (id && kept) {
    await scene.record('referrals.read_by_system', {
      clientId: kept.file.clientId,
      subjectId: id,
      facts: { resource: type },
    })
    return resourceOf(scene, kept, type)
  }
  const incoming = id && type !== 'Patient' ? await findIncoming(scene.db, id) : undefined
  if (!incoming) return answerRefusal('not_found', 404)
  const body = type === 'Task' ? incomingTaskOf(incoming, scene.network.name) : incomingRequestOf(incoming)
  return { status: 200, body, headers: { etag: etagOf(incoming.version) } }
}

/** A draft has not been sent to anybody. */
async function findVisible(scene: Scene, id: ReferralId): Promise<KeptReferral | null> {
  const kept = await findReferral(scene.db, id)
  return kept && kept.referral.state !== 'drafted' ? kept : null
}

async function resourceOf(
  scene: Scene,
  { file, referral }: KeptReferral,
  type: 'Task' | 'ServiceRequest' | 'Patient',
): Promise<ApiAnswer> {
  const headers = { etag: etagOf(versionOf(referral)), 'last-modified': lastUpdatedOf(referral).toUTCString() }
  const share = await findShare(scene.db, file.id)
  const source = {
    // As on the pages: who the person is, is needed no longer once it has ended.
    entries: showsPerson(referral) ? (share?.entries ?? null) : null,
    ...{ file, referral, sharedAt: share?.sharedAt ?? null },
    senderName: share ? share.senderName : null,
  }
  if (type === 'ServiceRequest') return { status: 200, body: serviceRequestOf(source), headers }
  if (type === 'Patient') return { status: 200, body: patientOf(source), headers }
  const messages = showsPerson(referral) ? await conversationOf(scene.db, file.id, 'partner') : []
  const names = new Map(referral.events.map((event) => [String(event.id), event.actor.name]))
  const body = taskOf({
    ...{ file, referral, timeZone: scene.network.timeZone, dueOn: await partnerDueOn(scene.db, file.id) },
    sender: share ? { name: share.senderName, email: share.senderEmail, site: share.siteName } : null,
    notes: messages.map(({ eventId, words, at }) => ({ words, at, from: names.get(eventId) ?? '' })),
  })
  return { status: 200, body, headers }
}

async function putTask(scene: Scene, { params, body, header }: ApiInput): Promise<ApiAnswer> {
  const id = parseId<'referral'>(params['id'])
  const seen = versionNamed(header('if-match'))
  if (!id || seen === null) return putChecked(scene, id, body, null)
  if (seen === undefined)
    return refusedWith(400, [{ code: 'value', says: 'If-Match is expected as W/"<version>", as the ETag gave it.' }])
  return putChecked(scene, id, body, seen)
}

async function putChecked(scene: Scene, id: ReferralId | null, body: unknown, seen: number | null): Promise<ApiAnswer> {
  if (!id) return answerRefusal('not_found', 404)
  const task = readTask(body)
  if (!task.ok) return refusedWith(422, task.problem)
  if (!(await findVisible(scene, id))) return putIncoming(scene, id, task.value)
  const done = await takeUpdate(scene, { id, task: task.value, seen })
  if (!done.ok) return refusedWith(done.problem.status, done.problem.issues)
  return resourceOf(scene, done.value, 'Task')
}

/** A request of the sender's own: it may take it back, and nothing else. */
async function putIncoming(scene: Scene, id: string, { status }: IncomingTask): Promise<ApiAnswer> {
  const request = await findIncoming(scene.db, id)
  if (!request) return answerRefusal('not_found', 404)
  if (status === 'cancelled' && request.status === 'received') await takeBackIncoming(scene.db, id, scene.now)
  else if (status !== incomingTaskOf(request, '').status)
    return refusedWith(422, [
      {
        code: 'business-rule',
        at: 'Task.status',
        says: 'A request that still waits can be set to cancelled; the rest is ours.',
      },
    ])
  return readOne(scene, id, 'Task')
}

async function takeIncoming(scene: Scene, body: unknown, base: string): Promise<ApiAnswer> {
  const read = readIncoming(body)
  if (!read.ok) return refusedWith(422, read.problem)
  const { organizationId } = scene.bearer
  const organizationName = (await organizationNames(scene.db, [organizationId])).get(organizationId) ?? ''
  const sender = { networkId: scene.network.id, organizationId, organizationName }
  const { request, isNew } = await keepIncoming(scene.db, sender, read.value, scene.now)
  if (isNew) await scene.record('referrals.incoming_received', { subjectId: request.id })
  const isBundle = typeof body === 'object' && body !== null && 'type' in body
  return isBundle ? bundleTaken(request, isNew) : requestTaken(request, isNew, base)
}

function requestTaken(request: IncomingReferral, isNew: boolean, base: string): ApiAnswer {
  const headers = { location: `${base}${basePath}/ServiceRequest/${request.id}`, etag: etagOf(request.version) }
  return { status: isNew ? 201 : 200, body: incomingRequestOf(request), headers }
}

/** One line for the request and one for the Task by which the sender follows it. */
function bundleTaken(request: IncomingReferral, isNew: boolean): ApiAnswer {
  const entry = ['ServiceRequest', 'Task'].map((type) => ({
    response: {
      status: isNew ? '201 Created' : '200 OK',
      location: `${type}/${request.id}`,
      etag: etagOf(request.version),
    },
  }))
  return { status: 200, body: { resourceType: 'Bundle', type: 'transaction-response', entry } }
}

function refusedWith(status: number, issues: readonly [Issue, ...Issue[]]): ApiAnswer {
  return { status, body: outcomeOf(issues) }
}

function answerRefusal(refusal: ApiRefusal, status: number): ApiAnswer {
  return { status, body: outcomeOf(refusals[refusal]) }
}
