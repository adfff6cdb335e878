// Forms prove that they came from our own pages: a secret in a cookie, a token made from it in each form.

import type {} from '@fastify/cookie'
import makeTokens from '@fastify/csrf'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { StaleForm } from './errors.ts'

const tokens: makeTokens.TokensSimple = makeTokens()

/** Holds the secret that the tokens of one browser's forms are made from. */
export const formCookie = 'waypost_form'

export interface CookieManner {
  readonly path: string
  readonly httpOnly: true
  readonly sameSite: 'lax'
  readonly secure: boolean
}

/** The token for this browser's forms; a browser without the cookie is given one. */
export function formToken(request: FastifyRequest, reply: FastifyReply, cookies: CookieManner): string {
  let secret = request.cookies[formCookie]
  if (!secret || secret.length > 64) {
    secret = tokens.secretSync()
    // Two tokens on one new page must come from one secret.
    request.cookies[formCookie] = secret
    void reply.setCookie(formCookie, secret, cookies)
  }
  return tokens.create(secret)
}

/** Throws StaleForm unless the token was made for this browser. */
export function checkFormToken(request: FastifyRequest, token: unknown): void {
  const secret = request.cookies[formCookie]
  if (!secret || typeof token !== 'string' || !tokens.verify(secret, token)) {
    throw new StaleForm('The form was not made for this browser.')
  }
}
