// The pages on which a partner's lead connects their own system.

import { dayIn } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import {
  noProblems,
  textOf,
  textsOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type PartnerActor,
  type Scene,
} from '#platform/http/index.ts'
import { apiScopes, tokenMonths, tokenState, type ApiToken } from '../api-token.ts'
import { basePath } from '../codes.ts'
import { webhookTypes } from '../webhook-event.ts'
import type { WebhookDelivery, WebhookEndpoint } from '../webhooks.store.ts'

type PartnerScene = Scene<PartnerActor>

interface Filling {
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

// messages: referrals.exchange.scope.*
// messages: referrals.exchange.scope_hint.*
// messages: referrals.exchange.token_state.*
// messages: referrals.exchange.endpoint_state.*
// messages: referrals.exchange.event.*

export function connectionsPage(
  scene: PartnerScene,
  {
    tokens,
    endpoints,
    publicUrl,
  }: { tokens: readonly ApiToken[]; endpoints: readonly WebhookEndpoint[]; publicUrl: string },
): PageModel {
  return {
    title: scene.t('referrals.exchange.title'),
    address: `${publicUrl}${basePath}`,
    tokens: tokens.map((token) => tokenRow(scene, token)),
    endpoints: endpoints.map((endpoint) => ({
      href: `/connections/webhooks/${endpoint.id}`,
      host: new URL(endpoint.address).host,
      state: scene.t(`referrals.exchange.endpoint_state.${endpoint.state}`),
      isWell: endpoint.state === 'active',
      events: endpoint.events.map((event) => scene.t(`referrals.exchange.event.${wordOf(event)}`)).join(', '),
    })),
  }
}

function tokenRow(scene: PartnerScene, token: ApiToken) {
  const state = tokenState(token, scene.now)
  return {
    label: token.label,
    scopes: token.scopes.map((scope) => scene.t(`referrals.exchange.scope.${scope}`)).join(', '),
    state: scene.t(`referrals.exchange.token_state.${state}`),
    works: state === 'works',
    ends: scene.day(dayIn(scene.network.timeZone, token.expiresAt)),
    used: token.lastUsedOn === null ? scene.t('referrals.exchange.token.never_used') : scene.day(token.lastUsedOn),
    revoke: state === 'works' ? `/connections/tokens/${token.id}/revoke` : null,
    revokeLabel: scene.t('referrals.exchange.revoke.label', { label: token.label }),
  }
}

export function newTokenPage(scene: PartnerScene, { body, problems }: Filling): PageModel {
  const chosen = textsOf(body, 'scopes')
  const isFresh = Object.keys(body).length === 0
  const months = textOf(body, 'months') || '12'
  return {
    title: scene.t('referrals.exchange.token.new_title'),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    id: textOf(body, 'token') || newId<'api_token'>(scene.now.getTime()),
    label: textOf(body, 'label'),
    scopes: apiScopes.map((scope) => ({
      value: scope,
      text: scene.t(`referrals.exchange.scope.${scope}`),
      hint: { text: scene.t(`referrals.exchange.scope_hint.${scope}`) },
      checked: isFresh ? scope !== 'refer' : chosen.includes(scope),
    })),
    months: tokenMonths.map((count) => ({
      value: String(count),
      text: scene.t('referrals.exchange.token.months', { count }),
      checked: months === String(count),
    })),
  }
}

export function newWebhookPage(scene: PartnerScene, { body, problems }: Filling): PageModel {
  const chosen = textsOf(body, 'events')
  const isFresh = Object.keys(body).length === 0
  return {
    title: scene.t('referrals.exchange.webhook.new_title'),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    id: textOf(body, 'endpoint') || newId<'webhook_endpoint'>(scene.now.getTime()),
    address: textOf(body, 'address'),
    events: webhookTypes.map((type) => ({
      value: type,
      text: scene.t(`referrals.exchange.event.${wordOf(type)}`),
      hint: { html: `<code data-content>${type}</code>` },
      checked: isFresh || chosen.includes(type),
    })),
  }
}

export function webhookPage(
  scene: PartnerScene,
  {
    endpoint,
    deliveries,
    hasNewKey,
  }: { endpoint: WebhookEndpoint; deliveries: readonly WebhookDelivery[]; hasNewKey: boolean },
): PageModel {
  const base = `/connections/webhooks/${endpoint.id}`
  return {
    title: scene.t('referrals.exchange.webhook.title'),
    address: endpoint.address,
    state: scene.t(`referrals.exchange.endpoint_state.${endpoint.state}`),
    stateHint:
      endpoint.state === 'active'
        ? null
        : scene.t(`referrals.exchange.webhook.${endpoint.state}_hint`, {
            since: endpoint.failingSince ? scene.moment(endpoint.failingSince) : '',
          }),
    isDisabled: endpoint.state === 'disabled',
    isWell: endpoint.state === 'active',
    events: endpoint.events.map((event) => scene.t(`referrals.exchange.event.${wordOf(event)}`)),
    hasNewKey,
    base,
    deliveries: deliveries.map((delivery) => deliveryRow(scene, delivery, base)),
  }
}

// messages: referrals.exchange.webhook.failing_hint, referrals.exchange.webhook.disabled_hint

function deliveryRow(scene: PartnerScene, delivery: WebhookDelivery, base: string) {
  const { id, type, reference, state, tries, nextTryAt, lastTriedAt, lastStatus, lastProblem, lastMs } = delivery
  return {
    what: scene.t(`referrals.exchange.event.${wordOf(type)}`),
    reference,
    happened: scene.moment(delivery.happenedAt),
    how:
      lastStatus !== null
        ? scene.t('referrals.exchange.delivery.answered', { status: String(lastStatus), ms: lastMs ?? 0 })
        : lastProblem !== null
          ? scene.t('referrals.exchange.delivery.no_answer', { problem: lastProblem })
          : scene.t('referrals.exchange.delivery.not_yet'),
    tries: scene.t('referrals.exchange.delivery.tries', { count: tries }),
    tried: lastTriedAt ? scene.moment(lastTriedAt) : null,
    next: nextTryAt && tries > 0 ? scene.t('referrals.exchange.delivery.next', { at: scene.moment(nextTryAt) }) : null,
    isDone: state === 'delivered',
    again: state === 'waiting' ? null : `${base}/deliveries/${id}/again`,
    againLabel: scene.t('referrals.exchange.delivery.again_label', {
      what: type,
      at: scene.moment(delivery.happenedAt),
    }),
  }
}

export function secretPage(
  scene: PartnerScene,
  shown: { readonly secret: string } & (
    { readonly what: 'token' } | { readonly what: 'webhook'; readonly endpointId: string; readonly isNew: boolean }
  ),
): PageModel {
  const isToken = shown.what === 'token'
  return {
    title: scene.t(isToken ? 'referrals.exchange.token.made_title' : 'referrals.exchange.webhook.secret_title'),
    lead: scene.t(isToken ? 'referrals.exchange.token.made_lead' : 'referrals.exchange.webhook.secret_lead'),
    secret: shown.secret,
    how: scene.t(isToken ? 'referrals.exchange.token.made_how' : 'referrals.exchange.webhook.secret_how'),
    back: isToken ? '/connections' : `/connections/webhooks/${shown.endpointId}`,
    keyAction: !isToken && shown.isNew ? `/connections/webhooks/${shown.endpointId}/key` : null,
  }
}

// messages: referrals.exchange.revoke.*
// messages: referrals.exchange.remove.*

export function confirmPage(
  scene: PartnerScene,
  { what, name, back }: { what: 'revoke' | 'remove'; name: string; back: string },
): PageModel {
  return {
    title: scene.t(`referrals.exchange.${what}.title`),
    name,
    explain: scene.t(`referrals.exchange.${what}.explain`),
    button: scene.t(`referrals.exchange.${what}.button`),
    back,
  }
}

/** Message keys hold no full stops: `referral.sent` is spoken as `referral_sent`. */
function wordOf(type: string): string {
  return type.replace('.', '_')
}
