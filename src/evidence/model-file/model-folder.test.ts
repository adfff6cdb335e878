import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aCard } from '../engine/card.factory.ts'
import { checkModelPlace, putTogether, readModelFile, takeApart, writeModelFile } from './index.ts'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-models-'))
afterAll(() => fs.rmSync(root, { recursive: true }))

let made = 0
const aPlace = () => path.join(fs.mkdtempSync(path.join(root, `${made++}-`)), 'model')
const aFile = (value: number) => ({
  manifest: { engineVersion: '0.1.0', created: '2026-03-02T09:30:00.000Z', card: aCard({ seed: value }) },
  sections: takeApart({ values: Float64Array.of(value, 2, 3) }),
})

async function seedAt(folder: string): Promise<number | string> {
  const read = await readModelFile(folder)
  return read.ok ? read.value.manifest.card.seed : read.problem.reason
}

test('a model that was written is read as it was', async () => {
  const folder = aPlace()
  const written = await writeModelFile(folder, aFile(7))
  expect(written.ok).toBe(true)
  const read = await readModelFile(folder)
  expect(read.ok && putTogether(read.value.sections)).toStrictEqual({ values: Float64Array.of(7, 2, 3) })
  expect(fs.readdirSync(folder).sort()).toEqual(['manifest.json', 'model.bin'])
  expect(fs.readdirSync(path.dirname(folder))).toEqual(['model'])
})

test('a new model takes the place of the old one, and nothing of the old stays', async () => {
  const folder = aPlace()
  await writeModelFile(folder, aFile(1))
  await writeModelFile(folder, aFile(2))
  expect(await seedAt(folder)).toBe(2)
  expect(fs.readdirSync(path.dirname(folder))).toEqual(['model'])
})

test('a damaged model may be replaced', async () => {
  const folder = aPlace()
  await writeModelFile(folder, aFile(1))
  fs.truncateSync(path.join(folder, 'model.bin'), 20)
  expect(await seedAt(folder)).toBe('damaged')
  await writeModelFile(folder, aFile(2))
  expect(await seedAt(folder)).toBe(2)
})

test('whatever is no model is left as it is', async () => {
  const files = aPlace()
  fs.mkdirSync(files)
  fs.writeFileSync(path.join(files, 'diary.txt'), 'mine')
  const file = aPlace()
  fs.writeFileSync(file, 'mine')
  const others = aPlace()
  fs.mkdirSync(others)
  fs.writeFileSync(path.join(others, 'manifest.json'), '{"name":"a web page"}')
  const notes = aPlace()
  await writeModelFile(notes, aFile(1))
  fs.writeFileSync(path.join(notes, 'notes.txt'), 'beside the model')
  for (const folder of [files, file, others, notes]) {
    expect(await checkModelPlace(folder)).toMatchObject({ problem: { reason: 'not_a_model' } })
    expect(await writeModelFile(folder, aFile(3))).toMatchObject({ problem: { reason: 'not_a_model' } })
  }
  expect(fs.readFileSync(path.join(files, 'diary.txt'), 'utf8')).toBe('mine')
  expect(fs.readFileSync(file, 'utf8')).toBe('mine')
  expect(await seedAt(notes)).toBe(1)
})

test('an empty folder may become a model; one with no folder around it may not', async () => {
  const folder = aPlace()
  fs.mkdirSync(folder)
  expect((await writeModelFile(folder, aFile(4))).ok).toBe(true)
  expect(await seedAt(folder)).toBe(4)
  expect(await checkModelPlace(path.join(folder, 'deep', 'er'))).toMatchObject({ problem: { reason: 'no_parent' } })
})

test('stopped at the last moment, nothing is saved and the old model stays', async () => {
  const folder = aPlace()
  const stop = () => {
    throw new Error('stopped')
  }
  await expect(writeModelFile(folder, aFile(1), stop)).rejects.toThrow('stopped')
  expect(fs.readdirSync(path.dirname(folder))).toEqual([])
  await writeModelFile(folder, aFile(1))
  await expect(writeModelFile(folder, aFile(2), stop)).rejects.toThrow('stopped')
  expect(await seedAt(folder)).toBe(1)
  expect(fs.readdirSync(path.dirname(folder))).toEqual(['model'])
})

test('between the two steps of a replacement readers find the old model', async () => {
  const folder = aPlace()
  await writeModelFile(folder, aFile(1))
  // As a machine leaves it that loses power there: the old one set aside, the new one not yet in place.
  fs.renameSync(folder, path.join(path.dirname(folder), '.model.previous'))
  expect(await seedAt(folder)).toBe(1)
  await writeModelFile(folder, aFile(2))
  expect(await seedAt(folder)).toBe(2)
})

test('what is missing is said to be missing', async () => {
  const folder = aPlace()
  expect(await seedAt(folder)).toBe('missing')
  fs.mkdirSync(folder)
  expect(await seedAt(folder)).toBe('no_model')
  await writeModelFile(folder, aFile(1))
  fs.rmSync(path.join(folder, 'model.bin'))
  expect(await seedAt(folder)).toBe('damaged')
  fs.rmSync(path.join(folder, 'manifest.json'))
  fs.mkdirSync(path.join(folder, 'manifest.json'))
  expect(await seedAt(folder)).toBe('no_model')
})
