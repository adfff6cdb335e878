import { describe, expect, test } from 'vitest'
import { growCausalForest } from './causal-forest.ts'
import { measureNeighbours } from './neighbours.ts'
import { nearestGroup, type GroupColumn } from './nearest.ts'
import { drawSample } from './sample.factory.ts'

const input = drawSample(3000, 61, 0.3)
const forest = growCausalForest(input, { seed: 2, minNode: 40 }, { from: 0, to: 80 })
const neighbours = measureNeighbours(forest, input)
const groupOf = (row: number, fewest = 5, most = 3) => nearestGroup(neighbours, input.table, row, { most, fewest })

function isIn(row: number, group: readonly GroupColumn[]): boolean {
  return group.every((part) => {
    const bin = input.table.bins[part.column * 3000 + row]!
    return part.kind === 'category' ? part.levels.includes(bin) : bin >= part.from && bin <= part.to
  })
}

describe('what the nearest past people have in common', () => {
  test('is what moves the effects: the side of the first column, and the category', () => {
    const firsts = Array.from({ length: 60 }, (_, row) => groupOf(row)[0]!)
    expect(firsts.every(({ column }) => column === 0 || column === 2)).toBe(true)
    const x = input.values[0]!
    const half = input.table.columns[0]!.edges.findIndex((edge) => edge > 0.5)
    for (let row = 0; row < 60; row++) {
      const part = groupOf(row).find(({ column }) => column === 0)
      if (part?.kind !== 'number' || Math.abs(x[row]! - 0.5) < 0.1) continue
      if (x[row]! > 0.5) expect(part.from).toBeGreaterThanOrEqual(half - 4)
      else expect(part.to).toBeLessThanOrEqual(half + 4)
    }
  })

  test('holds the person and as many past people as it must, and fewer facts the more people it must hold', () => {
    for (let row = 0; row < 40; row++) {
      for (const fewest of [5, 60]) {
        const group = groupOf(row, fewest)
        expect(isIn(row, group)).toBe(true)
        const people = Array.from({ length: 3000 }, (_, other) => other).filter((other) => isIn(other, group)).length
        expect(people).toBeGreaterThanOrEqual(fewest)
        expect(group.length).toBeLessThanOrEqual(groupOf(row, 5).length)
      }
      expect(groupOf(row, 3001)).toEqual([])
      expect(groupOf(row, 5, 1).length).toBeLessThanOrEqual(1)
    }
  })

  test('says nothing of an answer that is not known', () => {
    const bins = input.table.bins.slice()
    bins[0] = 255
    const group = nearestGroup(neighbours, { ...input.table, bins }, 0, { most: 3, fewest: 5 })
    expect(group.map(({ column }) => column)).not.toContain(0)
  })

  test('another number of columns is refused', () => {
    const table = { ...input.table, columns: [] }
    expect(() => nearestGroup(neighbours, table, 0, { most: 3, fewest: 5 })).toThrow(RangeError)
  })
})
