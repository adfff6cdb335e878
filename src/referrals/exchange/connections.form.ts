// What the lead of a partner's team fills in: a token for their system, an address where it listens.

import { z } from 'zod'
import { addMonths, momentIn, type CalendarDay } from '#platform/dates.ts'
import {
  idOf,
  oneOf,
  readForm,
  requiredText,
  someOf,
  textOf,
  type FieldProblem,
  type FormBody,
} from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { apiScopes, tokenMonths } from './api-token.ts'
import { readWebhookAddress, type TrustedHosts } from './webhook-address.guard.ts'
import { webhookTypes } from './webhook-event.ts'

const months = tokenMonths.map(String) as [string, ...string[]]

const tokenForm = z.object({
  token: idOf<'api_token'>(),
  label: requiredText('referrals.exchange.token.label_missing', 80),
  scopes: someOf(apiScopes).refine((list) => list.length > 0, 'referrals.exchange.token.scopes_missing'),
  months: oneOf(months, 'referrals.exchange.token.months_missing').transform(Number),
})
export type TokenWish = z.infer<typeof tokenForm>

export function readToken(body: FormBody): Result<TokenWish, FieldProblem[]> {
  return readForm(tokenForm, body)
}

/** The token ends with the day, some months on. */
export function endOf(today: CalendarDay, monthsOn: number, timeZone: string): Date {
  return momentIn(timeZone, addMonths(today, monthsOn), '23:59')
}

const webhookForm = z.object({
  endpoint: idOf<'webhook_endpoint'>(),
  events: someOf(webhookTypes).refine((list) => list.length > 0, 'referrals.exchange.webhook.events_missing'),
})
export type WebhookWish = z.infer<typeof webhookForm> & { readonly address: string }

// messages: referrals.exchange.webhook.address_*

export function readWebhook(body: FormBody, trusted: TrustedHosts): Result<WebhookWish, FieldProblem[]> {
  const form = readForm(webhookForm, body)
  const address = readWebhookAddress(textOf(body, 'address'), trusted)
  if (form.ok && address.ok) return ok({ ...form.value, address: address.value.href })
  return refused([
    ...(address.ok ? [] : [{ field: 'address', key: `referrals.exchange.webhook.address_${address.problem}` }]),
    ...(form.ok ? [] : form.problem),
  ])
}
