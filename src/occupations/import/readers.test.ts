import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldedWords, closeWords, typedWords } from '../word.ts'
import { escoFile, escoOccupation, escoRelation, escoSkill } from './esco.ts'
import { marketRow } from './labour-market.ts'
import { onetFile, onetNeed, onetOccupation, onetTitles } from './onet.ts'
import { FileRefused } from './row.ts'
import { readRows, type TableFile, type TableRow } from './table.reader.ts'

const fileOf = (...chunks: readonly (string | Uint8Array)[]): TableFile => ({
  name: 'file.csv',
  async *open() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  },
})

async function rowsOf(file: TableFile, separator: ',' | '\t' = ','): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const row of readRows(file, { separator, required: [] })) rows.push(row)
  return rows
}

describe('a file of rows', () => {
  test('has its columns by name, in any order and capitals, with or without a byte order mark', async () => {
    const rows = await rowsOf(fileOf('\uFEFF B ,a\r\n 1 ,"x, ""y""\nz"\r\n\r\n,2\n'))
    expect(rows).toEqual([
      { values: { b: '1', a: 'x, "y"\nz' }, line: 2, problem: null },
      { values: { a: '2' }, line: 5, problem: null },
    ])
  })

  test('separated by tabs has no quotes: a quotation mark is a letter', async () => {
    const rows = await rowsOf(fileOf('a\tb\n"open\tsaid "so", twice\n'), '\t')
    expect(rows[0]?.values).toEqual({ a: '"open', b: 'said "so", twice' })
  })

  test('is read as it comes: the first rows of one that never ends are there at once', async () => {
    let chunks = 0
    const endless: TableFile = {
      name: 'endless.csv',
      async *open() {
        yield new TextEncoder().encode('a,b\n')
        for (;;) {
          chunks++
          yield new TextEncoder().encode('1,2\n'.repeat(1000))
        }
      },
    }
    let rows = 0
    for await (const _ of readRows(endless, { separator: ',', required: ['a'] })) if (++rows === 20_000) break
    expect(rows).toBe(20_000)
    // 100 MB of it would be 25,000 chunks.
    expect(chunks).toBeLessThan(200)
  })

  test('of any bytes is read or refused with a reason, and never fails otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
        fc.boolean(),
        async (chunks, isTab) => {
          try {
            const rows = await rowsOf(fileOf('a,b\tc\n', ...chunks), isTab ? '\t' : ',')
            for (const { line } of rows) expect(line).toBeGreaterThan(1)
          } catch (error) {
            expect(error).toBeInstanceOf(FileRefused)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('gives back what was written, wherever the chunks are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '漢'), maxLength: 6 })
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.nat(60),
        async (table, cut) => {
          const bytes = new TextEncoder().encode(
            `a,b\n${table.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`,
          )
          const rows = await rowsOf(fileOf(bytes.subarray(0, cut), bytes.subarray(cut)))
          const wanted = table.map(([a, b]) => [a.trim(), b.trim()])
          expect(rows.map(({ values }) => [values['a'] ?? '', values['b'] ?? ''])).toEqual(wanted)
        },
      ),
      { numRuns: 100 },
    )
  })
})

test('rows of any values are entries or refused with a reason', () => {
  const names = [
    ...[
      'concepturi',
      'preferredlabel',
      'altlabels',
      'status',
      'iscogroup',
      'occupationuri',
      'skilluri',
      'relationtype',
    ],
    ...['o*net-soc code', 'title', 'element id', 'element name', 'scale id', 'data value', 'code', 'growth_percent'],
    ...['growth_years', 'earnings', 'earnings_per', 'currency', 'as_of', 'source', 'in_demand'],
  ]
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('29-1141.00', 'IM', '3.5', 'essential', '5120', '2025', 'EUR', 'year'),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (values) => {
      for (const read of [
        escoOccupation(values, 'en'),
        escoSkill(values, 'en', null),
        escoRelation(values),
        onetOccupation(values),
        onetTitles(values),
        onetNeed(values, 'skill'),
        marketRow(values, { source: null, asOf: null, isInDemand: true }),
      ])
        expect(read.ok ? read.value !== undefined : typeof read.problem === 'string').toBe(true)
    }),
  )
})

test('files are known by their names', () => {
  expect(escoFile('occupationSkillRelations_fr.csv')).toEqual({ kind: 'relations', language: 'fr' })
  expect(escoFile('languageSkillsCollection_en.csv')).toEqual({ kind: 'collection', language: 'en', of: 'language' })
  expect(['ISCOGroups_en.csv', 'occupations.csv', 'skillsHierarchy_en.csv'].map(escoFile)).toEqual([null, null, null])
  expect(['Occupation Data.txt', 'Skills.txt', 'Abilities.txt'].map(onetFile)).toEqual(['occupations', 'needs', null])
})

describe('words', () => {
  test('are compared without accents and capitals, in any script', () => {
    expect(foldedWords('Électricien/électricienne')).toEqual(['electricien', 'electricienne'])
    expect(foldedWords('Straßenbauer, C++')).toEqual(['strassenbauer', 'c++'])
    expect(foldedWords('Ηλεκτρολόγος')).toEqual(['ηλεκτρολογοσ'])
    expect(foldedWords('سَائِق')).toEqual(foldedWords('سايق'))
  })

  test('folding folded words changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = foldedWords(text)
        expect(foldedWords(words.join(' '))).toEqual(words)
      }),
    )
  })

  test('of one or two letters count only where there is no longer one', () => {
    expect([typedWords('I am a cook'), typedWords('IT')]).toEqual([['cook'], ['it']])
  })

  test('one slip of the finger finds its word among others', () => {
    const known = ['electrician', 'electronics', 'elector', 'plumber', 'nurse']
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.nat(10),
        fc.constantFrom('left out', 'doubled', 'swapped'),
        (word, at, slip) => {
          const i = at % (word.length - 1)
          const letters = [...word]
          if (slip === 'left out') letters.splice(i, 1)
          if (slip === 'doubled') letters.splice(i, 0, letters[i]!)
          if (slip === 'swapped') [letters[i], letters[i + 1]] = [letters[i + 1]!, letters[i]!]
          expect(closeWords(letters.join(''), known)).toContain(word)
        },
      ),
    )
  })
})
