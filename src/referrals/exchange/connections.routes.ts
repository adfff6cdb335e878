// Where the lead of a partner's team connects their own system: tokens to come in with, addresses to be told at.

import { z } from 'zod'
import {
  idOf,
  notFound,
  page,
  redirect,
  type Answer,
  type PartnerActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import type { ApiToken, ApiTokenId } from './api-token.ts'
import { insertApiToken, listApiTokens, revokeApiToken } from './api-tokens.store.ts'
import { endOf, readToken, readWebhook, type TokenWish, type WebhookWish } from './connections.form.ts'
import { deliverJob } from './exchange.jobs.ts'
import {
  confirmPage,
  connectionsPage,
  newTokenPage,
  newWebhookPage,
  secretPage,
  webhookPage,
} from './pages/connections.page.ts'
import type { TrustedHosts } from './webhook-address.guard.ts'
import { webhookSecret } from './webhook.signing.ts'
import {
  findDelivery,
  findEndpoint,
  insertDelivery,
  insertEndpoint,
  latestDeliveries,
  listEndpoints,
  restartDelivery,
  saveEndpointKey,
  saveEndpointState,
  type WebhookEndpoint,
} from './webhooks.store.ts'

type PartnerScene = Scene<PartnerActor>

export interface ConnectionTools {
  readonly keys: Keys
  readonly publicUrl: string
  readonly webhookHosts: TrustedHosts
}

const leads = { leadOnly: true } as const
const oneToken = { ...leads, params: z.object({ id: idOf<'api_token'>() }) }
const oneWebhook = { ...leads, params: z.object({ id: idOf<'webhook_endpoint'>() }) }
const oneDelivery = {
  ...leads,
  params: z.object({ id: idOf<'webhook_endpoint'>(), delivery: idOf<'webhook_delivery'>() }),
}
const tokenKind = 'referrals.api_token'
/** A form that is sent again within this time shows the token again; later it is never shown. */
const shownForMs = 10 * 60_000

export function connectionsRoutes(routes: Routes, tools: ConnectionTools): void {
  routes.partner('GET', '/connections', leads, async (scene) => {
    const [tokens, endpoints] = [await listApiTokens(scene.db), await listEndpoints(scene.db)]
    const model = connectionsPage(scene, { tokens, endpoints, publicUrl: tools.publicUrl })
    return page('referrals/exchange/pages/connections.njk', model)
  })
  tokenRoutes(routes, tools)
  webhookRoutes(routes, tools)
}

function tokenRoutes(routes: Routes, { keys }: ConnectionTools): void {
  routes.partner('GET', '/connections/tokens/new', leads, async (scene) =>
    page('referrals/exchange/pages/token-new.njk', newTokenPage(scene, { body: {}, problems: [] })),
  )

  routes.partner('POST', '/connections/tokens', leads, async (scene, { body }) => {
    const form = readToken(body)
    if (form.ok) return makeToken(scene, keys, form.value)
    const model = newTokenPage(scene, { body, problems: form.problem })
    return page('referrals/exchange/pages/token-new.njk', model, { status: 400 })
  })

  routes.partner('GET', '/connections/tokens/:id/revoke', oneToken, async (scene, { params }) => {
    const { label } = await tokenOf(scene, params.id)
    const model = confirmPage(scene, { what: 'revoke', name: label, back: '/connections' })
    return page('referrals/exchange/pages/confirm.njk', model)
  })

  routes.partner('POST', '/connections/tokens/:id/revoke', oneToken, async (scene, { params }) => {
    const { id } = await tokenOf(scene, params.id)
    await revokeApiToken(scene.db, id, scene.now)
    await scene.record('referrals.api_token_revoked', { subjectId: id })
    return redirect('/connections', scene.t('referrals.exchange.revoke.done'))
  })
}

/** Derived from the key and the form's id, so that a form sent twice makes one token and shows it both times. */
async function makeToken(scene: PartnerScene, keys: Keys, wish: TokenWish): Promise<Answer> {
  const { network, actor, now, today } = scene
  const secret = deriveSecret(keys, keys.currentId, { kind: tokenKind, id: wish.token })
  const known = (await listApiTokens(scene.db)).find(({ id }) => id === wish.token)
  if (known && now.getTime() - known.createdAt.getTime() > shownForMs) return redirect('/connections')
  await insertApiToken(
    scene.db,
    {
      ...{ id: wish.token, networkId: network.id, organizationId: actor.organizationId, label: wish.label },
      ...{ scopes: wish.scopes, secretHash: hashSecret(secret), madeBy: actor.id },
      expiresAt: endOf(today, wish.months, network.timeZone),
    },
    now,
  )
  if (!known) await scene.record('referrals.api_token_made', { subjectId: wish.token, facts: { scopes: wish.scopes } })
  return page(
    'referrals/exchange/pages/secret.njk',
    secretPage(scene, { what: 'token', secret: `${network.id}.${secret}` }),
  )
}

async function tokenOf(scene: PartnerScene, id: ApiTokenId): Promise<ApiToken> {
  return (await listApiTokens(scene.db)).find((token) => token.id === id) ?? notFound()
}

function webhookRoutes(routes: Routes, { keys, webhookHosts }: ConnectionTools): void {
  routes.partner('GET', '/connections/webhooks/new', leads, async (scene) =>
    page('referrals/exchange/pages/webhook-new.njk', newWebhookPage(scene, { body: {}, problems: [] })),
  )

  routes.partner('POST', '/connections/webhooks', leads, async (scene, { body }) => {
    const form = readWebhook(body, webhookHosts)
    if (form.ok) return addWebhook(scene, keys, form.value)
    const model = newWebhookPage(scene, { body, problems: form.problem })
    return page('referrals/exchange/pages/webhook-new.njk', model, { status: 400 })
  })

  routes.partner('GET', '/connections/webhooks/:id', oneWebhook, async (scene, { params }) => {
    const endpoint = await endpointOf(scene, params.id)
    const model = webhookPage(scene, {
      endpoint,
      deliveries: await latestDeliveries(scene.db, endpoint.id),
      hasNewKey: endpoint.keyId !== keys.currentId,
    })
    return page('referrals/exchange/pages/webhook.njk', model)
  })

  routes.partner('POST', '/connections/webhooks/:id/secret', oneWebhook, async (scene, { params }) => {
    const endpoint = await endpointOf(scene, params.id)
    await scene.record('referrals.webhook_secret_shown', { subjectId: endpoint.id })
    const secret = webhookSecret(keys, keys.currentId, endpoint.id)
    const isNew = endpoint.keyId !== keys.currentId
    const model = secretPage(scene, { what: 'webhook', secret, endpointId: endpoint.id, isNew })
    return page('referrals/exchange/pages/secret.njk', model)
  })

  routes.partner('POST', '/connections/webhooks/:id/key', oneWebhook, async (scene, { params }) => {
    const endpoint = await endpointOf(scene, params.id)
    await saveEndpointKey(scene.db, endpoint.id, keys.currentId)
    return redirect(`/connections/webhooks/${endpoint.id}`, scene.t('referrals.exchange.webhook.key_done'))
  })

  routes.partner('POST', '/connections/webhooks/:id/test', oneWebhook, async (scene, { params }) => {
    const { id: endpointId, organizationId } = await endpointOf(scene, params.id)
    const about = { type: 'ping', taskId: null, reference: null, happenedAt: scene.now } as const
    const deliveryId = await insertDelivery(
      scene.db,
      scene.network.id,
      { endpointId, organizationId, ...about },
      scene.now,
    )
    await scene.enqueue(deliverJob, { deliveryId }, { key: deliveryId })
    return redirect(`/connections/webhooks/${endpointId}`, scene.t('referrals.exchange.webhook.test_done'))
  })

  routes.partner('POST', '/connections/webhooks/:id/resume', oneWebhook, async (scene, { params }) => {
    const { id } = await endpointOf(scene, params.id)
    await saveEndpointState(scene.db, id, { state: 'active', since: null })
    return redirect(`/connections/webhooks/${id}`, scene.t('referrals.exchange.webhook.resume_done'))
  })

  routes.partner('GET', '/connections/webhooks/:id/remove', oneWebhook, async (scene, { params }) => {
    const { id, address } = await endpointOf(scene, params.id)
    const model = confirmPage(scene, {
      what: 'remove',
      name: new URL(address).host,
      back: `/connections/webhooks/${id}`,
    })
    return page('referrals/exchange/pages/confirm.njk', model)
  })

  routes.partner('POST', '/connections/webhooks/:id/remove', oneWebhook, async (scene, { params }) => {
    const { id } = await endpointOf(scene, params.id)
    await saveEndpointState(scene.db, id, { state: 'removed', since: null })
    await scene.record('referrals.webhook_removed', { subjectId: id })
    return redirect('/connections', scene.t('referrals.exchange.remove.done'))
  })

  routes.partner(
    'POST',
    '/connections/webhooks/:id/deliveries/:delivery/again',
    oneDelivery,
    async (scene, { params }) => {
      const endpoint = await endpointOf(scene, params.id)
      const delivery = await findDelivery(scene.db, params.delivery)
      if (delivery?.endpointId !== endpoint.id) notFound()
      const isRestarted = await restartDelivery(scene.db, params.delivery, scene.now)
      if (isRestarted) await scene.enqueue(deliverJob, { deliveryId: params.delivery }, { key: params.delivery })
      return redirect(`/connections/webhooks/${endpoint.id}`, scene.t('referrals.exchange.webhook.again_done'))
    },
  )
}

async function addWebhook(scene: PartnerScene, keys: Keys, wish: WebhookWish): Promise<Answer> {
  const { network, actor, now } = scene
  const id = parseId<'webhook_endpoint'>(wish.endpoint) ?? notFound()
  const isKnown = (await findEndpoint(scene.db, id)) !== undefined
  await insertEndpoint(
    scene.db,
    {
      ...{ id, networkId: network.id, organizationId: actor.organizationId, address: wish.address },
      ...{ events: wish.events, keyId: keys.currentId, madeBy: actor.id },
    },
    now,
  )
  if (!isKnown) await scene.record('referrals.webhook_added', { subjectId: id, facts: { events: wish.events } })
  return redirect(`/connections/webhooks/${id}`, scene.t('referrals.exchange.webhook.add_done'))
}

async function endpointOf(scene: PartnerScene, id: WebhookEndpoint['id']): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(scene.db, id)
  return endpoint && endpoint.state !== 'removed' ? endpoint : notFound()
}
