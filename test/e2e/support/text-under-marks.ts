import type { Page } from '@playwright/test'

/**
 * What a reader sees under the marker on the drawn pages: the characters of the text layer whose middle lies in a marked box,
 * top to bottom as the layer orders them; `marks`: of these marks alone. White space is left out: a page has none, only distances.
 */
export async function textUnderMarks(page: Page, marks = '.pdf-mark'): Promise<string> {
  return page.evaluate((selector) => {
    let text = ''
    for (const sheet of document.querySelectorAll('.pdf-page')) {
      const boxes = [...sheet.querySelectorAll(selector)].map((mark) => mark.getBoundingClientRect())
      const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const range = document.createRange()
        const words = node.nodeValue ?? ''
        let at = 0
        for (const character of words) {
          range.setStart(node, at)
          range.setEnd(node, at + character.length)
          at += character.length
          const { left, right, top, bottom } = range.getBoundingClientRect()
          const x = (left + right) / 2
          const y = (top + bottom) / 2
          if (boxes.some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)) text += character
        }
      }
    }
    return text.replaceAll(/\s+/g, '')
  }, marks)
}
