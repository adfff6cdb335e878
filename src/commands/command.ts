// What a sub-command is, and how its words, its answer and its failures reach the terminal.

import { parseArgs, type ParseArgsConfig } from 'node:util'
import { Stopped } from '#compute/stopped.ts'
import { readConfig, WrongSetting, type Config } from '#platform/config.ts'
import { NoDatabase, RolesMissing, WrongSchema } from '#platform/db/index.ts'
import { describeError } from '#platform/log.ts'

/** Exit codes: 0 done, 1 refused or partly refused input, 2 wrong use, 3 outage or stopped by somebody. */
export type ExitCode = 0 | 1 | 2 | 3

/** What a command answers: a document for `--json`, lines for people. */
export interface Outcome {
  readonly exit: 0 | 1
  readonly document: unknown
  readonly lines: readonly string[]
}

export interface Invocation {
  readonly config: Config
  readonly positionals: readonly string[]
  /** An option's value; throws WrongUse when it is missing and no fallback is given. */
  option(name: string): string | undefined
  required(name: string): string
  flag(name: string): boolean
  /** Words on the way, to standard error. */
  progress(words: string): void
}

/** A command's entry: what it takes to run is read only when it is called. */
export interface CommandEntry {
  /** As it is typed: `network create`. */
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

export interface Command {
  /** What follows the name in the line of usage. */
  readonly usage: string
  /** Names of positional arguments; one that ends in `?` may be left out. */
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly about: string }>>
  run(invocation: Invocation): Promise<Outcome>
}

/** The command was called wrongly: exit code 2, with a line of usage. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

/** The input was refused: exit code 1, with the sentence. */
export class RefusedInput extends Error {
  override readonly name = 'RefusedInput'
}

/** An option that is a whole number, undefined when it was left out. Throws WrongUse. */
export function wholeNumber(
  { option }: Pick<Invocation, 'option'>,
  name: string,
  { from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER } = {},
): number | undefined {
  const words = option(name)
  if (words === undefined) return undefined
  const value = Number(words)
  if (words.trim() !== '' && Number.isSafeInteger(value) && value >= from && value <= to) return value
  const range = from === Number.MIN_SAFE_INTEGER ? '' : ` from ${from} to ${to}`
  throw new WrongUse(`--${name} is a whole number${range}.`)
}

const everywhere = {
  help: { type: 'boolean', about: 'says how the command is used' },
  json: { type: 'boolean', about: 'answers with one JSON document on standard output' },
} as const

/** Finds the command that the words name, runs it and gives the exit code. Never throws. */
export async function runCommand(commands: readonly CommandEntry[], words: readonly string[]): Promise<ExitCode> {
  const entry = findCommand(commands, words)
  const wantsJson = words.includes('--json')
  if (!entry) {
    const asksForHelp = words.length === 0 || words[0] === '--help' || words[0] === 'help'
    const lines = [
      'Usage: ./waypost <command>',
      '',
      ...commands.map((each) => `  ${each.name.padEnd(20)} ${each.summary}`),
      '',
      'Each command has --help.',
    ]
    ;(asksForHelp ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`)
    return asksForHelp ? 0 : 2
  }
  if (words.includes('--help')) {
    process.stdout.write(`${helpOf(entry, await entry.load())}\n`)
    return 0
  }
  let usage = ''
  try {
    const command = await entry.load()
    usage = `./waypost ${entry.name} ${command.usage}`.trimEnd()
    const outcome = await command.run(readInvocation(command, words.slice(entry.name.split(' ').length)))
    const text = wantsJson ? JSON.stringify(outcome.document, null, 2) : outcome.lines.join('\n')
    if (text !== '') process.stdout.write(`${text}\n`)
    return outcome.exit
  } catch (error) {
    return report(usage, error, wantsJson)
  }
}

function findCommand(commands: readonly CommandEntry[], words: readonly string[]): CommandEntry | undefined {
  return commands.find((command) => command.name.split(' ').every((word, index) => words[index] === word))
}

function readInvocation(command: Command, words: readonly string[]): Invocation {
  const options: ParseArgsConfig['options'] = {}
  for (const [name, { type }] of Object.entries({ ...everywhere, ...command.options })) options[name] = { type }
  const parsed = readWords([...words], options)
  const needed = command.positionals.filter((name) => !name.endsWith('?')).length
  if (parsed.positionals.length < needed)
    throw new WrongUse(`${command.positionals[parsed.positionals.length]} is missing.`)
  if (parsed.positionals.length > command.positionals.length)
    throw new WrongUse(`${parsed.positionals.at(-1)} is one word too many.`)
  const option = (name: string) => {
    const value = parsed.values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    config: readConfig(),
    positionals: parsed.positionals,
    option,
    required(name) {
      const value = option(name)
      if (value === undefined || value === '') throw new WrongUse(`--${name} is missing.`)
      return value
    },
    flag: (name) => parsed.values[name] === true,
    progress: (sentence) => process.stderr.write(`${sentence}\n`),
  }
}

function readWords(words: string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new WrongUse(
      error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : 'The words cannot be read.',
    )
  }
}

function helpOf({ name: commandName, summary }: CommandEntry, command: Command): string {
  const all: Command['options'] = { ...command.options, ...everywhere }
  const options = Object.entries(all).map(
    ([name, { type, about }]) => `  --${`${name}${type === 'string' ? ' …' : ''}`.padEnd(18)} ${about}`,
  )
  return [`Usage: ./waypost ${commandName} ${command.usage}`.trimEnd(), '', summary, '', ...options].join('\n')
}

/** One clear sentence for what a person can mend; a reference to the log for what they cannot. */
function report(usage: string, error: unknown, wantsJson: boolean): ExitCode {
  const [exit, sentence] = meaningOf(error)
  if (wantsJson) process.stdout.write(`${JSON.stringify({ error: sentence })}\n`)
  process.stderr.write(`${sentence}\n`)
  if (exit === 2) process.stderr.write(`Usage: ${usage}\n`)
  return exit
}

function meaningOf(error: unknown): [ExitCode, string] {
  if (error instanceof WrongUse) return [2, error.message]
  if (error instanceof RefusedInput) return [1, error.message]
  if (error instanceof Stopped) return [3, error.message]
  if (error instanceof RolesMissing) return [3, `${error.message} An administrator must run:\n${error.statements}`]
  if (error instanceof WrongSetting || error instanceof NoDatabase || error instanceof WrongSchema)
    return [3, error.message]
  const { code, port, path } = error as { code?: string; port?: number; path?: string }
  if (code === 'EADDRINUSE') return [3, `The port ${port ?? ''} is in use. Choose another with PORT.`]
  if (code === 'EACCES' && port !== undefined)
    return [3, `The port ${port} may not be opened by this user. Choose another with PORT.`]
  if (code === 'ENOENT' && path) return [1, `There is no file or folder ${path}.`]
  if ((code === 'EACCES' || code === 'EROFS') && path) return [3, `${path} cannot be read or written.`]
  return [3, `Something went wrong: ${JSON.stringify(describeError(error))}`]
}
