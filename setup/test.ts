// `npm test`: types, lint, format, architecture, dead code, unit and database tests, browser journeys.
// The last line counts what passed and what failed. `--slow` runs the slow statistics instead.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { startTestServer } from '../src/platform/db/testing.ts'

const root = path.join(import.meta.dirname, '..')

interface Check {
  readonly name: string
  readonly words: readonly string[]
}

const node = process.execPath
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name)

const quick: readonly Check[] = [
  { name: 'types', words: [bin('tsc'), '-b'] },
  { name: 'lint', words: [bin('eslint'), '.', '--max-warnings=0'] },
  { name: 'format', words: [bin('prettier'), '--check', '--log-level=warn', '.'] },
  { name: 'architecture', words: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src'] },
  { name: 'dead code', words: [bin('knip')] },
  { name: 'database types', words: [node, path.join('setup', 'schema.ts'), '--check'] },
]

const tests: readonly Check[] = [
  {
    name: 'tests',
    words: [
      bin('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      '--outputFile=node_modules/.cache/tests.json',
    ],
  },
  {
    name: 'journeys',
    words: [
      bin('vitest'),
      'run',
      '--config',
      'vitest.e2e.config.ts',
      '--reporter=default',
      '--reporter=json',
      '--outputFile=node_modules/.cache/journeys.json',
    ],
  },
]

const slow: readonly Check[] = [
  {
    name: 'slow tests',
    words: [
      bin('vitest'),
      'run',
      '--config',
      'vitest.slow.config.ts',
      '--reporter=default',
      '--reporter=json',
      '--outputFile=node_modules/.cache/slow.json',
    ],
  },
]

let passed = 0
let failed = 0
// The server is kept for the whole run: every check that needs one joins it.
const server = await startTestServer()
try {
  if (process.argv.includes('--slow')) await runInTurn(slow)
  else {
    // One core each; tests take both.
    await Promise.all([runInTurn(quick.slice(0, 2)), runInTurn(quick.slice(2))])
    await runInTurn(tests)
  }
} finally {
  await server.stop()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

async function runInTurn(checks: readonly Check[]): Promise<void> {
  for (const check of checks) {
    const started = Date.now()
    const isGood = await run(check.words)
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    console.log(`${isGood ? 'passed' : 'FAILED'}: ${check.name} (${seconds} s)`)
    const counted = await countsOf(check)
    passed += counted ? counted.passed : Number(isGood)
    failed += counted ? counted.failed + Number(!isGood && counted.failed === 0) : Number(!isGood)
  }
}

function run(words: readonly string[]): Promise<boolean> {
  const [command = node, ...rest] = words
  return new Promise((resolve) => {
    const child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('exit', (code) => resolve(code === 0))
    child.on('error', () => resolve(false))
  })
}

/** How many tests a run of vitest counted, from its own report. */
async function countsOf(check: Check): Promise<{ passed: number; failed: number } | null> {
  const file = check.words.find((word) => word.startsWith('--outputFile='))?.split('=')[1]
  if (!file) return null
  const { readFile } = await import('node:fs/promises')
  try {
    const report = JSON.parse(await readFile(path.join(root, file), 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
    }
    return { passed: report.numPassedTests, failed: report.numFailedTests }
  } catch {
    return null
  }
}
