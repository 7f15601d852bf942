/** What one embedder process takes at most, with both models loaded and a little room. */
const processBytes = 512 * 1024 ** 2
/** The rest is for the model server and everything else on the computer. */
const memoryShare = 0.25
const mostProcesses = 8

/** Processes that embed documents: one a core (throughput grows with them, architecture fact 7), 1 to 8; with the one for questions within a quarter of the memory. */
export function defaultPoolSize(computer: { readonly cores: number; readonly memoryBytes: number }): number {
  const byMemory = Math.floor((computer.memoryBytes * memoryShare) / processBytes) - 1
  return Math.max(1, Math.min(computer.cores, byMemory, mostProcesses))
}
