/** Parts that a parser may be reading beyond the one that it says it has begun: when the process ends, one of them may be to blame. */
export const partsAhead = 6
