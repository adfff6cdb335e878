// The settings, read once from the environment and checked: a wrong one is named, with what it should be.

import path from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const httpAddress = z.url({ protocol: /^https?$/ })

const variables = {
  WAYPOST_DATA: z.string().min(1).default('./data'),
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: httpAddress.optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  CLAMD_URL: z.url({ protocol: /^(tcp|unix)$/ }).optional(),
  TRUSTED_PROXIES: z
    .string()
    .regex(/^[\da-fA-F.:/]+(\s*,\s*[\da-fA-F.:/]+)*$/)
    .optional(),
  WEBHOOK_HOSTS: z
    .string()
    .regex(/^[\w.\-[\]:]+(\s*,\s*[\w.\-[\]:]+)*$/)
    .optional(),
  MAIL_FROM: z.string().min(3).default('Waypost <waypost@localhost>'),
  WAYPOST_SECRET: z.string().min(32).optional(),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
} as const

const expected: Record<keyof typeof variables, string> = {
  WAYPOST_DATA: 'a folder',
  PORT: 'a number from 0 to 65535',
  HOST: 'an address to listen on',
  PUBLIC_URL: 'the address people use, such as https://waypost.example.org',
  DATABASE_URL: 'an address such as postgres://user:password@host:5432/waypost',
  SMTP_URL: 'an address such as smtp://user:password@host:587',
  CLAMD_URL: 'an address such as tcp://clamd:3310 or unix:///run/clamav/clamd.sock',
  TRUSTED_PROXIES: 'addresses with commas between them, such as 10.0.0.5, 10.1.0.0/16',
  WEBHOOK_HOSTS: 'hosts with commas between them, such as localhost:4000, hooks.intranet.example',
  MAIL_FROM: 'a sender such as "Waypost <waypost@example.org>"',
  WAYPOST_SECRET: 'at least 32 characters',
  LOG_LEVEL: 'silent, error, warn, info or debug',
}

export interface Config {
  /** Absolute path of the data folder: database, key, uploads. */
  readonly dataFolder: string
  readonly port: number
  readonly host: string
  /** Where people reach this installation, without a slash at the end; links in mails begin with it. */
  readonly publicUrl: string
  /** A server of one's own; the embedded one when absent. */
  readonly databaseUrl: string | undefined
  readonly smtpUrl: string | undefined
  /** The virus scanner that files are sent through; none when absent. */
  readonly clamdUrl: string | undefined
  /** Proxies whose word on the sender's address is believed; none when empty. */
  readonly trustedProxies: readonly string[]
  /** Hosts that webhooks may reach though they are private or speak plain http; none when empty. */
  readonly webhookHosts: readonly string[]
  readonly mailFrom: string
  readonly secret: string | undefined
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** A setting that is wrong. The message names it and never repeats its value, which may be a secret. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting'
}

/** Reads the settings. Throws WrongSetting. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values = z.object(variables).safeParse(withoutBlanks(env))
  if (!values.success) {
    const name = String(values.error.issues[0]?.path[0]) as keyof typeof variables
    throw new WrongSetting(`The setting ${name} is not usable: it should be ${expected[name]}.`)
  }
  const v = values.data
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(v.HOST)
  if (!isLoopback && !v.PUBLIC_URL) {
    throw new WrongSetting(
      `HOST is set to another address than 127.0.0.1, so PUBLIC_URL must say ${expected.PUBLIC_URL}.`,
    )
  }
  return {
    dataFolder: path.resolve(v.WAYPOST_DATA),
    port: v.PORT,
    host: v.HOST,
    publicUrl: (v.PUBLIC_URL ?? `http://localhost:${v.PORT}`).replace(/\/+$/, ''),
    databaseUrl: v.DATABASE_URL,
    smtpUrl: v.SMTP_URL,
    clamdUrl: v.CLAMD_URL,
    trustedProxies: v.TRUSTED_PROXIES?.split(',').map((address) => address.trim()) ?? [],
    webhookHosts: v.WEBHOOK_HOSTS?.split(',').map((host) => host.trim()) ?? [],
    mailFrom: v.MAIL_FROM,
    secret: v.WAYPOST_SECRET,
    logLevel: v.LOG_LEVEL,
  }
}

/** A variable set to nothing counts as not set: that is how compose files leave one out. */
function withoutBlanks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
