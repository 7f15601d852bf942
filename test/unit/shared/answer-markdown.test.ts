import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { answerMarkdown, escapeMarkdown, type ExportedTurn, turnMarkdown } from '../../../src/shared/answer-markdown.ts'

const source: ExportedTurn['sources'][number] = {
  number: 1,
  isCited: true,
  documentName: 'Office lease.pdf',
  page: 17,
  lastPage: 17,
  headingPath: ['9 Term', '9.2 Early termination'],
  text: 'The tenant may end the lease\nwith 180 days of notice.',
}
const turn: ExportedTurn = {
  question: 'When does it end?',
  condensedQuestion: null,
  answer: 'After 180 days [1].',
  mode: 'generated',
  model: 'qwen3:8b',
  ending: 'complete',
  sources: [source],
}
const html = (markdown: string): string => marked.parse(markdown, { async: false, gfm: true })

describe('an answer as Markdown', () => {
  it('has the question, the answer, its marks, and a reference with place and quotation for each', () => {
    expect(
      turnMarkdown(
        {
          ...turn,
          condensedQuestion: 'When does the lease end?',
          sources: [
            source,
            {
              ...source,
              number: 2,
              isCited: false,
              documentName: '租赁合同.docx',
              page: null,
              headingPath: ['第九条'],
            },
          ],
        },
        'en',
      ),
    ).toBe(`## When does it end?

*Searched also for:* When does the lease end?

After 180 days [1].

*Written by qwen3:8b*

### References

[1] **Office lease.pdf**, p. 17, 9 Term \\> 9.2 Early termination

> The tenant may end the lease
> with 180 days of notice.

Also read: [2] **租赁合同.docx**, 第九条
`)
  })

  it('speaks Chinese, names several pages, and says how an answer ended', () => {
    const text = answerMarkdown(
      { ...turn, mode: 'quotes', model: null, ending: 'stopped', sources: [{ ...source, lastPage: 19 }] },
      'zh-CN',
    )
    expect(text).toContain('*仅摘录原文，未用模型 · 未写完即停止。*')
    expect(text).toContain('[1] **Office lease.pdf**，第 17–19 页，')
    expect(answerMarkdown({ ...turn, answer: '', ending: 'failed', sources: [] }, 'en')).toBe(
      '*Nothing was written.*\n\n*Written by qwen3:8b · The answer failed.*\n',
    )
  })

  it.each([
    '# not a heading',
    '- no list',
    '+ no list',
    '1. no list',
    '2) no list',
    '=== no underline',
    '--- no rule',
    '*not strong* __nor this__ `nor code` ~~nor struck~~',
    '<script>alert(1)</script> <img src=x onerror=y>',
    '[no link](http://example.test) ![no picture](http://example.test/x.png)',
    '[1]: http://example.test',
    '> no quotation',
    '| no | table |',
    '&lt; stays &copy; as it is',
    'a \\* b',
    '    no code',
  ])('a quotation is shown as it stands: %j', (text) => {
    const shown = html(
      answerMarkdown({ ...turn, answer: 'x', sources: [{ ...source, text: `${text}\n${text}` }] }, 'en'),
    )
    const quotation = /<blockquote>\n<p>([\s\S]*)<\/p>\n<\/blockquote>/.exec(shown)?.[1] ?? ''
    const plain = quotation
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
      // GFM makes a link of a bare address; its text stays.
      .replace(/<a href="[^"]*">([^<]*)<\/a>/g, '$1')
    expect(plain).toBe(`${text.trim()}\n${text.trim()}`)
  })

  it('a hostile title, file name or model name stays one line of text', () => {
    const text = turnMarkdown(
      {
        ...turn,
        question: '# a\n\n<b>b</b>',
        model: 'm\n# heading',
        sources: [{ ...source, documentName: 'x**\n\n# y.pdf', headingPath: ['[z](x:y)'] }],
      },
      'en',
    )
    const shown = html(text)
    expect(shown.match(/<h\d/g)).toEqual(['<h2', '<h3'])
    expect(shown).not.toMatch(/<b>|<a |<img/)
  })

  it('the answer keeps its Markdown, but not what would break the document around it', () => {
    const shown = html(
      turnMarkdown(
        {
          ...turn,
          answer:
            '# Big\n\n- **strong** [1]\n\n[1]: http://example.test\n\n![p](http://example.test/p.png) <script>x</script>\n\n`<i>` stays\n\n```html\n<script>in code</script>\n# comment',
          ending: 'stopped',
        },
        'en',
      ),
    )
    expect(shown).toContain('<strong>strong</strong> [1]')
    expect(shown).toContain('<h4>Big</h4>')
    expect(shown).not.toContain('<script>')
    expect(shown).not.toContain('<img')
    expect(shown).toContain('<code>&lt;i&gt;</code>')
    expect(shown).toContain('# comment\n</code></pre>')
    // The code was never closed by the answer: what follows is no code.
    expect(shown).toContain('<h3>References</h3>')
  })

  it('a long question has a short heading and stands in full below', () => {
    const text = turnMarkdown({ ...turn, question: `${'word '.repeat(60)}\nend` }, 'en')
    expect(text.split('\n')[0]?.length).toBeLessThan(130)
    expect(text).toContain('\n> end\n')
    expect(escapeMarkdown('plain text, as it is.')).toBe('plain text, as it is.')
  })
})
