/** What one embedder process takes at most, with both models loaded and a little room. */
const processBytes = 512 * 1024 ** 2
/** The rest is for the model server and everything else on the computer. */
const memoryShare = 0.25
const mostProcesses = 8

/** One process a core (throughput grows with them, architecture fact 7), within a quarter of the memory, 1 to 8. */
export function defaultPoolSize(computer: { readonly cores: number; readonly memoryBytes: number }): number {
  const byMemory = Math.floor((computer.memoryBytes * memoryShare) / processBytes)
  return Math.max(1, Math.min(computer.cores, byMemory, mostProcesses))
}
