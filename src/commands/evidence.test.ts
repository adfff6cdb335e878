import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Card } from '#evidence/engine/card.ts'
import { runCommand } from './command.ts'
import { explainCommand } from './explain.command.ts'
import { learnCommand } from './learn.command.ts'
import { predictCommand } from './predict.command.ts'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-evidence-'))
const data = path.join(root, 'episodes.csv')
const model = path.join(root, 'model')
const wanted = ['--data', data, '--treatment', 'service', '--control', 'none', '--outcome', 'employed12m']

beforeAll(() => {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const service = ['none', 'language', '"work, paid"'][i % 3]!
    return `${service},${i % 3 === 2 || i % 4 === 0 ? 1 : 0},${20 + (i % 40)},${i % 2 ? 'north' : 'south'}`
  })
  fs.writeFileSync(data, ['service,employed12m,age,region', ...rows, ''].join('\n'))
})
afterAll(() => fs.rmSync(root, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command as people do, as a process. `onWords`: hears its standard error as it comes. */
function run(words: readonly string[], onWords?: (child: { stop(): void }, said: string) => void): Promise<Ended> {
  const script = path.join(import.meta.dirname, '..', 'main.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString()
    onWords?.({ stop: () => child.kill('SIGINT') }, said.stderr)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
}

describe('a model is learned from a file, explained and used', () => {
  test('learn --json prints the averages, whether the model may rank, and what it cost', async () => {
    const words = ['learn', ...wanted, '--protected', 'age', '--trees', '16', '--json']
    const [{ code, stdout }, other] = await Promise.all([
      run([...words, '--out', model]),
      run([...words, '--out', path.join(root, 'alone'), '--threads', '0']),
    ])
    expect([code, other.code]).toEqual([0, 0])
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ rows: 200, refused: { count: 0 }, threads: 2, seed: 1 },
      averages: [{ arm: 'language' }, { arm: 'work, paid' }],
      treated: [{ arm: 'language' }, { arm: 'work, paid' }],
    })
    const { calibration, usedForRanking } = JSON.parse(stdout) as { calibration: object; usedForRanking: unknown }
    expect(calibration).toEqual({ passed: expect.any(Boolean) as boolean })
    expect(typeof usedForRanking).toBe('boolean')
    const { seconds, cpuSeconds, peakMiB } = JSON.parse(stdout) as Record<string, number>
    expect(Math.min(seconds!, cpuSeconds!)).toBeGreaterThan(0.1)
    expect(peakMiB).toBeGreaterThan(30)
    expect(fs.readdirSync(model).sort()).toEqual(['manifest.json', 'model.bin'])
    // Whatever the threads, the same file and seed give the same model to the last bit.
    const bytes = ['model', 'alone'].map((name) => fs.readFileSync(path.join(root, name, 'model.bin')))
    expect(bytes[0]!.equals(bytes[1]!)).toBe(true)
  })

  test('explain prints the card, for people and for machines', async () => {
    const [forPeople, forMachines] = await Promise.all([
      run(['explain', '--model', model]),
      run(['explain', '--model', model, '--json']),
    ])
    expect(forPeople.stdout).toMatch(
      /^From 200 past episodes and employed12m: on average work, paid has the highest estimate/,
    )
    expect(forPeople.stdout).toContain('protected, so never ranked by: age.')
    const card = JSON.parse(forMachines.stdout) as { arms: { arm: string }[] }
    expect(card.arms.map(({ arm }) => arm)).toEqual(['none', 'language', 'work, paid'])
  })

  test('with places the rule of predict keeps to them, and explain tells of them', async () => {
    const kept = path.join(root, 'kept')
    const out = path.join(root, 'KEPT.csv')
    const order = ['--trees', '4', '--cost', 'language=0.5', '--capacity', 'work, paid=0.25,language=1', '--out', kept]
    expect((await run(['learn', ...wanted, ...order])).code).toBe(0)
    const [{ stdout }] = await Promise.all([
      run(['explain', '--model', kept]),
      run(['predict', '--model', kept, '--data', data, '--out', out]),
    ])
    expect(stdout).toContain('Learned with these costs and places')
    expect(stdout).toMatch(/work, paid +0\.0 +25\.0 % of the people/)
    const chosen = parse(fs.readFileSync(out, 'utf8'))
      .slice(1)
      .map((row) => row.at(-1))
    const count = (arm: string) => chosen.filter((each) => each === arm).length
    expect(count('work, paid')).toBeLessThanOrEqual(50)
    expect(count('language')).toBe(0)
  })

  test('predict writes a line for every row of the file, in order', async () => {
    const out = path.join(root, 'PRED.csv')
    const ended = await run(['predict', '--model', model, '--data', data, '--out', out])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('200 rows predicted.')
    // What may not rank is written all the same, and said.
    const { usedForRanking } = JSON.parse((await run(['explain', '--model', model, '--json'])).stdout) as Card
    expect(ended.stdout.includes('go by its averages')).toBe(!usedForRanking)
    const [head, ...rows] = parse(fs.readFileSync(out, 'utf8'))
    const columns = ['language', 'work, paid'].flatMap((arm) =>
      ['tau', 'lo', 'hi', 'support'].map((what) => `${what}_${arm}`),
    )
    expect(head).toEqual([...columns, 'policy'])
    expect(rows).toHaveLength(200)
    for (const row of rows) expect(['none', 'language', 'work, paid']).toContain(row.at(-1))
  })

  test('predict --out - writes the same to standard output, and words elsewhere', async () => {
    const { stdout, stderr, code } = await run(['predict', '--model', model, '--data', data, '--out', '-'])
    expect(code).toBe(0)
    expect(stdout).toBe(fs.readFileSync(path.join(root, 'PRED.csv'), 'utf8'))
    expect(stderr).toContain('200 rows predicted.')
  })
})

test('a file as people keep it: semicolons, yes and no, one wrong row; the model is saved and the exit code says so', async () => {
  const kept = path.join(root, 'kept.csv')
  const rows = fs.readFileSync(data, 'utf8').replaceAll('"', '').replaceAll(', ', ' ').trim().split('\n').slice(1)
  const lines = rows.map((row) => row.replace(/,(\d),/, (_, one) => (one === '1' ? ',Yes,' : ',no,')))
  lines[4] = lines[4]!.replace(/,(Yes|no),/, ',perhaps,')
  fs.writeFileSync(kept, ['service,employed12m,age,region', ...lines, ''].join('\n').replaceAll(',', ';'))
  const out = path.join(root, 'from-kept')
  const words = [
    '--treatment',
    'service',
    '--control',
    'none',
    '--outcome',
    'employed12m',
    '--trees',
    '8',
    '--threads',
    '0',
  ]
  const { code, stdout, stderr } = await run(['learn', '--data', kept, ...words, '--out', out])
  expect(code).toBe(1)
  expect(stderr).toContain('line 6: “employed12m” “perhaps” is no number, nor yes or no')
  expect(stdout).toMatch(/The model is saved in .*; 1 row was refused and left out, so the exit code is 1\.\n$/)
  expect(fs.existsSync(path.join(out, 'model.bin'))).toBe(true)
})

describe('stopped with Ctrl-C', () => {
  test('learning saves nothing, and leaves the model that was there', { timeout: 30_000 }, async () => {
    const before = fs.readFileSync(path.join(model, 'manifest.json'), 'utf8')
    const stopped = ['0', '2'].map(async (threads) => {
      const words = ['learn', ...wanted, '--trees', '100000', '--threads', threads, '--out', model]
      let asked = 0
      // Twice, as it comes from the terminal and again from the launcher.
      const ended = await run(words, (child, said) => {
        if (said.includes('Learning: ') && asked++ === 0) for (const _ of [1, 2]) child.stop()
      })
      expect(ended.stderr).toMatch(/Learning: \d+ %/)
      expect(ended.stderr).toContain('Stopped. Nothing was saved.')
      expect(ended.code).toBe(3)
    })
    await Promise.all(stopped)
    expect(fs.readFileSync(path.join(model, 'manifest.json'), 'utf8')).toBe(before)
    expect(fs.readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('refused with one sentence', () => {
  const entries = Object.entries({ learn: learnCommand, predict: predictCommand, explain: explainCommand }).map(
    ([name, command]) => ({ name, summary: '', load: () => Promise.resolve(command) }),
  )

  /** Here and now: a process takes a second to start. */
  const refused = async (words: readonly string[]) => {
    const said: string[] = []
    const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((words) => said.push(String(words)) > 0)
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(() => expect.unreachable())
    const code = await runCommand(entries, words).finally(() => {
      stderr.mockRestore()
      stdout.mockRestore()
    })
    return { code, sentence: said.join('').split('\n')[0] }
  }

  test('a folder that holds something else, before anything is learned', async () => {
    const diary = path.join(root, 'diary')
    fs.mkdirSync(diary)
    fs.writeFileSync(path.join(diary, 'monday.txt'), 'mine')
    const { code, sentence } = await refused(['learn', ...wanted, '--trees', '100000', '--out', diary])
    expect([code, sentence]).toEqual([1, expect.stringContaining('is not a learned model; it is left as it is')])
  })

  test('a column that is not there, a seed or a number of threads that is none', async () => {
    const out = ['--out', path.join(root, 'other')]
    expect((await refused(['learn', ...wanted, '--cluster', 'town', ...out])).sentence).toContain('no column “town”')
    expect(await refused(['learn', ...wanted, '--seed', 'x', ...out])).toMatchObject({ code: 2 })
    expect(await refused(['learn', ...wanted, '--threads', '-1', ...out])).toMatchObject({ code: 2 })
    expect(await refused(['learn', '--data', data, ...out])).toEqual({ code: 2, sentence: '--treatment is missing.' })
    expect(await refused(['learn', ...out])).toEqual({ code: 2, sentence: '--out goes with --data.' })
    expect(await refused(['learn', ...wanted, '--network', 'demo', ...out])).toMatchObject({ code: 2 })
  })

  test('costs and places that are none, before the file is read; of a service that nobody took, before anything is learned', async () => {
    const out = ['--out', path.join(root, 'other')]
    const unread = ['learn', ...wanted.with(1, path.join(root, 'nowhere.csv')), ...out]
    expect(await refused([...unread, '--cost', 'language=much'])).toEqual({
      ...{ code: 2, sentence: '--cost of “language” is a number, 0 or more.' },
    })
    expect((await refused([...unread, '--capacity', 'language=20'])).sentence).toContain('a share of the people')
    expect((await refused([...unread, '--cost', 'none=1'])).sentence).toContain('costs nothing and has no limit')
    expect(await refused(['learn', ...wanted, '--capacity', 'swimming=0.2', ...out])).toEqual({
      ...{ code: 1, sentence: '--capacity names “swimming”, which is none of the services: language, work, paid.' },
    })
  })

  test('a file from which nothing can be learned, and no folder is made for it', async () => {
    const alike = path.join(root, 'alike.csv')
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'none' : 'language'},1,${i}`)
    fs.writeFileSync(alike, ['service,employed12m,age', ...rows, ''].join('\n'))
    const out = path.join(root, 'nothing')
    const words = ['--treatment', 'service', '--control', 'none', '--outcome', 'employed12m', '--json', '--out', out]
    const { code, stderr } = await run(['learn', '--data', alike, ...words])
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(fs.existsSync(out)).toBe(false)
  })

  test('a model that is missing or damaged', async () => {
    const missing = path.join(root, 'nowhere')
    expect((await refused(['explain', '--model', missing])).sentence).toBe(`There is no folder ${missing}.`)
    const hurt = path.join(root, 'hurt')
    fs.cpSync(model, hurt, { recursive: true })
    const bytes = fs.readFileSync(path.join(hurt, 'model.bin'))
    bytes[bytes.length >> 1]! ^= 4
    fs.writeFileSync(path.join(hurt, 'model.bin'), bytes)
    const out = path.join(root, 'never.csv')
    const { code, sentence } = await refused(['predict', '--model', hurt, '--data', data, '--out', out])
    expect([code, sentence]).toEqual([1, expect.stringContaining('is damaged: model.bin is not as it was written')])
    expect(fs.existsSync(out)).toBe(false)
  })

  test('predictions in place of the file they are for, in a folder, or without the features', async () => {
    const words = ['predict', '--model', model, '--data', data]
    expect((await refused([...words, '--out', data])).sentence).toContain('--out is the file that is read')
    expect((await refused([...words, '--out', root])).sentence).toContain('is a folder')
    expect((await refused([...words, '--out', path.join(root, 'no', 'p.csv')])).sentence).toContain(
      'There is no folder',
    )
    const few = path.join(root, 'few.csv')
    fs.writeFileSync(few, 'age\n20\n')
    const other = ['predict', '--model', model, '--data', few, '--out', path.join(root, 'p.csv')]
    expect((await refused(other)).sentence).toBe('The file has no column “region”.')
  })
})
