import { expect, test } from 'vitest'
import { costOfProcess, startMeasuring } from './cost.ts'

test('work costs time and the processor', () => {
  const measure = startMeasuring()
  const until = performance.now() + 60
  while (performance.now() < until);
  const cost = measure()
  expect(cost.seconds).toBeGreaterThan(0.055)
  expect(cost.cpuSeconds).toBeGreaterThan(0)
})

test('memory that was held counts after it was given back', () => {
  const measure = startMeasuring()
  const before = measure().peakMiB
  const held = new Uint8Array((before + 40) * 2 ** 20).fill(1)
  expect(measure().peakMiB).toBeGreaterThan(before + 20)
  expect(held.length).toBeGreaterThan(0)
})

test('a process costs at least what its work did', () => {
  const measure = startMeasuring()
  const whole = costOfProcess()
  expect(whole.cpuSeconds).toBeGreaterThanOrEqual(measure().cpuSeconds)
  expect(whole.seconds).toBeGreaterThan(measure().seconds)
})
