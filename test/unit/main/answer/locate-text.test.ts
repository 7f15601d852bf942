import { expect, it } from 'vitest'
import { locateText } from '../../../../src/main/answer/locate-text.ts'
import { documentIdSchema } from '../../../../src/shared/ids.ts'
import { fakeSlices } from '../../../support/fake-library.ts'

const id = documentIdSchema.parse('a'.repeat(64))
const slices = fakeSlices(
  [
    [['paragraph', 'The fee is due on the first day. It is two months of rent.']],
    [['paragraph', 'The fee is due on the first day of ter-\nmination, and begins on one']],
    [['paragraph', 'page and ends on another. 通知自出租人收到之日起计算。']],
  ],
  7,
)
const documents = {
  readSlices: (_id: unknown, { start }: { readonly start: number }) => {
    const slice = slices.find((one) => one.end > start) ?? slices.at(-1)
    return { slices: slice === undefined ? [] : [slice], sliceCount: slices.length, parserVersion: 1 }
  },
}
const whole = slices.map(({ text }) => text).join('')
const locate = async (text: string, page: number | null = null): Promise<string | null> => {
  const range = await locateText(documents, id, { text, page }, { signal: new AbortController().signal })
  return range === null ? null : whole.slice(range.start, range.end)
}

it('finds words whatever the layout, case and hyphens', async () => {
  expect(await locate('the FEE   is due on the first day of termination')).toBe(
    'The fee is due on the first day of ter-\nmination',
  )
  expect(await locate('自出租人收到')).toBe('自出租人收到')
})

it('looks on the page that is named, and across its end', async () => {
  const first = await locateText(documents, id, { text: 'The fee is due', page: null }, { signal: AbortSignal.any([]) })
  const second = await locateText(documents, id, { text: 'first day of ter', page: 8 }, { signal: AbortSignal.any([]) })
  expect(first?.start).toBe(0)
  expect(second?.start).toBeGreaterThan(slices[0]?.end ?? Infinity)
  expect(await locate('begins on one page and ends', 8)).toContain('begins on one')
})

it('says that words are not there, and stops when it is told to', async () => {
  expect(await locate('nowhere in it')).toBeNull()
  expect(await locate('…—!')).toBeNull()
  await expect(
    locateText(documents, id, { text: 'fee', page: null }, { signal: AbortSignal.abort(new Error('stopped')) }),
  ).rejects.toThrow('stopped')
})
