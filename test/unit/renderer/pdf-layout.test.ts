import { fc, it as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { findInText } from '../../../src/shared/find-in-text.ts'
import {
  boxPlace,
  canvasRatio,
  firstMarkedPage,
  fitScale,
  nextZoom,
  topOfMarks,
  zoomSteps,
} from '../../../src/renderer/features/evidence/pdf/page-layout.ts'

const box = (page: number, y: number): Parameters<typeof boxPlace>[0] => ({ page, x: 10, y, width: 100, height: 12 })

describe('laying out pages', () => {
  it('fills the pane at zoom 1, and never vanishes in a pane without width', () => {
    expect(fitScale(540, { width: 500, height: 700 }, 1)).toBe(1)
    expect(fitScale(540, { width: 500, height: 700 }, 2)).toBe(2)
    expect(fitScale(0, { width: 500, height: 700 }, 1)).toBeGreaterThan(0)
  })

  it('zooms step by step and stops at the ends', () => {
    expect(nextZoom(1, 1)).toBe(1.25)
    expect(nextZoom(1, -1)).toBe(0.8)
    expect(nextZoom(zoomSteps[0], -1)).toBe(zoomSteps[0])
    expect(nextZoom(3, 1)).toBe(3)
  })

  it('draws at the screen’s own resolution, but no canvas larger than memory holds', () => {
    expect(canvasRatio({ width: 600, height: 800 }, 1, 2)).toBe(2)
    const huge = canvasRatio({ width: 14_400, height: 14_400 }, 3, 2)
    expect((14_400 * 3 * huge) ** 2).toBeLessThanOrEqual(16_000_001)
  })

  it('begins where the marks begin, whatever their order', () => {
    const boxes = [box(4, 300), box(3, 500), box(3, 480)]
    expect(firstMarkedPage(boxes)).toBe(3)
    expect(topOfMarks(boxes, 3)).toBe(480)
    expect(firstMarkedPage([])).toBeNull()
    expect(boxPlace(box(1, 50), 2)).toEqual({ left: 19, top: 99, width: 202, height: 26 })
  })
})

describe('finding words on a page', () => {
  it.each([
    ['The TIDE and the tide', 'tide', ['TIDE', 'tide']],
    ['Café  society', 'cafe society', ['Café  society']],
    ['ﬁne ﬁsh', 'fi', ['ﬁ', 'ﬁ']],
    ['潮汐与潮流', '潮', ['潮', '潮']],
    ['ＡＢＣ', 'abc', ['ＡＢＣ']],
    ['anything', '   ', []],
    ['aaaa', 'aa', ['aa', 'aa']],
  ])('%s holds %s', (text, query, found) => {
    expect(findInText(text, query).map(({ start, end }) => text.slice(start, end))).toEqual(found)
  })

  property.prop([fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })])(
    'ranges are in order, within the text and do not overlap',
    (text, query) => {
      let last = 0
      for (const { start, end } of findInText(text, query)) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
        last = end
      }
    },
  )
})
