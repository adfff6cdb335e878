// What a request handler answers. It is data: the answer is sent after the transaction is committed.

import type { Readable } from 'node:stream'
import type { Words } from '../i18n/index.ts'

export interface PageModel {
  /** For the window's title: says the page, never the person. */
  readonly title: string
  readonly [name: string]: unknown
}

export type Answer =
  | {
      readonly kind: 'page'
      readonly template: string
      readonly model: PageModel
      readonly status: number
      /** The language of the page, where it is not that of whoever asked for it. */
      readonly words: Words | undefined
    }
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

/** A page of a template (addressed from `src/`), 200 unless said otherwise; 400 when a form comes back with problems. With
 *  `words` it speaks their language whatever the asker's: a page that is turned towards a client. */
export function page(
  template: string,
  model: PageModel,
  { status = 200, words }: { readonly status?: number; readonly words?: Words | undefined } = {},
): Answer {
  return { kind: 'page', template, model, status, words }
}

/** Goes on to another page (303), which shows the notice once. */
export function redirect(to: string, notice?: string, { cookies = [] as readonly CookieChange[] } = {}): Answer {
  return { kind: 'redirect', to, notice, cookies }
}

/** A download: always as an attachment, never shown inside the site. */
export function file(name: string, type: string, content: Buffer | string | Readable): Answer {
  return { kind: 'file', name, type, content }
}
