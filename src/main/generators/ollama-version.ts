/**
 * The oldest Ollama that has what Carrel uses: `/api/ps` (loaded models), `model_info` in `/api/show` (context length), and
 * `done_reason` in its answers came one after the other until 0.2.
 */
export const neededOllamaVersion = '0.2.0'

/** True for a release before {@link neededOllamaVersion}; a build of one's own says `0.0.0` and is believed to be new. */
export function isTooOld(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)
  if (match === null) return false
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number)
  if (major === 0 && minor === 0 && patch === 0) return false
  return major === 0 && minor < 2
}
