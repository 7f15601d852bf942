import type { ModelServerProcess } from './model-server.ts'

/** Where an answer is when it is stopped. */
export type StopMoment = 'before the first byte' | 'at the first token' | 'in mid-answer'

const moments: readonly StopMoment[] = ['before the first byte', 'at the first token', 'in mid-answer']
const tokensPerSecond = 300
/** Longer than anybody measures: the answer ends by the stop alone. */
const silenceMs = 10 * 60_000
const endlessTokens = 1_000_000

/** Takes turns; in mid-answer a stop comes after 2 to 21 tokens. */
export function momentOf(run: number): { readonly moment: StopMoment; readonly tokens: number } {
  const moment = moments[run % moments.length] ?? 'in mid-answer'
  return { moment, tokens: moment === 'in mid-answer' ? 2 + (run % 20) : 1 }
}

/** From the next question on, the server answers so that the moment comes. */
export function prepareMoment(server: ModelServerProcess, run: number): Promise<void> {
  const { moment, tokens } = momentOf(run)
  return server.setScript({
    firstTokenDelayMs: moment === 'before the first byte' ? silenceMs : 0,
    tokensPerSecond,
    tokenCount: endlessTokens,
    tellAfterTokens: tokens,
    relayTo: null,
  })
}

/** @returns the number of the question that reached the server, when its moment is there */
export async function reachMoment(server: ModelServerProcess, run: number): Promise<number> {
  const { number } = await server.nextChat()
  if (momentOf(run).moment !== 'before the first byte') await server.sent(number)
  return number
}

/** @returns ms from the stop to the moment when the server saw the connection closed. @throws Error when nothing was stopped */
export async function closingTime(server: ModelServerProcess, number: number, stoppedAt: number): Promise<number> {
  const { at, isComplete } = await server.ended(number)
  if (isComplete) throw new Error('The answer ended by itself before it was stopped.')
  return at - stoppedAt
}
