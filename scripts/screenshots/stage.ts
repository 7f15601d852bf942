import type { Page } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningApp } from '../../test/e2e/support/launch.ts'
import type { ChatBody, RecordedChat } from '../../test/support/recorded-chat.ts'
import type { AnswerScript, RecordingModelServer } from '../../test/support/recording-model-server.ts'
import { answerPieces, type ScriptedAnswer } from './answers.ts'

/** The page in CSS pixels; `scale` device pixels each. */
export interface Size {
  readonly width: number
  readonly height: number
}
export type Theme = 'light' | 'dark'

/** Where pictures go, and which are wanted. */
export interface Album {
  readonly folder: string
  readonly language: 'en' | 'zh'
  readonly sizes: readonly Size[]
  readonly themes: readonly Theme[]
  /** Whether a picture is wanted, by its name without size. */
  readonly isWanted: (name: string) => boolean
}

export const lookingSizes: readonly Size[] = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]

/** One question as it stands at the model: what it has to say, and its regular end. */
export interface AskedModel {
  readonly chat: RecordedChat
  readonly pieces: readonly string[]
  readonly finish: () => void
}

/** The app as a person sees it, with what the scenes of the tour do to it. */
export class Stage {
  readonly page: Page
  private readonly app: RunningApp
  private readonly album: Album
  readonly server: RecordingModelServer
  private current: Size = { width: 0, height: 0 }

  constructor(app: RunningApp, server: RecordingModelServer, album: Album) {
    this.app = app
    this.page = app.page
    this.server = server
    this.album = album
  }

  /** One picture in each size and theme. `sizes` overrides those of the album; `before` brings up what a change of theme closes. */
  async shoot(name: string, sizes: readonly Size[] = this.album.sizes, before?: () => Promise<void>): Promise<void> {
    const { folder, language, isWanted } = this.album
    const themes = this.album.themes.filter((theme) => isWanted(`${name}-${language}-${theme}`))
    await mkdir(folder, { recursive: true })
    for (const size of sizes) {
      await this.resize(size)
      for (const theme of themes) {
        await this.setTheme(theme)
        await before?.()
        await this.settle()
        const file = `${name}-${language}-${theme}-${size.width}.png`
        await this.page.screenshot({ path: join(folder, file), animations: 'disabled', caret: 'hide' })
        console.log(`  ${file}`)
      }
    }
  }

  async resize(size: Size): Promise<void> {
    if (size.width === this.current.width && size.height === this.current.height) return
    await this.app.application.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height)
    }, size)
    await this.page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size)
    this.current = size
    await this.settle()
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.page.evaluate((chosen) => window.api.request('settings:set', { theme: chosen }), theme)
    await this.page.waitForFunction((chosen) => document.documentElement.dataset['theme'] === chosen, theme)
    await this.settle()
  }

  /** Two frames and every running animation: what moves has come to rest. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))
      await frame()
      await frame()
      const ending = document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
      await Promise.allSettled(ending.map((animation) => animation.finished))
    })
  }

  /** Names the recording server again, so that the app looks what it has now. */
  async lookForModels(): Promise<void> {
    await this.page.evaluate((address) => window.api.request('models:use-server', { address }), this.server.url)
  }

  async write(question: string): Promise<void> {
    await this.page.getByTestId('composer').fill(question)
    await this.page.getByTestId('composer').press('Enter')
  }

  async startConversation(): Promise<void> {
    await this.page.keyboard.press('Control+n')
    await this.settle()
  }

  /** Asks, and hands back the model's side. `pieces` are what it has to say. */
  async ask(scripted: ScriptedAnswer): Promise<AskedModel> {
    this.server.setAnswer((body) => besidesTheAnswer(promptOf(body), scripted))
    const before = await this.page.getByTestId('answer').count()
    await this.write(scripted.question)
    const ended = this.page.getByTestId('answer').nth(before).and(this.page.locator(':not([data-state="streaming"])'))
    const chat = await Promise.race([
      this.nextAnswer(),
      ended.waitFor({ state: 'attached', timeout: 0 }).then(async () => {
        const seen = await this.page.locator('main article').last().innerText()
        throw new Error(`“${scripted.question}” never reached the model; the page says: ${seen}`)
      }),
    ])
    const prompt = promptOf(chat.body)
    const pieces = answerPieces(scripted.text, prompt)
    return {
      chat,
      pieces,
      finish: () => chat.finish({ promptTokens: promptTokens(prompt), answerTokens: pieces.length }),
    }
  }

  /** The next request for an answer: those that only rewrite the question answer themselves. */
  private async nextAnswer(): Promise<RecordedChat> {
    for (;;) {
      const chat = await this.server.nextRequest()
      if (promptOf(chat.body).includes('<passages>')) return chat
    }
  }

  /** Asks, and waits for the whole answer. */
  async askWhole(scripted: ScriptedAnswer): Promise<void> {
    const { chat, pieces, finish } = await this.ask(scripted)
    await say(chat, pieces)
    finish()
    const last = this.page.locator('main article').last()
    await last.locator('[data-testid="answer"][data-state="complete"]').waitFor()
    await this.settle()
  }

  async closeEvidence(): Promise<void> {
    const close = this.page.locator('[data-pane="right"] header button').last()
    if (await close.isVisible()) await close.click()
    await this.settle()
  }
}

const promptOf = (body: ChatBody): string => body.messages.map(({ content }) => content).join('\n')

/** About what a tokenizer would count. */
const promptTokens = (prompt: string): number => Math.round(Buffer.byteLength(prompt) / 4.6)

function besidesTheAnswer(prompt: string, { translated, condensed }: ScriptedAnswer): AnswerScript {
  if (prompt.includes('<passages>')) return 'manual'
  const text = prompt.startsWith('Translate') || condensed === undefined ? translated : condensed
  return { tokens: [text], gapMs: 1 }
}

/** Sends the pieces as a model does, about forty a second. */
export async function say(chat: RecordedChat, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    chat.sendText(piece)
    await new Promise((resolve) => setTimeout(resolve, 24))
  }
}
