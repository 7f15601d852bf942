import type { TokenRatios } from '../ports/token-ratio-store.ts'
import type { TokenWeights } from './estimate-tokens.ts'

/** No vocabulary is outside these; a server that leaves out what it had cached cannot mislead the estimate for long. */
const bounds = { narrow: [0.65, 6], wide: [0.25, 6] } as const
/** The part of a prompt that must be in one class, for its count to say something about that class. */
const decidingShare = 0.6
/** Kept above what was counted: the next text of this class may be denser. */
const margin = 1.15
/** Smaller changes are not worth a prompt that begins differently from the last one. */
const smallestChange = 0.04

/**
 * What one count of the server teaches. Too low an estimate is corrected at once, too high a one by half of the difference.
 * @param weights of everything that was sent
 * @param countedTokens `prompt_eval_count`, without what the chat template costs
 * @returns the same object where nothing is learnt
 */
export function learnRatios(ratios: TokenRatios, weights: TokenWeights, countedTokens: number): TokenRatios {
  const narrow = weights.narrow * ratios.narrow
  const wide = weights.wide * ratios.wide
  const estimated = narrow + wide
  if (estimated <= 0 || countedTokens <= 0) return ratios
  const kind = wide > narrow ? 'wide' : 'narrow'
  const share = Math.max(narrow, wide) / estimated
  const counted = (countedTokens - (estimated - Math.max(narrow, wide))) / weights[kind]
  const current = ratios[kind]
  const isTooLow = countedTokens > estimated
  if (!isTooLow && share < decidingShare) return ratios
  const wanted = counted * margin
  const next = clamp(isTooLow ? wanted : Math.min(current, (current + wanted) / 2), bounds[kind])
  return Math.abs(next - current) / current < smallestChange ? ratios : { ...ratios, [kind]: next }
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value))
}
