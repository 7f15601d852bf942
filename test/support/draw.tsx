import { Tooltip } from 'radix-ui'
import { act, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { createTranslator, type PageLanguage } from '../../src/renderer/i18n/translate.ts'
import { endTimersWithFile } from './end-timers.ts'

endTimersWithFile()

/** A component on the page, with language and tooltips around it. */
export interface Drawn {
  readonly element: HTMLElement
  redraw(content: ReactElement): Promise<void>
  remove(): Promise<void>
}

/** Draws `content` into the document and waits until its effects ran. */
export async function draw(content: ReactElement, language: PageLanguage = 'en'): Promise<Drawn> {
  const element = document.body.appendChild(document.createElement('div'))
  const root = createRoot(element)
  const translator = createTranslator(language)
  const redraw = (next: ReactElement): Promise<void> =>
    act(async () =>
      root.render(
        <I18nextProvider i18n={translator}>
          <Tooltip.Provider>{next}</Tooltip.Provider>
        </I18nextProvider>,
      ),
    )
  await redraw(content)
  return {
    element,
    redraw,
    remove: async () => {
      await act(async () => root.unmount())
      element.remove()
    },
  }
}
