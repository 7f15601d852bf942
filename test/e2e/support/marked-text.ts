import type { Page } from '@playwright/test'

/** What a reader sees under the marker in structured text, in order; what is hidden there (the bars between cells) left out. */
export async function markedText(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid="evidence-mark"]')].map((mark) => mark.innerText).join(''),
  )
}

/** As the canonical text folds it for the page: white space is layout, and cells stand in columns. */
export function foldedPassage(text: string): string {
  return text.replaceAll(' | ', '').replaceAll(/\s+/g, '')
}
