/** A unit of a dimension: `factor` of them make one base unit's worth, so that 2 weeks equal 14 days. */
export interface Unit {
  readonly dimension: string
  readonly factor: number
}

const table: readonly (readonly [dimension: string, factor: number, words: string])[] = [
  ['share', 0.01, '% percent pct'],
  ['share', 0.01, 'per cent'],
  ['points', 1, '个百分点 百分点'],
  ['points', 1, 'percentage points|percentage point'],
  ['seconds', 1, 'second seconds sec secs 秒 秒钟'],
  ['seconds', 60, 'minute minutes min mins 分钟'],
  ['seconds', 3600, 'hour hours hr hrs 小时 个小时'],
  ['seconds', 86_400, 'day days 天 日 个工作日 工作日'],
  ['seconds', 604_800, 'week weeks 周 星期 个星期 礼拜'],
  // Months and years are no fixed number of days, in law above all.
  ['months', 1, 'month months 个月 月'],
  ['months', 12, 'year years yr yrs 年 周年 周岁 岁'],
  ['metres', 1, 'm metre metres meter meters 米'],
  ['metres', 1000, 'km kilometre kilometres kilometer kilometers 公里 千米'],
  ['metres', 0.01, 'cm centimetre centimetres centimeter centimeters 厘米'],
  ['metres', 0.001, 'mm millimetre millimetres millimeter millimeters 毫米'],
  ['miles', 1, 'mile miles 英里'],
  ['feet', 1, 'foot feet ft 英尺'],
  ['grams', 1, 'g gram grams 克'],
  ['grams', 1000, 'kg kilogram kilograms 公斤 千克'],
  ['grams', 0.001, 'mg milligram milligrams 毫克'],
  ['grams', 1e6, 'ton tons tonne tonnes 吨'],
  ['litres', 1, 'l litre litres liter liters 升'],
  ['litres', 0.001, 'ml millilitre millilitres milliliter milliliters 毫升'],
  ['degrees', 1, '°C ℃ 摄氏度'],
  ['yuan', 1, '元 块 圆 人民币 yuan rmb'],
  ['yuan', 0.1, '角'],
  ['dollars', 1, '美元 dollar dollars usd'],
  ['euros', 1, '欧元 euro euros eur'],
  ['pounds', 1, '英镑'],
]
const units: ReadonlyMap<string, Unit> = new Map(
  table.flatMap(([dimension, factor, words]) =>
    words
      .split(words.includes('|') || words === 'per cent' ? '|' : ' ')
      .map((word) => [word.toLowerCase(), { dimension, factor }] as const),
  ),
)
const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const byLength = [...units.keys()].toSorted((one, other) => other.length - one.length)
const latin = byLength.filter((word) => /^[a-z]/.test(word)).map(escape)
const others = byLength.filter((word) => !/^[a-z]/.test(word)).map(escape)
const unitPattern = new RegExp(`^(?:[ -]?(${latin.join('|')})(?![\\p{L}\\p{N}])| ?(${others.join('|')}))`, 'iu')
const signs: Readonly<Record<string, Unit>> = {
  $: { dimension: 'dollars', factor: 1 },
  '€': { dimension: 'euros', factor: 1 },
  '£': { dimension: 'pounds', factor: 1 },
  '¥': { dimension: 'yuan', factor: 1 },
}

/** The unit that `rest` begins with, and how many units of text name it. */
export function readUnit(rest: string): { readonly unit: Unit | null; readonly length: number } {
  const match = unitPattern.exec(rest)
  const unit = units.get((match?.[1] ?? match?.[2] ?? '').toLowerCase())
  return match === null || unit === undefined ? { unit: null, length: 0 } : { unit, length: match[0].length }
}

/** The sign of a currency that stands before a number. */
export function unitOfSign(sign: string): Unit | null {
  return signs[sign] ?? null
}
