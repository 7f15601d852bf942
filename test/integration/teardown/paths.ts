import type { AbortReason } from '../../../src/main/answer/answers.ts'
import type { CarrelUnderTest } from './carrel-under-test.ts'
import { askFromClient, askFromPage, type Asking, type Question } from './front-ends.ts'

/** A way for the reader of an answer to go. */
export interface Path {
  readonly name: string
  ask(under: CarrelUnderTest, options: Question & { readonly random: number }): Asking
  leave(under: CarrelUnderTest, asking: Asking): Promise<void>
  /** The conversation is gone afterwards, and its answer with it. */
  readonly forgets?: boolean
  /** This one answer, every answer, or Carrel itself. */
  readonly ends: 'one' | 'all' | 'Carrel'
}

const frontEnd = 'window:1'
const fromPage: Path['ask'] = (under, options) => askFromPage(under, frontEnd, options)

/** The port closes; and what the shell hears of it besides, which may come before or after. */
function pageGoes(name: string, reason: AbortReason): Path {
  return {
    name,
    ask: fromPage,
    ends: 'one',
    async leave({ carrel }, asking) {
      if (asking.kind !== 'page') throw new Error('not a page')
      const steps = [() => asking.leave(), () => carrel.abortAnswers(frontEnd, reason)]
      for (const step of asking.question.length % 2 === 0 ? steps : steps.toReversed()) step()
    },
  }
}

/** A new way to go is one entry here. Stop and Esc are one message of the page; test/e2e presses the keys. */
export const paths: readonly Path[] = [
  {
    name: 'Stop',
    ask: fromPage,
    ends: 'one',
    async leave(_under, asking) {
      if (asking.kind !== 'page') throw new Error('not a page')
      asking.stop()
    },
  },
  pageGoes('window closed', 'window closed'),
  pageGoes('reload', 'page reloaded'),
  pageGoes('crashed page', 'page crashed'),
  {
    name: 'sleep',
    ask: fromPage,
    ends: 'all',
    leave: async ({ carrel }) => carrel.abortAllAnswers('computer sleeps'),
  },
  {
    name: 'conversation deleted',
    ask: fromPage,
    ends: 'one',
    forgets: true,
    async leave({ carrel }, { conversationId }) {
      await carrel.handlers['conversations:delete']({ id: conversationId })
    },
  },
  {
    name: 'client gone',
    ends: 'one',
    ask: (under, options) => askFromClient(under, options.random, options),
    async leave(_under, asking) {
      if (asking.kind !== 'client') throw new Error('not a client')
      asking.disconnect()
    },
  },
  { name: 'quit', ask: fromPage, ends: 'Carrel', leave: (under) => under.quit() },
]
