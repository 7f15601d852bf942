/** One measured line of the table. */
export interface BenchRow {
  readonly group: string
  readonly what: string
  /** null: not measured, and `note` says why. */
  readonly value: number | null
  readonly unit: string
  /** What issue 4 asks for; null: the row is only stated. */
  readonly reach: { readonly bound: 'at least' | 'at most'; readonly value: number } | null
  /** How the value came about: parts of a ratio, number of runs. */
  readonly note: string
}

/** What every group is given. */
export interface BenchContext {
  /** Tiny sizes: the bench is tried, nothing is measured. */
  readonly isQuick: boolean
  /** Removed after the run. */
  readonly scratchFolder: string
  /** Kept between runs: filled libraries. */
  readonly cacheFolder: string
  readonly electronBinary: string
  readonly ollama: { readonly url: string; readonly model: string } | null
  /** The model that `CARREL_BENCH_MODEL` names, at `OLLAMA_HOST` or where Ollama usually is. */
  readonly benchModel: { readonly url: string; readonly model: string } | null
  say(text: string): void
}

export type BenchGroup = (context: BenchContext) => Promise<readonly BenchRow[]>

/** `missed` also where the value is not a number: a broken measurement must not pass. */
export function judge({ value, reach }: Pick<BenchRow, 'value' | 'reach'>): 'reached' | 'missed' | 'not run' | '' {
  if (value === null) return 'not run'
  if (reach === null) return ''
  return (reach.bound === 'at least' ? value >= reach.value : value <= reach.value) ? 'reached' : 'missed'
}
