import type { CitationCheck, Claim } from './citation-check.ts'

/** What a person should know of a claim, in plain words, for front ends of text; nothing where all agrees. */
export function claimRemark(answer: string, claim: Omit<Claim, 'boxes'>): readonly string[] {
  const sentence = quotedSentence(answer, claim)
  if (claim.finding === 'little-overlap') return [`little overlap, read it: ${sentence}`]
  if (claim.finding !== 'differs') return []
  const differences = claim.differences.map(({ claimed, found }) =>
    found === null ? `${claimed} is not in the source` : `${claimed} ≠ ${found}`,
  )
  return [`differs: ${differences.join(', ')}: ${sentence}`]
}

/** Facts of an answer that cite nothing, one remark each. */
export function uncitedRemarks(answer: string, check: CitationCheck): readonly string[] {
  return check.uncited.map((range) => `a fact without a citation: ${quotedSentence(answer, range)}`)
}

const longestQuoted = 120

function quotedSentence(answer: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const sentence = Array.from(answer.slice(start, end).replaceAll(/\s+/g, ' '))
  return `"${sentence.slice(0, longestQuoted).join('')}${sentence.length > longestQuoted ? '…' : ''}"`
}
