/**
 * What the check and the engine's own citations decide by. Chosen on one half of the pairs of `npm run bench:citations`, reported
 * on the other (docs/benchmarks.md). Support: see match-claim.ts.
 */
export const thresholds = {
  /** Below: "little overlap, read it". With vectors, and by words alone. */
  littleOverlap: { meaning: 0.3, words: 0.25 },
  /** A missing name is a difference only where the rest of the sentence is in the source. Share of words. */
  nameDiffers: 0.6,
  /** From here on one passage clearly carries a sentence, if no other comes near it. */
  engine: { meaning: 0.6, words: 0.8, lead: 0.1 },
} as const
