/** A path is looked at when nothing was heard of it for this long: whoever writes has finished. */
export const quietMs = 500
/** What is written to without a pause is looked at this often all the same. */
export const patienceMs = 60_000
/** With more changed paths than this, as after a checkout, the whole folder is looked at once. */
const mostPaths = 2_000

/** What to look at now. */
export interface DueChanges {
  readonly paths: readonly string[] | 'all'
  /** Paths that were waited for long enough: they are taken as they are. */
  readonly impatient: ReadonlySet<string>
}

/** Gathers what file events say until it is quiet. Pure but for its own memory; time is given. */
export interface ChangeCollector {
  note(path: string, nowMs: number): void
  noteAll(): void
  /** Takes what is due; null when nothing is. */
  take(nowMs: number): DueChanges | null
  /** How long until something is due; null when nothing waits. */
  dueInMs(nowMs: number): number | null
}

export function createChangeCollector(): ChangeCollector {
  const heard = new Map<string, { readonly firstMs: number; lastMs: number }>()
  let isAll = false

  const dueAt = ({ firstMs, lastMs }: { firstMs: number; lastMs: number }): number =>
    Math.min(lastMs + quietMs, firstMs + patienceMs)

  return {
    note(path, nowMs) {
      const before = heard.get(path)
      if (before === undefined) heard.set(path, { firstMs: nowMs, lastMs: nowMs })
      else before.lastMs = nowMs
      if (heard.size > mostPaths) {
        heard.clear()
        isAll = true
      }
    },
    noteAll() {
      isAll = true
    },
    take(nowMs) {
      const due = [...heard].filter(([, times]) => dueAt(times) <= nowMs)
      const impatient = new Set(due.filter(([, { firstMs }]) => firstMs + patienceMs <= nowMs).map(([path]) => path))
      if (isAll) {
        isAll = false
        heard.clear()
        return { paths: 'all', impatient }
      }
      if (due.length === 0) return null
      for (const [path] of due) heard.delete(path)
      return { paths: due.map(([path]) => path), impatient }
    },
    dueInMs(nowMs) {
      if (isAll) return 0
      let earliest: number | null = null
      for (const times of heard.values()) earliest = Math.min(earliest ?? Infinity, dueAt(times))
      return earliest === null ? null : Math.max(0, earliest - nowMs)
    },
  }
}
