import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId, type ServiceId } from '#platform/ids.ts'
import { iconArray } from './icon-array.ts'
import { mostOptions, namedOption, orderOf, pickOptions, usualOptions } from './together.ts'

type Standing = 'eligible' | 'not_known' | 'not_eligible'

const named = (name: string, standing: Standing = 'eligible') => ({
  ...{ id: newId<'service'>(), name, standing, type: null, tier: 1 },
})
const ranking = (...services: ReturnType<typeof named>[]) => ({ services })

describe('what stands side by side', () => {
  const [bake, weld, speak, far] = [named('Bake'), named('Weld'), named('Speak'), named('Far')]
  const closed = named('Closed to them', 'not_eligible')
  const open = named('A question open', 'not_known')
  const all = ranking(bake, weld, speak, far, open, closed)

  test('is the first three of the ranking unless the adviser picks others', () => {
    expect(usualOptions(all).map(({ name }) => name)).toEqual(['Bake', 'Weld', 'Speak'])
  })

  test('is of different kinds where these stand in one tier, and never of a lower tier for the sake of another kind', () => {
    const kind = (name: string, type: string, tier: number) => ({ ...named(name), type, tier })
    const order = (services: ReturnType<typeof kind>[]) => usualOptions({ services }).map(({ name }) => name)
    const [first, second, third] = [kind('Ann', 'a', 1), kind('Abe', 'a', 1), kind('Amy', 'a', 1)]
    expect(order([first, second, third, kind('Bob', 'b', 1), kind('Cy', 'c', 1)])).toEqual(['Ann', 'Bob', 'Cy'])
    expect(order([first, second, third, kind('Bob', 'b', 1)])).toEqual(['Ann', 'Abe', 'Bob'])
    expect(order([first, second, third, kind('Bob', 'b', 2)])).toEqual(['Ann', 'Abe', 'Amy'])
    expect(order([first, kind('Bob', 'b', 2), kind('Bea', 'b', 2), kind('Cy', 'c', 2)])).toEqual(['Ann', 'Bob', 'Cy'])
  })

  test('keeps the order of the ranking, whatever the order of picking', () => {
    const picked = pickOptions(all, [far.id, bake.id])
    expect(picked.ok && picked.value.map(({ name }) => name)).toEqual(['Bake', 'Far'])
  })

  test('is never one that is not open to the client, and never more than three', () => {
    expect(pickOptions(all, [bake.id, closed.id])).toMatchObject({ problem: { kind: 'not_eligible', service: closed } })
    expect(
      pickOptions(
        all,
        [bake, weld, speak, far].map(({ id }) => id),
      ),
    ).toMatchObject({ problem: { kind: 'too_many' } })
    expect(pickOptions(all, [])).toMatchObject({ problem: { kind: 'none' } })
    expect(pickOptions(all, [newId<'service'>()])).toMatchObject({ problem: { kind: 'not_in_ranking' } })
  })

  test('may be one of which a question is still open', () => {
    expect(pickOptions(all, [open.id]).ok).toBe(true)
  })

  test('is found by its whole name before a part of another', () => {
    expect(namedOption(ranking(named('Baker School'), named('Bake')), ' bAKE ')?.name).toBe('Bake')
    expect(namedOption(all, 'quest')?.name).toBe('A question open')
    expect(namedOption(all, ' ')).toBeUndefined()
  })
})

describe('the client\u2019s order', () => {
  const shown = [newId<'service'>(), newId<'service'>(), newId<'service'>()] as const
  const said = (...places: string[]) => new Map<ServiceId, string>(places.map((place, at) => [shown[at]!, place]))

  test('survives as it was said; what was not mentioned is neither wanted nor turned down', () => {
    const order = orderOf(shown, said('2', '', '1'))
    expect(order).toEqual({ ok: true, value: { shown, wanted: [shown[2], shown[0]], turnedDown: [] } })
    expect(orderOf(shown, said('none', 'none', 'none'))).toMatchObject({ value: { wanted: [], turnedDown: shown } })
  })

  test('is asked again where nothing was said, or two have one place', () => {
    expect(orderOf(shown, said('', '4', 'x'))).toMatchObject({ problem: 'nothing_said' })
    expect(orderOf(shown, said('1', '1'))).toMatchObject({ problem: 'same_place' })
  })

  test('names each service once at most, and only what was shown', () => {
    const place = fc.constantFrom('', '1', '2', '3', '4', 'none', '01', ' 1', '1.5', '-1')
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: mostOptions }), (places) => {
        const order = orderOf(shown.slice(0, places.length), said(...places))
        if (!order.ok) return
        const all = [...order.value.wanted, ...order.value.turnedDown]
        expect(new Set(all).size).toBe(all.length)
        expect(all.every((id) => order.value.shown.includes(id))).toBe(true)
      }),
    )
  })
})

describe('a picture of a hundred people', () => {
  const people = (path: string) => (path.match(/M/g) ?? []).length / 2

  test('shows as many filled as it says, and a hundred in all', () => {
    for (const count of [0, 1, 41, 100]) {
      const [, others = '', filled = ''] = /<path d="([^"]*)".*<path d="([^"]*)"/.exec(iconArray(count, 'words')) ?? []
      expect([people(filled), people(others)]).toEqual([count, 100 - count])
    }
  })

  test('says the same to who cannot see it, and carries no style of its own', () => {
    expect(iconArray(7, '7 of "100" <people>')).toContain('aria-label="7 of &#34;100&#34; &#60;people&#62;"')
    expect(iconArray(7, '')).not.toContain('style')
  })

  test('refuses what is no number of people of a hundred', () => {
    for (const count of [-1, 101, 40.5, NaN]) expect(() => iconArray(count, '')).toThrow('0 to 100')
  })
})
