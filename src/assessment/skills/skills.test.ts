import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TeachingService } from '#directory/index.ts'
import { foldedWords, type SkillId, type SkillKind } from '#occupations/index.ts'
import { newId } from '#platform/ids.ts'
import { readEntry } from './skills.form.ts'
import { compareSkills, standing, told, type SkillEntry, type Told } from './skill-entry.ts'
import { tellingStems, typesThatTeach, whoMayTeach } from './teaching.ts'
import { toldFacts } from './told-facts.ts'

const now = new Date('2026-03-02T09:00:00Z')
const entry = (said: Told, more: Partial<SkillEntry> = {}): SkillEntry => ({
  ...said,
  ...{
    id: newId(),
    clientId: newId(),
    replaces: null,
    addedBy: newId(),
    addedAt: now,
    removedBy: null,
    removedAt: null,
  },
  ...more,
})
const skill = (name: string, kind: SkillKind = 'skill') => ({ id: newId<'skill'>() satisfies SkillId, name, kind })
const service = (name: string, text = ''): TeachingService => ({
  ...{ id: newId(), name, organizationName: 'School', serviceType: 'vocational_training', text: `${name} ${text}` },
})

test('what was taken back does not stand, and the same skill of two merged files is one', () => {
  const skillId = newId<'skill'>()
  const entries = [
    entry(told('skill', 'weld metal', { skillId })),
    entry(told('skill', 'weld metal', { skillId })),
    entry(told('language', 'ar', { level: 'C2' })),
    entry(told('language', 'ar', { level: 'B1' })),
    entry(told('task', 'fed the animals')),
    entry(told('task', 'fed the animals')),
    entry(told('job_held', 'cook'), { removedAt: now, removedBy: newId() }),
  ]
  expect(standing(entries).map(({ words }) => words)).toEqual([
    'weld metal',
    'ar',
    'fed the animals',
    'fed the animals',
  ])
})

test('a skill is on the list when it was ticked, or told in the same words', () => {
  const [weld, drive, cook] = [skill('weld metal'), skill('drive a lorry'), skill('cook meals')]
  const entries = [entry(told('skill', 'weld metal', { skillId: weld.id })), entry(told('skill', ' Drive a LORRY '))]
  const { has, missing } = compareSkills([weld, drive, cook], entries)
  expect([has, missing]).toEqual([[weld, drive], [cook]])
})

test('every skill of a job is either on the list or missing, in its order', () => {
  const needed = Array.from({ length: 8 }, (_, i) => skill(`skill ${i}`))
  fc.assert(
    fc.property(fc.subarray(needed), fc.subarray(needed), (ticked, takenBack) => {
      const entries = [
        ...ticked.map(({ id, name }) => entry(told('skill', name, { skillId: id }))),
        ...takenBack.map(({ id, name }) => entry(told('skill', name, { skillId: id }), { removedAt: now })),
      ]
      const { has, missing } = compareSkills(needed, entries)
      expect(has).toEqual(needed.filter((one) => ticked.includes(one)))
      expect(missing).toEqual(needed.filter((one) => !ticked.includes(one)))
    }),
  )
})

test('a service may teach a skill when it names what the skill says, in whatever ending', () => {
  const gaps = [skill('weld metal'), skill('keep to food hygiene rules'), skill('work well in a team')]
  const services = [
    service('Welding course'),
    service('Kitchen start', 'Food hygiene and knife work'),
    service('Team sports'),
  ]
  const found = whoMayTeach(gaps, services, foldedWords)
  expect(found.get(gaps[0]!.id)).toMatchObject([{ service: { name: 'Welding course' }, words: ['welding'] }])
  expect(found.get(gaps[1]!.id)).toMatchObject([{ service: { name: 'Kitchen start' }, words: ['food', 'hygiene'] }])
})

test('one word of two in a description says too little, and in the name enough', () => {
  const gap = skill('follow health and safety rules')
  const services = [service('Steady steps', 'For people with a health condition'), service('Safety at work')]
  const found = whoMayTeach([gap], services, foldedWords).get(gap.id)
  expect(found?.map((one) => one.service.name)).toEqual(['Safety at work'])
})

test('a word alone of a skill with many says too little', () => {
  const gaps = [skill('measure pulse, temperature and blood pressure')]
  expect(whoMayTeach(gaps, [service('Blood donors')], foldedWords).get(gaps[0]!.id)).toEqual([])
})

test('a digital skill that no service names is taught by the type for it, and a language by none', () => {
  const gaps = [skill('query databases', 'digital'), skill('interpret between two languages', 'language')]
  const courses = [
    { ...service('Computers from scratch'), serviceType: 'digital_skills' as const },
    { ...service('English for work'), serviceType: 'language_training' as const },
  ]
  expect(typesThatTeach(gaps)).toEqual(['digital_skills'])
  const found = whoMayTeach(gaps, courses, foldedWords)
  expect(found.get(gaps[0]!.id)).toMatchObject([{ service: { name: 'Computers from scratch' }, words: [] }])
  expect(found.get(gaps[1]!.id)).toEqual([])
})

test('a skill of empty words alone finds nobody', () => {
  expect(tellingStems('use different things well', foldedWords)).toEqual([])
  const gap = skill('use different things well')
  expect(whoMayTeach([gap], [service('use things')], foldedWords).get(gap.id)).toEqual([])
})

test.each([
  ['a job without words', 'job_held', { words: ' ' }, 'job_held-words'],
  ['years that are no number', 'job_held', { words: 'cook', years: 'many' }, 'job_held-years'],
  ['more years than a life', 'job_held', { words: 'cook', years: '71' }, 'job_held-years'],
  ['a credential that nobody said counts or not', 'credential', { words: 'Nurse' }, 'credential-recognised'],
  ['a language that is none', 'language', { words: 'xx-nothing-at-all', level: 'B1' }, 'language-words'],
  ['a level that is none', 'language', { words: 'ar', level: 'D1' }, 'language-level'],
] as const)('%s is said beside its field', (_, kind, body, field) => {
  expect(readEntry(kind, body)).toMatchObject({ ok: false, problem: [{ field }] })
})

test('years may be halves, with a point or a comma', () => {
  expect(readEntry('job_held', { words: 'cook', years: '2,5', place: '' })).toMatchObject({
    value: { years: 2.5, place: null },
  })
})

test('facts follow from what was told by then, and what was not told is not known', () => {
  const later = new Date('2026-05-02T09:00:00Z')
  const entries = [
    entry(told('language', 'ar', { level: 'C2' })),
    entry(told('language', 'fr', { level: 'none' })),
    entry(told('language', 'de', { level: 'A2' }), { addedAt: later }),
    entry(told('credential', 'Nurse', { recognised: 'no' }), { removedAt: later, removedBy: newId() }),
    entry(told('credential', 'Cook', { recognised: 'earned_here' })),
  ]
  const asTold = { languages: ['ar'], credential_abroad: true, credential_recognised: false }
  expect(toldFacts(entries, now)).toEqual(asTold)
  expect(toldFacts(entries, later)).toEqual({ languages: ['ar', 'de'] })
  expect(toldFacts([], now)).toEqual({})
})
