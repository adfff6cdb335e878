import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLearningFile } from './read-learning-file.run.ts'
import { readRowsToPredict, type KnownFeature, type RowPiece } from './read-rows.run.ts'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-rows-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

let files = 0
function fileOf(content: string, ending = 'csv'): string {
  const file = path.join(folder, `${++files}.${ending}`)
  fs.writeFileSync(file, content)
  return file
}

const features: readonly KnownFeature[] = [
  { name: 'age', kind: 'number', levels: [] },
  { name: 'region', kind: 'category', levels: ['north', 'south'] },
  { name: 'school', kind: 'ordered', levels: ['low', 'high'] },
]

async function gathered(pieces: AsyncIterable<RowPiece>): Promise<RowPiece[]> {
  const all: RowPiece[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}

async function piecesOf(file: string, known = features, chunk?: number): Promise<RowPiece[]> {
  const read = await readRowsToPredict(file, known, { chunk })
  if (!read.ok) throw new Error(read.problem.sentence)
  return gathered(read.value.pieces)
}

async function refusal(content: string): Promise<string> {
  const read = await readRowsToPredict(fileOf(content), features)
  return read.ok ? 'read' : read.problem.sentence
}

test('features are found by name, other columns are passed over, and what the model never met is not known', async () => {
  const file = fileOf('region,x,school,age\nsouth,1,high,40\nwest,2,,forty\n north ,3,middle,\n')
  expect(await piecesOf(file)).toEqual([
    {
      ...{ from: 0, rows: 3, strange: [1, 1, 1] },
      columns: [Float64Array.of(40, NaN, NaN), Float64Array.of(1, NaN, 0), Float64Array.of(1, NaN, NaN)],
    },
  ])
})

test('a label beyond the levels is among the other levels where the model learned of such', async () => {
  const known: KnownFeature[] = [{ name: 'town', kind: 'category', levels: ['here', 'other levels'] }]
  const [piece] = await piecesOf(fileOf('town\nhere\nthere\nNA\n'), known)
  expect(piece).toMatchObject({ columns: [Float64Array.of(0, 1, NaN)], strange: [0] })
})

test('a file without rows gives no pieces', async () => {
  expect(await piecesOf(fileOf('age,region,school\n'))).toEqual([])
})

test('a missing column and a row of another length refuse the file', async () => {
  expect(await refusal('age,x\n1,2\n')).toBe('The file has no column “region”, “school”.')
  expect(await refusal('age,region,school\n1,north,low\n2,north\n')).toMatch(
    /^Line 3 has 2 cells where the header has 3/,
  )
})

test('the rows learned from are read alike when predicted for', async () => {
  const lines = Array.from(
    { length: 3000 },
    (_, i) => `${i % 7 ? i : ''},r${i % 5},${i % 2 ? 't' : 'none'},${i % 3 ? 1 : 0}`,
  )
  const file = fileOf(`age,region,service,works\n${lines.join('\n')}\n`)
  const learned = await readLearningFile(file, { treatment: 'service', control: 'none', outcome: 'works' })
  if (!learned.ok) throw new Error(learned.problem.sentence)
  const pieces = await piecesOf(file, learned.value.table.features, 1000)
  expect(pieces.map(({ from, rows }) => [from, rows])).toEqual([0, 1000, 2000].map((from) => [from, 1000]))
  learned.value.table.features.forEach(({ values }, j) => {
    expect(Float64Array.from(pieces.flatMap(({ columns }) => [...columns[j]!]))).toEqual(values)
  })
})

test('300,000 rows stream by in their order, and the memory does not hold them', async () => {
  const file = path.join(folder, 'long.csv')
  const out = fs.openSync(file, 'w')
  fs.writeSync(out, 'place,a,b,c,region,school\n')
  for (let from = 0; from < 300_000; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => `${from + i},${i},${i * 0.5},${i % 9},r${i % 4},low\n`)
    fs.writeSync(out, lines.join(''))
  }
  fs.closeSync(out)
  const known: KnownFeature[] = ['place', 'a', 'b', 'c'].map((name) => ({ name, kind: 'number', levels: [] }))
  const read = await readRowsToPredict(file, known)
  if (!read.ok) throw new Error(read.problem.sentence)
  const before = process.memoryUsage.rss()
  let next = 0
  let isInOrder = true
  let most = 0
  for await (const { rows, columns } of read.value.pieces) {
    for (let i = 0; i < rows; i++) isInOrder &&= columns[0]![i] === next++
    most = Math.max(most, process.memoryUsage.rss() - before)
  }
  expect(isInOrder).toBe(true)
  expect(next).toBe(300_000)
  // A value a cell as an object would be ten times this.
  expect(most / 2 ** 20).toBeLessThan(150)
})

test('a reader who leaves early closes the file', async () => {
  const read = await readRowsToPredict(fileOf('age,region,school\n1,north,low\n2,north,low\n'), features, { chunk: 1 })
  if (!read.ok) throw new Error(read.problem.sentence)
  for await (const { from } of read.value.pieces) {
    expect(from).toBe(0)
    break
  }
  expect(await gathered(read.value.pieces)).toEqual([])
})
