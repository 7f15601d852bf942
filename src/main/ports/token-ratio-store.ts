/** How a model counts tokens against Carrel's estimate, as learnt from its server's counts; see answer/token-ratios.ts. */
export interface TokenRatios {
  /** For ASCII. */
  readonly narrow: number
  /** For all other characters. */
  readonly wide: number
}

export interface TokenRatioStore {
  /** Null for a model that was never counted. */
  read(model: string): TokenRatios | null
  write(model: string, ratios: TokenRatios): void
}
