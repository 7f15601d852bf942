// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ContextMeter } from '../../../src/renderer/features/conversation/context-meter.tsx'
import { contextParts, contextTrouble } from '../../../src/renderer/features/conversation/context-parts.ts'
import { type Usage, usageSchema } from '../../../src/shared/conversation.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'
import { samplePassage } from '../../support/sample-passage.ts'

beforeAll(providePageGlobals)
let drawn: Drawn | null = null
afterEach(async () => {
  await drawn?.remove()
  drawn = null
})

const context = {
  limitTokens: 4096,
  instructionTokens: 250,
  historyTokens: 300,
  passageTokens: 1400,
  questionTokens: 50,
  reserveTokens: 1024,
  estimatedPromptTokens: 2000,
  summarisedTurns: 3,
  droppedTurns: 1,
}
const passages = [0, 1, 2].map((ordinal) =>
  samplePassage({ ordinal, page: ordinal + 1, document: 'abc'[ordinal] ?? 'a' }),
)
const usage: Usage = {
  promptTokens: 1843,
  answerTokens: 20,
  stageMs: {},
  leftOutPassageIds: passages.slice(1).map(({ id }) => id),
  context,
}

async function details(shown: Usage, language: 'en' | 'zh-CN' = 'en'): Promise<string> {
  drawn = await draw(<ContextMeter usage={shown} passages={passages} about="answer" />, language)
  const trigger = drawn.element.querySelector<HTMLButtonElement>('[data-testid="context-meter-answer"]')
  await act(async () => trigger?.click())
  return document.querySelector('[data-testid="context-details"]')?.textContent ?? ''
}

describe('the context meter', () => {
  it('shows how full the prompt made the context, by the count of the server', async () => {
    const text = await details(usage)
    expect(drawn?.element.textContent).toBe('44%')
    expect(text).toContain('Context: 4,096 tokens')
    expect(text).toContain('Passages1,400')
    expect(text).toContain('Free1,072')
    expect(text).toContain('counted 1,843 tokens')
    expect(text).toContain('3 earlier turns went in as a summary')
    expect(text).toContain('1 earlier turn did not fit')
    expect(text).not.toContain('more than estimated')
  })

  it('names the passages that were left out, and where they stand', async () => {
    await details(usage)
    const items = [...document.querySelectorAll('[data-testid="left-out"] li')].map(({ textContent }) => textContent)
    expect(items).toEqual(['b.md · p. 2', 'c.md · p. 3'])
  })

  it('says when the server counted more than was planned, and when it may have cut', async () => {
    expect(await details({ ...usage, promptTokens: 2100 })).toContain('more than estimated')
    await drawn?.remove()
    expect(await details({ ...usage, promptTokens: 4096 }, 'zh-CN')).toContain('占满了整个上下文')
  })

  it('is not there for an answer without a model, nor for one of an earlier version', async () => {
    const stored = { promptTokens: 9, answerTokens: 9, stageMs: {}, leftOutPassageIds: [] }
    drawn = await draw(<ContextMeter usage={usageSchema.parse(stored)} passages={[]} about="answer" />)
    expect(drawn.element.childElementCount).toBe(0)
  })
})

describe('the parts of the context', () => {
  it('add up to the whole', () => {
    const parts = contextParts(context)
    expect(parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(context.limitTokens)
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  it.each([
    [null, null],
    [2000, null],
    [2001, 'low'],
    [4096, 'cut'],
  ] as const)('%s tokens counted: %s', (promptTokens, trouble) => {
    expect(contextTrouble({ context, promptTokens })).toBe(trouble)
  })
})
