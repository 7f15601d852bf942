import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { readAmounts } from '../../../../src/main/evidence/amounts.ts'
import { readDates } from '../../../../src/main/evidence/dates.ts'

describe('dates in a text', () => {
  it.each([
    ['signed 2024-05-03, ended 2025/12/31', [20240503, 20251231], ['2024-05-03', '2025/12/31']],
    ['自２０２４年５月３日起', [20240503], ['２０２４年５月３日']],
    ['二〇二四年十二月三十一日', [20241231], ['二〇二四年十二月三十一日']],
    ['2024年5月', [20240500], ['2024年5月']],
    ['on 3 May 2024 and the 21st of June, 2023', [20240503, 20230621], ['3 May 2024', '21st of June, 2023']],
    ['May 3rd, 2024; Sept. 2021', [20240503, 20210900], ['May 3rd, 2024', 'Sept. 2021']],
    ['31/12/2024 and 12/31/2024', [20241231, 20241231], ['31/12/2024', '12/31/2024']],
    ['03/05/2024 may be either', [20240000], ['03/05/2024']],
    ['03.05.2024', [20240503], ['03.05.2024']],
    ['2024-13-01, 32 May 2024, version 1.2.2024.7, 10-2024-05-03', [20240500], ['May 2024']],
    ['no date in May, nor in 2024', [], []],
  ] as const)('%s', (text, values, texts) => {
    const found = readDates(text)
    expect(found.map(({ value }) => value)).toEqual(values)
    expect(found.map((date) => date.text)).toEqual(texts)
    for (const { start, end, text: stated } of found) expect(text.slice(start, end)).toBe(stated)
  })
})

describe('amounts in a text', () => {
  it.each([
    ['a fee of $18,400 is due', [18_400], ['$18,400']],
    ['US$5 million and HK$ 300', [5_000_000, 300], ['US$5 million', 'HK$ 300']],
    ['USD 1,200.50 or EUR 900', [1200.5, 900], ['USD 1,200.50', 'EUR 900']],
    ['违约金为人民币3.5万元，押金五千元', [35_000, 5000], ['人民币3.5万元', '五千元']],
    ['RMB 3000 plus €12.50', [3000, 12.5], ['RMB 3000', '€12.50']],
    ['twenty dollars', [20], ['twenty dollars']],
    ['180 days, 50 percent, IL-6 and 2024', [], []],
  ] as const)('%s', (text, values, texts) => {
    const found = readAmounts(text)
    expect(found.map(({ value }) => value)).toEqual(values)
    expect(found.map((amount) => amount.text)).toEqual(texts)
    for (const { start, end, text: stated } of found) expect(text.slice(start, end)).toBe(stated)
  })

  test.prop([fc.string({ unit: fc.constantFrom(...'0123456789 $€,.-/年月日元万五USDMay', '\n') })])(
    'whatever the text, places are places of it and in order',
    (text) => {
      for (const found of [readAmounts(text), readDates(text)]) {
        let last = 0
        for (const { start, end, text: stated } of found) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(text.slice(start, end)).toBe(stated)
          last = start
        }
      }
    },
  )
})
