import { expect, it } from 'vitest'
import { isNothing, readSearch } from './client-search.ts'

it('a reference is read however it is typed', () => {
  for (const text of ['C-7K3F-6Q', 'c7k3f6q', 'c 7k3f 6q', ' C-7k3f-6q '])
    expect(readSearch(text).reference).toBe('C-7K3F-6Q')
  expect(readSearch('Cassand').reference).toBeNull()
})

it('a birth date is read in either order, with a name beside it', () => {
  expect(readSearch('Leila 3.4.1990')).toMatchObject({ words: ['leila'], birthDates: ['1990-04-03', '1990-03-04'] })
  expect(readSearch('1990-04-03')).toMatchObject({ words: [], birthDates: ['1990-04-03'], phoneEnd: null })
  expect(readSearch('31/12/1990').birthDates).toEqual(['1990-12-31'])
})

it('a phone number is read by its last seven digits', () => {
  expect(readSearch('+41 79 111 22 33')).toMatchObject({ phoneEnd: '1112233', words: [] })
  expect(readSearch('079/111 22 33').phoneEnd).toBe('1112233')
})

it('a text of nothing but signs looks for nothing', () => {
  expect(isNothing(readSearch(' --- '))).toBe(true)
  expect(isNothing(readSearch('%_*'))).toBe(true)
  expect(isNothing(readSearch('Li'))).toBe(false)
})
