// @vitest-environment jsdom
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { AnswerContext } from '../../../src/renderer/features/conversation/answer-context.ts'
import { AnswerText } from '../../../src/renderer/features/conversation/answer-text.tsx'
import { markAddedCitations, markChecked } from '../../../src/renderer/features/conversation/citation-marks.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { fakePassages } from '../../support/fake-library.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn | undefined
afterEach(() => drawn?.remove())

const items = fakePassages.map((passage, index) => ({ passage, number: index + 1, isCited: true, claims: [] }))

async function drawAnswer(text: string, open: (index: number) => void = () => undefined): Promise<HTMLElement> {
  drawn = await draw(
    <AnswerContext value={{ items, openIndex: 1, open }}>
      <AnswerText text={text} state="complete" label="Answer" />
    </AnswerContext>,
  )
  return drawn.element
}

describe('AnswerText', () => {
  it.each([
    ['a remote image', 'See ![pixel](https://tracker.example/p.png "t") here'],
    ['an image by reference', 'See ![pixel][p] here\n\n[p]: https://tracker.example/p.png'],
    ['HTML with a handler', 'a <img src=x onerror="window.pwned = 1"> b'],
    ['a block of HTML', '<div><script>window.pwned = 1</script><iframe src="https://a.example"></iframe></div>'],
    [
      'a frame and a form',
      '<iframe src="https://a.example"></iframe>\n\n<form action="https://a.example"><button>go</button></form>',
    ],
    ['a link', '[click](https://a.example) and <https://b.example> and https://c.example'],
    ['a script link', '[click](javascript:alert(1))'],
    ['a style', '<style>body { display: none }</style>\n\ntext'],
    ['math and a diagram', '$$x$$\n\n```mermaid\ngraph TD; A-->B;\n```'],
  ])('makes nothing active of %s', async (_, text) => {
    const element = await drawAnswer(text)
    expect(
      element.querySelectorAll('img, a, iframe, script, form, style, object, embed, svg, link, input, video, audio'),
    ).toHaveLength(0)
    expect(
      [...element.querySelectorAll('*')]
        .flatMap((node) => node.getAttributeNames())
        .filter((name) => /^on|^src$|^href$/.test(name)),
    ).toEqual([])
    expect('pwned' in window).toBe(false)
    expect(element.textContent).not.toBe('')
  })

  it('keeps a citation a citation, whatever the answer defines it to be', async () => {
    const element = await drawAnswer('Ninety days [1].\n\n[1]: https://a.example "gotcha"')
    const marks = element.querySelectorAll('[data-testid="citation"]')
    expect(marks[0]?.getAttribute('data-number')).toBe('1')
    expect(element.querySelectorAll('a')).toHaveLength(0)
  })

  it('opens the source behind a mark, tells added ones apart, and leaves numbers without a source as text', async () => {
    const open = vi.fn<(index: number) => void>()
    const element = await drawAnswer(`One [1][2] two${markAddedCitations(' [3]')} three [77] \`[1]\``, open)
    const marks = [...element.querySelectorAll<HTMLElement>('[data-testid="citation"]')]
    expect(marks.map((mark) => [mark.dataset['number'], 'added' in mark.dataset, 'open' in mark.dataset])).toEqual([
      ['1', false, false],
      ['2', false, true],
      ['3', true, false],
    ])
    expect(element.textContent).toContain('[77]')
    expect(element.querySelector('code')?.textContent).toBe('[1]')
    marks[2]?.click()
    expect(open).toHaveBeenCalledExactlyOnceWith(2, null)
  })

  it('says quietly what the check found: on the mark, and where a fact cites nothing', async () => {
    const answer = 'Notice is 30 days [1]. Rent is 900.'
    const claim = {
      start: 0,
      end: 22,
      finding: 'differs' as const,
      differences: [{ kind: 'number' as const, claimed: '30 days', found: '60 days' }],
      numbers: 1,
      names: 0,
      carriedBy: [],
      boxes: [],
    }
    const checked = items.map((item, index) => (index === 0 ? { ...item, claims: [claim] } : item))
    const check = { addedMarks: [], uncited: [{ start: 23, end: 35 }], droppedMarks: 0 }
    const text = markChecked(answer, [{ number: 1, claims: [claim] }], check)
    const open = vi.fn<(index: number, claim: number | null) => void>()
    drawn = await draw(
      <AnswerContext value={{ items: checked, openIndex: null, open }}>
        <AnswerText text={text} state="complete" label="Answer" />
      </AnswerContext>,
    )
    const mark = drawn.element.querySelector<HTMLElement>('[data-testid="citation"]')
    expect(mark?.dataset).toHaveProperty('remark')
    expect(mark?.getAttribute('aria-label')).toContain('30 days ≠ 60 days')
    mark?.click()
    expect(open).toHaveBeenCalledExactlyOnceWith(0, 0)
    expect(drawn.element.querySelectorAll('[data-testid="uncited"]')).toHaveLength(1)
  })

  it('says its language, so that Chinese is set as Chinese', async () => {
    expect(
      (await drawAnswer('须提前 180 天书面通知 [1]。')).querySelector('[data-testid="answer"]')?.getAttribute('lang'),
    ).toBe('zh-CN')
  })

  it('keeps a mark on the line of the words it belongs to', async () => {
    const element = await drawAnswer('It is 90 days [1].\n\n期限为九十日[2]。')
    expect([...element.querySelectorAll('p')].map(({ textContent }) => textContent)).toEqual([
      'It is 90 days\u00a01.',
      '期限为九十日\u20602。',
    ])
  })

  it('draws tables, lists and code as what they are', async () => {
    const element = await drawAnswer('| a | b |\n|---|--:|\n| 1 | 2 [1] |\n\n1. x\n2. y\n\n```ts\nconst a = 1\n```')
    expect(element.querySelectorAll('td')).toHaveLength(2)
    expect([...element.querySelectorAll('td')].map((cell) => cell.dataset['align'])).toEqual([undefined, 'right'])
    expect(element.querySelectorAll('ol > li')).toHaveLength(2)
    expect(element.querySelector('pre code')?.textContent).toContain('const a = 1')
    expect(element.querySelectorAll('td [data-testid="citation"]')).toHaveLength(1)
  })
})
