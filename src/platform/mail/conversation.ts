// One conversation with the mail server, and what came of it.

import { PassThrough } from 'node:stream'
import { createTransport } from 'nodemailer'
import type { Attachment, Letter } from './mail.ts'
import { conversationMinutes, type Outcome } from './retry.ts'

export interface Envelope {
  /** The same at every try, so that a reader or server that saw it before can tell. */
  readonly messageId: string
  readonly from: string
  readonly to: string
  readonly letter: Letter
}

/**
 * Hands one letter to the server at `smtpUrl` and says what came of it; never throws. A 5xx answer to the recipient or to the
 * letter is final. One to our sign-in or our own sender's address is the installation's trouble, not this letter's: somebody
 * can mend it before the last try. Ends by itself after five minutes, however slowly the server talks.
 */
export async function converse(smtpUrl: string, { messageId, from, to, letter }: Envelope): Promise<Outcome> {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    // What a letter holds is made here: no path and no address is ever read for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  let isAllSent = false
  transport.use('stream', (mail, done) => {
    mail.message.transform(() => new PassThrough({ flush: (flushed) => ((isAllSent = true), flushed()) }))
    done()
  })
  try {
    await transport.sendMail({
      from,
      // As one address: a text would be read as a list, and a link is meant for one.
      to: { name: '', address: to },
      messageId,
      subject: letter.subject,
      text: letter.text,
      ...filesOf(letter),
      // Nobody wrote it by hand, so no machine should answer it (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(conversationMinutes * 60_000),
    })
    return { kind: 'accepted' }
  } catch (error) {
    return outcomeOf(isServerError(error) ? error : {}, isAllSent)
  } finally {
    transport.close()
  }
}

interface ServerError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

function isServerError(error: unknown): error is ServerError {
  return typeof error === 'object' && error !== null
}

// The replies that ask for a sign-in, whichever command they answer (RFC 4954, 6).
const signInReplies = [530, 534, 535, 538]

function outcomeOf({ code, command, responseCode }: ServerError, isAllSent: boolean): Outcome {
  if (responseCode === undefined) {
    // Our own library found no address in it.
    if (code === 'EENVELOPE') return { kind: 'refused', problem: 'no_such_address' }
    if (code === 'EAUTH' || code === 'ENOAUTH') return { kind: 'delayed', problem: 'sign_in' }
    return isAllSent ? { kind: 'unknown', problem: 'no_answer' } : { kind: 'delayed', problem: 'unreachable' }
  }
  if (code === 'EAUTH' || signInReplies.includes(responseCode)) return { kind: 'delayed', problem: 'sign_in' }
  // 503 says that the commands came in the wrong order: nothing about the letter.
  const isFinal = responseCode >= 500 && responseCode !== 503
  if (!isFinal) return { kind: 'delayed', problem: 'busy' }
  if (command === 'RCPT TO') return { kind: 'refused', problem: 'no_such_address' }
  if (command === 'DATA') return { kind: 'refused', problem: 'letter_refused' }
  return { kind: 'delayed', problem: command === 'MAIL FROM' ? 'sender_refused' : 'busy' }
}

function filesOf({ attachments = [] }: Letter) {
  return {
    attachments: attachments.map((each) => ({
      filename: each.name,
      contentType: typeOf(each),
      content: each.content,
    })),
    alternatives: attachments.flatMap((each) =>
      each.method ? [{ contentType: typeOf(each), content: each.content }] : [],
    ),
  }
}

function typeOf({ type, method }: Attachment): string {
  const typed = type.startsWith('text/') ? `${type}; charset=utf-8` : type
  return method ? `${typed}; method=${method}` : typed
}
