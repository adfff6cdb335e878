// Names as they are compared: without accents and capitals, in Latin letters, word by word. Never shown to anyone.

/** Letters that Unicode does not take apart by itself, in the spelling that registers mostly use. */
const latin: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ŋ: 'n', ə: 'e', ŧ: 't' },
}

const cyrillic: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    ґ: 'g',
    д: 'd',
    ђ: 'dj',
    е: 'e',
    є: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    і: 'i',
    ј: 'j',
  },
  ...{
    к: 'k',
    л: 'l',
    љ: 'lj',
    м: 'm',
    н: 'n',
    њ: 'nj',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    ћ: 'c',
    у: 'u',
    ф: 'f',
  },
  ...{ х: 'kh', ц: 'ts', ч: 'ch', џ: 'dj', ш: 'sh', щ: 'sh', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
}

const greek: Readonly<Record<string, string>> = {
  ...{
    α: 'a',
    β: 'v',
    γ: 'g',
    δ: 'd',
    ε: 'e',
    ζ: 'z',
    η: 'i',
    θ: 'th',
    ι: 'i',
    κ: 'k',
    λ: 'l',
    μ: 'm',
    ν: 'n',
    ξ: 'x',
  },
  ...{ ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
}

/** Arabic, with Persian's and Urdu's own letters. Short vowels are not written: the sound of a word leaves them out too. */
const arabic: Readonly<Record<string, string>> = {
  ...{ ا: 'a', ب: 'b', پ: 'p', ت: 't', ث: 'th', ج: 'j', چ: 'ch', ح: 'h', خ: 'kh', د: 'd', ذ: 'dh', ر: 'r', ز: 'z' },
  ...{ ژ: 'zh', س: 's', ش: 'sh', ص: 's', ض: 'd', ط: 't', ظ: 'z', ع: 'a', غ: 'gh', ف: 'f', ق: 'q', ك: 'k', ک: 'k' },
  ...{ گ: 'g', ل: 'l', م: 'm', ن: 'n', ه: 'h', ة: 'a', و: 'u', ي: 'i', ی: 'i', ى: 'a', ء: '', ٱ: 'a' },
}

const letters: Readonly<Record<string, string>> = { ...latin, ...cyrillic, ...greek, ...arabic }

/** At the beginning of a word these two are consonants. */
const atTheBeginning: Readonly<Record<string, string>> = { و: 'w', ي: 'y', ی: 'y' }

/** Longer names are cut: nobody is told apart by a seventh word. */
const mostWords = 6
const longestWord = 24

/** The words of a name, folded, in the order written: `Müller-Ölçer, Zoë` gives muller, olcer, zoe. Words of scripts that
 *  are not spelled letter by letter (Chinese, Korean, …) stay as they are. Empty when nothing is a letter. */
export function wordsOfName(...parts: readonly (string | null | undefined)[]): readonly string[] {
  return parts
    .join(' ')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’ʼʻ`´]/gu, '')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
    .map((word) => inLatin(word).slice(0, longestWord))
    .filter((word) => word !== '')
    .slice(0, mostWords)
}

function inLatin(word: string): string {
  let out = ''
  for (const letter of word) {
    const first = out === '' ? atTheBeginning[letter] : undefined
    out += first ?? letters[letter] ?? letter
  }
  return out
}

/** Spellings that sound alike, as one: Mohammed, Muhamad and محمد give mhmt; Yusuf and Jusuf ysf. Takes a folded word. */
export function soundOf(word: string): string {
  if (!/^[a-z]+$/.test(word)) return word
  const spelled = sameSpellings.reduce((text, [from, to]) => text.replace(from, to), word).replace(/(.)\1+/g, '$1')
  const first = spelled.charAt(0)
  const rest = spelled
    .slice(1)
    .replace(/[aeiouyj]/g, '')
    .replace(/h$/, '')
    .replace(/d$/, 't')
    .replace(/b$/, 'p')
  return (/[aeiou]/.test(first) ? 'a' : first === 'j' ? 'y' : first) + rest
}

/** In this order: a longer spelling before the shorter one that it contains. */
const sameSpellings: readonly (readonly [RegExp, string])[] = [
  [/tsch|tch|sch|sh|ch|sz/g, 's'],
  [/ph/g, 'f'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/th/g, 't'],
  [/dh/g, 'd'],
  [/zh|dj|dzh/g, 'j'],
  [/ck|c|q/g, 'k'],
  [/x/g, 'ks'],
  [/w/g, 'v'],
  [/z/g, 's'],
]

/** The word and the word with each one letter left out. Two words that differ by one typing error (a letter wrong, missing,
 *  added, or two neighbours swapped) share one of these, so that equal keys find what a scan would. */
export function nearForms(word: string): readonly string[] {
  const forms = new Set([word])
  // Of three letters or fewer, one left out says nothing any more.
  if (word.length >= 4) for (let i = 0; i < word.length; i++) forms.add(word.slice(0, i) + word.slice(i + 1))
  return [...forms]
}
