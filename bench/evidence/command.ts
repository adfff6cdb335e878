// Runs a command as a child and says what it cost: the whole of it, with every process and thread it started.

import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface Outcome {
  readonly ok: boolean
  readonly stdout: string
  /** The end of what it said on standard error, or that it was stopped. */
  readonly problem: string
  readonly wallSeconds: number
  /** User and system time of all its processes; null where GNU time is not installed. */
  readonly cpuSeconds: number | null
  /** The largest process, in MiB; null where GNU time is not installed. */
  readonly peakMiB: number | null
}

const gnuTime = '/usr/bin/time'
const form = '%U %S %M'

/** Runs to the end, or stops the child and all it started after `limitSeconds`. */
export function runMeasured(words: readonly string[], limitSeconds: number): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-cost-'))
  const note = path.join(folder, 'cost')
  const [file, ...rest] = hasTimer() ? [gnuTime, '-q', '-f', form, '-o', note, ...words] : words
  if (file === undefined) throw new Error('There is no command to run.')
  const started = performance.now()
  return new Promise((resolve) => {
    // A group of its own, so that a stop reaches what the child has started.
    const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const stop = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
    let isLate = false
    const alarm = setTimeout(() => {
      isLate = true
      stop()
    }, limitSeconds * 1000)
    process.once('exit', stop)
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr = (said.stderr + chunk.toString()).slice(-2000)))
    const settle = (code: number | null, fault: string) => {
      clearTimeout(alarm)
      process.off('exit', stop)
      const cost = readCost(note)
      fs.rmSync(folder, { recursive: true, force: true })
      const problem = isLate ? `stopped after ${limitSeconds.toFixed(0)} s` : fault || said.stderr.trim()
      const wallSeconds = (performance.now() - started) / 1000
      resolve({ ok: code === 0, stdout: said.stdout, problem, wallSeconds, ...cost })
    }
    child.on('error', (error) => settle(null, error.message))
    child.on('close', (code) => settle(code, ''))
  })
}

/** Seconds of CPU that a fixed matrix product takes here and now: what costs are divided by to compare machines and loads. */
export function measureLoop(): number {
  const size = 384
  const left = Float64Array.from({ length: size * size }, (_, i) => ((i * 7919) % 1009) / 1009)
  const right = Float64Array.from({ length: size * size }, (_, i) => ((i * 104729) % 997) / 997)
  const product = new Float64Array(size * size)
  const before = process.cpuUsage()
  for (let round = 0; round < 6; round++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        const factor = right[j * size + k]!
        for (let i = 0; i < size; i++) product[j * size + i]! += left[k * size + i]! * factor
      }
    }
  }
  // Read, so that the loop cannot be left out.
  if (!Number.isFinite(product[size + 1])) throw new Error('The calibration loop went wrong.')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function hasTimer(): boolean {
  return spawnSync(gnuTime, ['-q', '-f', form, 'true'], { stdio: 'ignore' }).status === 0
}

function readCost(note: string): Pick<Outcome, 'cpuSeconds' | 'peakMiB'> {
  if (!fs.existsSync(note)) return { cpuSeconds: null, peakMiB: null }
  const [user, system, kibibytes] = fs.readFileSync(note, 'utf8').trim().split(' ').map(Number)
  if (![user, system, kibibytes].every(Number.isFinite)) return { cpuSeconds: null, peakMiB: null }
  return { cpuSeconds: user! + system!, peakMiB: kibibytes! / 1024 }
}
