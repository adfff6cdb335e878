// Predictions as a CSV file, a line a person in the order of the input: streamed, and in place only when it is whole.

import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { csvLine } from '#platform/csv.ts'

/** What a model says of a block of rows. Effects against the control, rows × (arms − 1) column-major: arm k of row i at
 *  [(k − 1) · rows + i], NaN where there is none. support: alike, 1 or 0. policy: the arm's place, control 0. */
export interface PredictedBlock {
  readonly rows: number
  readonly tau: Float64Array
  readonly lo: Float64Array
  readonly hi: Float64Array
  readonly support: Uint8Array
  readonly policy: Uint8Array
}

export interface PredictionOrder {
  /** Control first. */
  readonly arms: readonly string[]
  readonly blocks: AsyncIterable<PredictedBlock>
  /** A file, or `-` for standard output. */
  readonly out: string
  readonly signal: AbortSignal
}

/** The reader of standard output left before the end. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** How many rows a block should have: large enough to stream well, small enough to stay out of the way of memory. */
export const rowsInBlock = 4096

/**
 * Writes `tau_<arm>,lo_<arm>,hi_<arm>,support_<arm>` for every arm but the control, then `policy`, the arm's name. Numbers
 * have at most six decimals; a number that is none is an empty cell. A file is written beside its place, brought to disk and
 * renamed; whatever stops the work leaves what was there before. Throws the signal's reason, ReaderGone or what the system
 * says. Memory: a block.
 */
export async function writePredictions({ arms, blocks, out, signal }: PredictionOrder): Promise<{ rows: number }> {
  const names = arms.map((arm) => csvLine([arm]).trimEnd())
  const head = csvLine([
    ...arms.slice(1).flatMap((arm) => ['tau', 'lo', 'hi', 'support'].map((what) => `${what}_${arm}`)),
    'policy',
  ])
  return writeTo(out, signal, async (write) => {
    await write(head)
    let rows = 0
    for await (const block of blocks) {
      signal.throwIfAborted()
      await write(linesOf(block, names))
      rows += block.rows
    }
    return { rows }
  })
}

function linesOf({ rows, tau, lo, hi, support, policy }: PredictedBlock, names: readonly string[]): string {
  let lines = ''
  for (let row = 0; row < rows; row++) {
    for (let at = row; at < tau.length; at += rows)
      lines += `${decimal(tau[at]!)},${decimal(lo[at]!)},${decimal(hi[at]!)},${support[at]!},`
    lines += `${names[policy[row]!] ?? ''}\n`
  }
  return lines
}

/** At most six decimals; those of a yes/no outcome then tell one person in a million. */
function decimal(value: number): string {
  const rounded = Math.round(value * 1e6) / 1e6
  if (Number.isFinite(rounded)) return String(rounded === 0 ? 0 : rounded)
  return Number.isFinite(value) ? String(value) : ''
}

type Write = (text: string) => Promise<void>

async function writeTo<T>(out: string, signal: AbortSignal, work: (write: Write) => Promise<T>): Promise<T> {
  if (out === '-') return writeToReader(process.stdout, work)
  const { target, isPlace } = await placeOf(out)
  const file = isPlace ? `${target}.${randomBytes(4).toString('hex')}.partial` : target
  const handle = await fs.open(file, isPlace ? 'wx' : 'w')
  try {
    const answer = await work(async (text) => handle.appendFile(text))
    if (isPlace) await handle.sync()
    signal.throwIfAborted()
    if (isPlace) await fs.rename(file, target)
    return answer
  } finally {
    await handle.close()
    if (isPlace) await fs.rm(file, { force: true })
  }
}

/** Through a link to what it names, so that the link stays one. A device or a pipe is no place that something could be put
 *  in: it is written as it is. */
async function placeOf(out: string): Promise<{ target: string; isPlace: boolean }> {
  const unlessAbsent = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  }
  const target = (await fs.realpath(out).catch(unlessAbsent)) ?? path.resolve(out)
  const there = await fs.stat(target).catch(unlessAbsent)
  return { target, isPlace: !there || there.isFile() || there.isDirectory() }
}

/** A line after the other, each waiting until the one before is taken. */
async function writeToReader<T>(stream: Writable, work: (write: Write) => Promise<T>): Promise<T> {
  // Without a listener, a reader that leaves would end the process.
  const heard = () => undefined
  stream.on('error', heard)
  try {
    return await work(
      (text) =>
        new Promise((resolve, reject) => {
          stream.write(text, (error) => {
            if (!error) resolve()
            else
              reject(
                'code' in error && error.code === 'EPIPE'
                  ? new ReaderGone('The reader of the predictions left.')
                  : error,
              )
          })
        }),
    )
  } finally {
    stream.off('error', heard)
  }
}
