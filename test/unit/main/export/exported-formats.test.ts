import { fc, test } from '@fast-check/vitest'
import { parseHTML } from 'linkedom'
import mammoth from 'mammoth'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { htmlBeginning, htmlEnd, htmlOfMarkdown } from '../../../../src/main/export/html-page.ts'
import { wordDocument } from '../../../../src/main/export/word-document.ts'
import { turnMarkdown } from '../../../../src/shared/answer-markdown.ts'

const turn = {
  question: 'When does the lease end? 租约何时到期？',
  condensedQuestion: null,
  answer:
    'It ends on **31 May**, *never* later [1].\n\n1. Give notice `in writing` [2]\n2. Pay\n   - rent\n   - fees\n\n| Year | Rent |\n| --- | --- |\n| 2023 | 1,200 <b>€</b> |\n\n```\nif (a < b && c) {}\n```\n\n![a picture](http://127.0.0.1/spy.png) and [a link](javascript:alert(1))',
  mode: 'generated' as const,
  model: 'small:1b',
  ending: 'complete' as const,
  sources: [
    {
      number: 1,
      isCited: true,
      documentName: 'Lease <script>.pdf',
      page: 3,
      lastPage: 4,
      headingPath: ['Term'],
      text: 'The lease ends on 31 May. <img src=x onerror=alert(1)>\n租约于五月三十一日到期。',
    },
  ],
}

async function word(title: string, ...turns: readonly string[]): Promise<Buffer> {
  return buffer(Readable.from(wordDocument(title, once(turns), 'en')))
}

async function* once(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts
}

function page(title: string, markdown: string): Document {
  return parseHTML(htmlBeginning(title, 'en') + htmlOfMarkdown(markdown) + htmlEnd).document
}

describe('an answer as HTML', () => {
  const document = page('Lease & <b>', turnMarkdown(turn, 'en'))

  it('keeps headings, emphasis, lists, tables, code, and the quotation of each reference', () => {
    const text = (selector: string): string[] =>
      Array.from(document.querySelectorAll(selector), (element) => element.textContent.trim())
    expect(text('h1')).toEqual(['Lease & <b>'])
    expect(text('h2')).toEqual(['When does the lease end? 租约何时到期？'])
    expect(text('h3')).toEqual(['References'])
    expect(text('td')).toEqual(['2023', '1,200 <b>€</b>'])
    expect(text('ol > li > ul > li')).toEqual(['rent', 'fees'])
    expect(text('pre')).toEqual(['if (a < b && c) {}'])
    expect(text('em')[0]).toBe('never')
    expect(text('blockquote')[0]).toContain('<img src=x onerror=alert(1)>')
    expect(document.body.textContent).toContain('Lease <script>.pdf, pp. 3–4, Term')
  })

  it('has no script, link, picture or address to fetch', () => {
    expect(document.querySelectorAll('script, a, img, link, iframe, object, [src], [href], [onerror]').length).toBe(0)
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'")
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 300 })])('whatever it says stays text', (answer) => {
    const elements = Array.from(page('t', turnMarkdown({ ...turn, answer }, 'en')).querySelectorAll('body *'), (each) =>
      each.tagName.toLowerCase(),
    )
    const known =
      'h1 h2 h3 h4 h5 h6 p blockquote pre code hr ol ul li table thead tbody tr th td strong em del br'.split(' ')
    expect(elements.filter((name) => !known.includes(name))).toEqual([])
  })
})

describe('an answer as a Word document', () => {
  it('is read by another program with its structure', async () => {
    const { value, messages } = await mammoth.convertToHtml({
      buffer: await word('Lease & <b>', turnMarkdown(turn, 'en'), turnMarkdown(turn, 'zh-CN')),
    })
    const { document } = parseHTML(`<html><body>${value}</body></html>`)
    const text = (selector: string): string[] =>
      Array.from(document.querySelectorAll(selector), (element) => element.textContent.trim())
    expect(text('h2')).toEqual([turn.question, turn.question])
    expect(text('h3')).toEqual(['References', '引用'])
    expect(text('td').slice(-1)).toEqual(['1,200 <b>€</b>'])
    expect(document.body.textContent).toContain('租约于五月三十一日到期。')
    expect(document.body.textContent).toContain('if (a < b && c) {}')
    expect(document.querySelectorAll('a, img').length).toBe(0)
    expect(messages.filter(({ type }) => type === 'error')).toEqual([])
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })], { numRuns: 40 })(
    'is whole whatever it says',
    async (answer) => {
      const { value } = await mammoth.extractRawText({
        buffer: await word(answer, turnMarkdown({ ...turn, answer }, 'en')),
      })
      expect(value).toContain('References')
    },
  )

  it('ends with what its turns throw', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'half'
      throw new Error('It is gone.')
    }
    await expect(buffer(Readable.from(wordDocument('t', broken(), 'en')))).rejects.toThrow('It is gone.')
  })

  it('asks for no further turns when nobody reads on', async () => {
    let isEnded = false
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) yield crypto.randomUUID().repeat(1_000)
      } finally {
        isEnded = true
      }
    }
    for await (const piece of wordDocument('t', endless(), 'en')) if (piece.length > 1_000) break
    await vi.waitFor(() => expect(isEnded).toBe(true))
  })
})
