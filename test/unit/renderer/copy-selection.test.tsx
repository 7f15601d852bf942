// @vitest-environment jsdom
import { afterEach, beforeAll, expect, it } from 'vitest'
import { AnswerContext } from '../../../src/renderer/features/conversation/answer-context.ts'
import { AnswerText } from '../../../src/renderer/features/conversation/answer-text.tsx'
import { fakePassages } from '../../support/fake-library.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn
afterEach(() => drawn.remove())

const items = fakePassages.map((passage, index) => ({ passage, number: index + 1, isCited: true, claims: [] }))

async function drawAnswer(text: string): Promise<HTMLElement> {
  drawn = await draw(
    <AnswerContext value={{ items, openIndex: null, open: () => undefined }}>
      <AnswerText text={text} state="complete" label="Answer" />
    </AnswerContext>,
  )
  const answer = drawn.element.querySelector<HTMLElement>('[data-testid="answer"]')
  if (answer === null) throw new Error('no answer')
  return answer
}

/** Selects from the beginning of one place to the end of another and copies. */
function copy(from: Node, to: Node = from): { readonly html: string; readonly text: string; readonly isOurs: boolean } {
  const selection = document.getSelection()
  if (selection === null) throw new Error('no selection')
  const range = document.createRange()
  range.setStartBefore(from)
  range.setEndAfter(to)
  selection.removeAllRanges()
  selection.addRange(range)
  const data = new Map<string, string>()
  const event = Object.assign(new Event('copy', { bubbles: true, cancelable: true }), {
    clipboardData: { setData: (type: string, value: string) => void data.set(type, value) },
  })
  ;(from.parentElement ?? document.body).dispatchEvent(event)
  return { html: data.get('text/html') ?? '', text: data.get('text/plain') ?? '', isOurs: event.defaultPrevented }
}

function find(answer: HTMLElement, selector: string): Element {
  const found = answer.querySelector(selector)
  if (found === null) throw new Error(`nothing is ${selector}`)
  return found
}

it('marks are copied as they are written, and nothing of the window comes along', async () => {
  const answer = await drawAnswer('It ends on **31 May** [1].')
  const { html, text, isOurs } = copy(find(answer, 'p'))
  expect(isOurs).toBe(true)
  expect(html).toBe('<p>It ends on <strong>31 May</strong> [1].</p>')
  expect(text).toBe('It ends on 31 May [1].')
})

it('a table is a table with lines, also when only some of its rows are selected', async () => {
  const answer = await drawAnswer('| Day | Opens |\n| --- | --- |\n| Monday | nine |\n| Sunday | never [2] |\n')
  const rows = answer.querySelectorAll('tbody tr')
  const [first, last] = [rows[0], rows[1]]
  if (first === undefined || last === undefined) throw new Error('no rows')
  const { html, text } = copy(first, last)
  expect(html).toMatch(/^<table border="1"[^>]*><tbody><tr><td>Monday<\/td><td>nine<\/td><\/tr><tr>/)
  expect(text).toBe('Monday\tnine\nSunday\tnever [2]')
})

it('lines of code stay code', async () => {
  const answer = await drawAnswer('```\nif (a < b) {\n  go()\n}\n```')
  const code = find(answer, 'pre code').firstChild
  if (code === null) throw new Error('no code')
  const { html, text } = copy(code)
  expect(html).toMatch(/^<pre style="[^"]*Consolas[^"]*">if \(a &lt; b\) \{\n {2}go\(\)\n\}\n?<\/pre>$/)
  expect(text).toBe('if (a < b) {\n  go()\n}')
})

it('what reaches beyond the answer is left to the browser', async () => {
  const answer = await drawAnswer('It ends on 31 May.')
  const outside = document.body.appendChild(document.createElement('p'))
  outside.textContent = 'Elsewhere.'
  expect(copy(find(answer, 'p'), outside).isOurs).toBe(false)
  outside.remove()
})
