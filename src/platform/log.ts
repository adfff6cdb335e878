// Structured logs without personal data: ids, codes, patterns of routes, never paths, names or what was typed.

import { pino, type Logger } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** One JSON line an event, to standard error: standard output belongs to what a command answers. */
export function makeLog(level: 'silent' | 'error' | 'warn' | 'info' | 'debug'): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      // An error's message may quote a row; its kind, code and place are what helps.
      serializers: { err: describeError },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}

/** What may be logged of an error: its class, code and stack without the message's text. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const { code, constraint, table } = error as { code?: string; constraint?: string; table?: string }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    kind: error.name,
    code,
    constraint,
    table,
    // Databases, mail servers and file systems, whose errors have codes, quote rows, addresses and names, and the parser
    // of JSON what it read; our own errors quote nothing.
    message: code === undefined && error.name !== 'SyntaxError' ? error.message : undefined,
    at: frames.slice(0, 8).map((line) => line.trim()),
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined,
  }
}
