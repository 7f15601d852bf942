import { fc, test } from '@fast-check/vitest'
import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { clipboardHtml } from '../../../../src/main/export/clipboard-html.ts'

it('a table has lines, code its own face, a quotation its margin: at each element', () => {
  const { document } = parseHTML(
    clipboardHtml('| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\nx <table>\n```\n\n> said\n'),
  )
  expect(document.querySelector('table')?.getAttribute('border')).toBe('1')
  expect(document.querySelectorAll('table')).toHaveLength(1)
  expect(document.querySelector('pre')?.getAttribute('style')).toContain('Consolas')
  expect(document.querySelector('pre')?.textContent).toBe('x <table>')
  expect(document.querySelector('blockquote')?.getAttribute('style')).toContain('border-left')
})

const piece = fc.constantFrom(
  '<table>',
  '<td>',
  '<code>',
  '`<pre>`',
  '| a |',
  '\n| - |\n',
  '<img src=x>',
  '[a](javascript:x)',
  '\n',
  'word ',
  '> ',
  '&lt;pre&gt;',
)
test.prop([fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''))])(
  'nothing in the text becomes an element that loads, links or runs',
  (markdown) => {
    const { document } = parseHTML(clipboardHtml(markdown))
    expect(document.querySelectorAll('img, a, script, iframe, [onerror], [href], [src]')).toHaveLength(0)
  },
)
