// Languages as BCP 47 tags, read from the many ways in which directories write them.

/** Tags that people choose from in forms, by how often services in one-stop networks name them. */
export const commonLanguages = [
  ...[
    'en',
    'es',
    'fr',
    'de',
    'it',
    'pt',
    'ar',
    'fa',
    'ps',
    'prs',
    'ku',
    'tr',
    'uk',
    'ru',
    'pl',
    'ro',
    'bg',
    'sq',
    'sr',
  ],
  ...[
    'so',
    'ti',
    'am',
    'sw',
    'ur',
    'hi',
    'pa',
    'bn',
    'ta',
    'ne',
    'zh',
    'yue',
    'vi',
    'fil',
    'ko',
    'ja',
    'th',
    'my',
    'ase',
  ],
] as const

const spoken: Readonly<Record<string, string>> = {
  ...{ mandarin: 'zh', taiwanese: 'nan', 'chinese (taiwanese)': 'nan', 'chinese (mandarin)': 'zh' },
  ...{ 'chinese (cantonese)': 'yue', tagalog: 'fil', pilipino: 'fil', farsi: 'fa', dari: 'prs', pashtu: 'ps' },
  ...{
    'american sign language': 'ase',
    asl: 'ase',
    'british sign language': 'bfi',
    bsl: 'bfi',
    'sign language': 'sgn',
  },
  ...{ 'haitian creole': 'ht', tigrigna: 'ti', kurmanji: 'ku', sorani: 'ckb', castilian: 'es', mixteco: 'mxy' },
}

/** The tag for a code (`ur`, `eng`, `pt-BR`) or an English name (`Urdu`); null when nothing fits. */
export function languageTag(text: string): string | null {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return null
  const known = spoken[wanted] ?? englishNames.get(wanted)
  if (known !== undefined) return known
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(wanted)) return null
  const [tag] = canonical(wanted)
  const base = tag?.split('-')[0]
  return tag !== undefined && base !== undefined && isNamed(base) ? (spoken[base] ?? tag) : null
}

function canonical(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag)
  } catch {
    return []
  }
}

function isNamed(base: string): boolean {
  return english.of(base) !== undefined
}

const english = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

// Every language of one or two-letter code, and those with three letters that directories name.
const letters = [...'abcdefghijklmnopqrstuvwxyz']
const three = [
  'yue',
  'fil',
  'prs',
  'ckb',
  'nan',
  'ase',
  'bfi',
  'hmn',
  'mxy',
  'kea',
  'ceb',
  'ilo',
  'mai',
  'syr',
  'arc',
  'rom',
]
const englishNames = new Map<string, string>(
  [...letters.flatMap((a) => letters.map((b) => a + b)), ...three].flatMap((tag) => {
    const name = english.of(tag)
    // Two-letter codes of countries and withdrawn codes canonicalise to another tag: the first stays.
    return name === undefined || canonical(tag)[0] !== tag ? [] : [[name.toLowerCase(), tag] as const]
  }),
)
