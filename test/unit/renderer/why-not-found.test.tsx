// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ExplanationText } from '../../../src/renderer/features/evidence/explanation-text.tsx'
import { useEvidence } from '../../../src/renderer/features/evidence/evidence-store.ts'
import { PassageVersions } from '../../../src/renderer/features/evidence/passage-versions.tsx'
import { readSelectedWords } from '../../../src/renderer/features/evidence/selected-place.ts'
import { versionsText } from '../../../src/renderer/features/conversation/passage-place.ts'
import { createTranslator, pageLanguages, translateWith } from '../../../src/renderer/i18n/translate.ts'
import { lostStages } from '../../../src/shared/passage-explanation.ts'
import type { PassageVersion } from '../../../src/shared/passage.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { fakeDocuments, fakePassages } from '../../support/fake-library.ts'
import { createFakePageApi, lostInOrder } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn | null = null
afterEach(async () => {
  await drawn?.remove()
  drawn = null
})

describe('the explanation', () => {
  it('is a sentence of its own for each stage, in both languages, with the next step', async () => {
    for (const language of pageLanguages) {
      const sentences = new Set<string>()
      for (const lostAt of lostStages) {
        const candidate = null
        const source = { number: 3, documentName: 'Lease.pdf' }
        drawn = await draw(<ExplanationText explanation={{ ...lostInOrder, lostAt, candidate, source }} />, language)
        const text = drawn.element.textContent
        expect(text).not.toContain('{{')
        expect(text).toMatch(/[.。]$/)
        sentences.add(text)
        await drawn.remove()
        drawn = null
      }
      expect(sentences.size).toBe(lostStages.length)
    }
  })

  it('names rank, limit and threshold', async () => {
    drawn = await draw(<ExplanationText explanation={lostInOrder} />)
    expect(drawn.element.textContent).toContain('place 41')
    expect(drawn.element.textContent).toContain('the first 12')
  })
})

describe('what is selected', () => {
  const pane = (html: string): HTMLElement => {
    document.body.innerHTML = `<aside>${html}</aside>`
    const element = document.querySelector('aside')
    if (element === null) throw new Error('no pane')
    return element
  }
  const select = (
    start: Node | null | undefined,
    from: number,
    end: Node | null | undefined,
    until: number,
  ): Selection => {
    const selection = document.getSelection()
    if (selection === null || start == null || end == null) throw new Error('nothing to select')
    selection.setBaseAndExtent(start, from, end, until)
    return selection
  }

  it('has offsets where the stored text is shown, across its pieces', () => {
    const element = pane('<p><span data-offset="100">The notice is </span><mark data-offset="114">180 days</mark></p>')
    const [first, second] = [...element.querySelectorAll('[data-offset]')].map(({ firstChild }) => firstChild)
    expect(readSelectedWords(element, select(first, 4, second, 3))).toEqual({
      words: 'notice is 180',
      place: { start: 104, end: 117 },
    })
  })

  it('on a page has its words and the page', () => {
    const element = pane('<section data-page="7"><div><span>The notice is</span></div></section>')
    const text = element.querySelector('span')?.firstChild
    expect(readSelectedWords(element, select(text, 0, text, 10))).toEqual({
      words: 'The notice',
      place: { text: 'The notice', page: 7 },
    })
  })

  it('elsewhere, or nothing, is nothing', () => {
    const element = pane('<span>inside</span>')
    const outside = document.body.appendChild(document.createElement('p'))
    outside.textContent = 'outside'
    expect(readSelectedWords(element, select(outside.firstChild, 0, outside.firstChild, 3))).toBeNull()
    const text = element.querySelector('span')?.firstChild
    expect(readSelectedWords(element, select(text, 2, text, 2))).toBeNull()
    expect(readSelectedWords(element, null)).toBeNull()
    document.body.innerHTML = ''
  })
})

const [shown, other] = fakePassages
const version = (over: Partial<PassageVersion> = {}): PassageVersion => {
  if (other === undefined) throw new Error('there is no second passage')
  const { id, documentId, documentName, page, start, end, text } = other
  return {
    passageId: id,
    documentId,
    documentName,
    page,
    start,
    end,
    text,
    modifiedAt: Date.UTC(2024, 4, 3),
    isDraft: true,
    differences: [{ here: '180 days', there: '90 days' }],
    ...over,
  }
}

describe('other versions of a passage', () => {
  beforeEach(() => {
    const { api } = createFakePageApi({ texts: fakeDocuments })
    Object.assign(window, { api })
  })

  it('are named with the numbers in which they differ, and open at their place; the way back is the same', async () => {
    if (shown === undefined) throw new Error('there is no passage')
    drawn = await draw(<PassageVersions passage={{ ...shown, versions: [version()] }} />)
    expect(drawn.element.textContent).toContain('Amendment no. 2.docx')
    expect(drawn.element.textContent).toContain('here 180 days, there 90 days')
    await act(async () => drawn?.element.querySelector('button')?.click())
    const { subject, load } = useEvidence.getState()
    expect(subject).toMatchObject({
      type: 'document',
      name: 'Amendment no. 2.docx',
      passage: { start: version().start },
    })
    expect(load).toMatchObject({ state: 'open', body: { type: 'marked' } })
    const back = subject?.type === 'document' ? subject.passage?.versions : undefined
    expect(back).toMatchObject([
      { documentName: shown.documentName, differences: [{ here: '90 days', there: '180 days' }] },
    ])
  })

  it('are counted on the card', () => {
    const t = translateWith(createTranslator('en'))
    expect(versionsText(t, { versions: [] })).toBe('')
    expect(versionsText(t, { versions: [version(), version(), version()] })).toBe('also in 3 versions, numbers differ')
    expect(versionsText(t, { versions: [version({ isDraft: false, differences: [] })] })).toBe('also in 1 document')
  })
})
