const hanDigits: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
  兩: 2,
  貳: 2,
  參: 3,
  陸: 6,
}
const hanTens: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 拾: 10, 佰: 100, 仟: 1000 }
const hanGroups: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 }

/** Characters of Chinese numerals, as the inside of a character class. */
export const hanNumeralClass = `${Object.keys(hanDigits).join('')}${Object.keys(hanTens).join('')}${Object.keys(hanGroups).join('')}`

/** 三十 is 30, 一百零五 is 105, 二〇二四 is 2024, 三万五千 is 35,000. null for what is no number (十百). */
export function readHanNumeral(text: string): number | null {
  const characters = Array.from(text)
  if (characters.length > 24) return null
  if (characters.every((character) => hanDigits[character] !== undefined)) {
    return Number(characters.map((character) => hanDigits[character]).join(''))
  }
  let total = 0
  let group = 0
  let digit: number | null = null
  let lastTen = Infinity
  for (const character of characters) {
    const value = hanDigits[character]
    const ten = hanTens[character]
    const large = hanGroups[character]
    if (value !== undefined) {
      if (digit !== null && digit !== 0) return null
      digit = value
    } else if (ten !== undefined) {
      if (ten >= lastTen) return null
      group += (digit === null || digit === 0 ? 1 : digit) * ten
      lastTen = ten
      digit = null
    } else if (large !== undefined) {
      group += digit ?? 0
      if (group === 0) return null
      total = (total + group) * large
      group = 0
      digit = null
      lastTen = Infinity
    }
  }
  return total + group + (digit ?? 0)
}

const words: Readonly<Record<string, number>> = {
  zero: 0,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
}
const scales: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1000,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
}
const firstWord = `one|${Object.keys(words).join('|')}`
const anyWord = `${firstWord}|${Object.keys(scales).join('|')}`

/** A number in English words: "thirty", "twenty-one", "one hundred and five". Not a lone "one", which mostly counts nothing. */
export const wordNumeralPattern = new RegExp(`\\b(?:${firstWord})(?:(?:[ -]|,? and )(?:${anyWord}))*\\b`, 'gi')

/** What {@link wordNumeralPattern} finds, as a number; null for a lone "one" and for words that make no number. */
export function readWordNumeral(text: string): number | null {
  const parts = text
    .toLowerCase()
    .split(/[ ,-]+/)
    .filter((part) => part !== '' && part !== 'and')
  if (parts.length === 1 && parts[0] === 'one') return null
  let total = 0
  let group = 0
  for (const part of parts) {
    const value = part === 'one' ? 1 : words[part]
    const scale = scales[part]
    if (value !== undefined) {
      const isFree = group % 100 === 0 || (value < 10 && group % 100 >= 20 && group % 10 === 0)
      if (!isFree) return null
      group += value
    } else if (scale === 100) group = (group === 0 ? 1 : group) * 100
    else if (scale !== undefined) {
      total += (group === 0 ? 1 : group) * scale
      group = 0
    }
  }
  return total + group
}

/** What stands after digits and multiplies them. */
const multipliers: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(scales).filter(([word]) => word !== 'hundred')),
  万: 1e4,
  萬: 1e4,
  亿: 1e8,
  億: 1e8,
  百万: 1e6,
  千万: 1e7,
  万亿: 1e12,
  十亿: 1e9,
  mn: 1e6,
  bn: 1e9,
}
const multiplierPattern = new RegExp(
  `^(?: ?(万亿|百万|千万|十亿|[万萬亿億])| (thousand|million|billion|trillion)\\b| ?(mn|bn)\\b)`,
  'i',
)

/** What multiplies a number that ends where `rest` begins, and how many units of text say so. */
export function readMultiplier(rest: string): { readonly factor: number; readonly length: number } {
  const match = multiplierPattern.exec(rest)
  const word = match?.[1] ?? match?.[2] ?? match?.[3]
  return match === null || word === undefined
    ? { factor: 1, length: 0 }
    : { factor: multipliers[word.toLowerCase()] ?? 1, length: match[0].length }
}
