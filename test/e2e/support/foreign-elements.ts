import type { Page } from '@playwright/test'

/**
 * Everything on the page that only foreign text could have made: elements that load, link, embed or send, attributes that run or
 * fetch; in answers, cards and the evidence pane every element beyond the few that Carrel draws text with. Empty: nothing.
 */
export function foreignElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const never =
      'a, img, picture, iframe, frame, object, embed, audio, video, base, meta, link, script, style, math, marquee'
    for (const element of document.body.querySelectorAll(never))
      found.push(`element ${element.outerHTML.slice(0, 200)}`)
    for (const element of document.body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        const runs = name.startsWith('on')
        const fetches = ['src', 'href', 'srcset', 'action', 'formaction', 'xlink:href', 'background', 'ping'].includes(
          name,
        )
        if (runs || fetches) found.push(`${element.tagName} ${name}=${value.slice(0, 100)}`)
      }
    }
    const plain = new Set(
      `P H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE STRONG EM DEL INS CODE PRE TABLE THEAD TBODY TR TH TD HR BR DIV SPAN SUP SUB
       SECTION ARTICLE MARK BUTTON`.split(/\s+/),
    )
    for (const element of document.body.querySelectorAll(
      '.answer *, .sheet *, [data-testid="passage-card"] *, [data-testid="citation-quote"] *',
    )) {
      const isMark =
        element.tagName !== 'BUTTON' || element.matches('[data-testid="citation"], [data-testid="uncited"]')
      if (!plain.has(element.tagName) || !isMark) found.push(`beyond text: ${element.outerHTML.slice(0, 200)}`)
    }
    return found
  })
}
