// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { emptyAnswerView } from '../../../src/renderer/features/conversation/answer-view.ts'
import { SearchedChip } from '../../../src/renderer/features/conversation/searched-chip.tsx'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn
afterEach(() => drawn.remove())
const onSearch = vi.fn<(text: string) => void>()
const view = { ...emptyAnswerView, condensedQuestion: 'What was the rent in 2023?' }

const find = <T extends HTMLElement>(id: string): T => {
  const found = drawn.element.querySelector<T>(`[data-testid="${id}"]`)
  if (found === null) throw new Error(`no ${id}`)
  return found
}
const open = async (): Promise<HTMLInputElement> => {
  await act(async () => find('searched-edit').click())
  return find<HTMLInputElement>('searched-input')
}

it('shows what was also searched, with its translation, and is silent where there is nothing', async () => {
  drawn = await draw(
    <SearchedChip question="and in 2023?" answer={{ ...view, translatedQuestion: '2023年的租金是多少？' }} />,
  )
  expect(find('searched').textContent).toContain('What was the rent in 2023?')
  expect(find('searched').querySelector('[lang="zh-CN"]')?.textContent).toBe('2023年的租金是多少？')
  expect(drawn.element.querySelector('[data-testid="searched-edit"]')).toBeNull()
  await drawn.redraw(<SearchedChip question="why?" answer={{ ...emptyAnswerView, condensedQuestion: 'why?' }} />)
  expect(drawn.element.textContent).toBe('')
})

it('is edited in place: Enter searches again', async () => {
  onSearch.mockReset()
  drawn = await draw(<SearchedChip question="and in 2023?" answer={view} onSearch={onSearch} />)
  const input = await open()
  expect(input.value).toBe('What was the rent in 2023?')
  expect(document.activeElement).toBe(input)
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, '  the rent of 2024 ')
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await act(async () => input.form?.requestSubmit())
  expect(onSearch).toHaveBeenCalledExactlyOnceWith('the rent of 2024')
})

it('is left as it was by Esc, which stops nothing else', async () => {
  onSearch.mockReset()
  const outside = vi.fn<() => void>()
  window.addEventListener('keydown', outside)
  drawn = await draw(<SearchedChip question="and in 2023?" answer={view} onSearch={onSearch} />)
  const input = await open()
  await act(async () => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  })
  window.removeEventListener('keydown', outside)
  expect(drawn.element.querySelector('[data-testid="searched-input"]')).toBeNull()
  expect(onSearch).not.toHaveBeenCalled()
  expect(outside).not.toHaveBeenCalled()
})

it('says what may be missed without a model', async () => {
  drawn = await draw(<SearchedChip question="什么？" answer={{ ...emptyAnswerView, missingTranslation: 'en' }} />)
  expect(find('missing-translation').textContent).toMatch(/English/)
})
