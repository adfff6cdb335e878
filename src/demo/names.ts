// Invented names. Any likeness is chance: given and family names are drawn apart.

import type { Random } from '#numerics/index.ts'

const given = {
  female: [
    'Amara',
    'Beatrix',
    'Carmen',
    'Dilan',
    'Elif',
    'Fiona',
    'Grace',
    'Halima',
    'Ines',
    'Joana',
    'Kamila',
    'Leila',
    'Maryam',
    'Nadia',
    'Oksana',
    'Petra',
    'Rahel',
    'Salma',
    'Tereza',
    'Uma',
    'Vera',
    'Wilma',
    'Xenia',
    'Yara',
    'Zofia',
  ],
  male: [
    'Adam',
    'Bilal',
    'Cosmin',
    'Daniel',
    'Emre',
    'Farid',
    'Goran',
    'Hamid',
    'Idris',
    'Jonas',
    'Kwame',
    'Lukas',
    'Mateus',
    'Nils',
    'Omar',
    'Pavel',
    'Rui',
    'Samir',
    'Tomas',
    'Ugo',
    'Viktor',
    'Walid',
    'Yusuf',
    'Zoran',
    'Aksel',
  ],
  other: ['Robin', 'Sasha', 'Kim', 'Noor', 'Alex'],
} as const

const family = [
  ...['Abara', 'Bellweather', 'Castellan', 'Demirov', 'Eskander', 'Fairburn', 'Gashi', 'Haverling', 'Ibarra', 'Jurado'],
  ...[
    'Kassem',
    'Lindqvast',
    'Marchetti',
    'Nakamba',
    'Orlovska',
    'Petrosyan',
    'Quintal',
    'Rahmani',
    'Sadiki',
    'Tadesse',
  ],
  ...['Umarov', 'Vasquelle', 'Wexcombe', 'Yilmazer', 'Zielin', 'Ashgrove', 'Brandvold', 'Cherkov', 'Dunmere', 'Elhadi'],
  ...[
    'Farrowby',
    'Greenhalge',
    'Hossaini',
    'Ivanek',
    'Jammeh',
    'Kovalen',
    'Lambrecht',
    'Moravia',
    'Nyberg-Holt',
    'Okonjo',
  ],
] as const

export function drawName(random: Random, sex: unknown): { readonly given: string; readonly family: string } {
  const list = sex === 'female' ? given.female : sex === 'male' ? given.male : given.other
  return {
    given: list[random.below(list.length)] ?? 'Robin',
    family: family[random.below(family.length)] ?? 'Ashgrove',
  }
}

/** A number of the range that is kept for fiction (01632 960000 to 960999). */
export function drawPhone(random: Random): string {
  return `01632 960${String(random.below(1000)).padStart(3, '0')}`
}
