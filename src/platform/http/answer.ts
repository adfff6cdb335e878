// What a request handler answers. It is data: the answer is sent after the transaction is committed.

import type { Readable } from 'node:stream'

export interface PageModel {
  /** For the window's title: says the page, never the person. */
  readonly title: string
  readonly [name: string]: unknown
}

export type Answer =
  | { readonly kind: 'page'; readonly template: string; readonly model: PageModel; readonly status: number }
  | {
      readonly kind: 'redirect'
      readonly to: string
      readonly notice: string | undefined
      readonly cookies: readonly CookieChange[]
    }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly type: string
      readonly content: Buffer | string | Readable
    }

export interface CookieChange {
  readonly name: string
  /** Null takes the cookie away. */
  readonly value: string | null
  readonly path: string
  readonly maxAgeSeconds?: number
}

/** A page of a template (addressed from `src/`), 200 unless said otherwise; 400 when a form comes back with problems. */
export function page(template: string, model: PageModel, { status = 200 } = {}): Answer {
  return { kind: 'page', template, model, status }
}

/** Goes on to another page (303), which shows the notice once. */
export function redirect(to: string, notice?: string, { cookies = [] as readonly CookieChange[] } = {}): Answer {
  return { kind: 'redirect', to, notice, cookies }
}

/** A download: always as an attachment, never shown inside the site. */
export function file(name: string, type: string, content: Buffer | string | Readable): Answer {
  return { kind: 'file', name, type, content }
}
