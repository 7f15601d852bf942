import type { ElectronApplication } from '@playwright/test'

/** Takes gaps between turns of the shortest timer, inside the app's main process, until it ends. */
export function startProbe(application: ElectronApplication): Promise<void> {
  return application.evaluate(() => {
    const probe = globalThis as typeof globalThis & { benchGaps?: number[] }
    probe.benchGaps = []
    let last = performance.now()
    const turn = (): void => {
      const now = performance.now()
      probe.benchGaps?.push(now - last)
      last = now
      setTimeout(turn, 1)
    }
    setTimeout(turn, 1)
  })
}

/** The gaps since they were taken last, in ms. */
export function takeGaps(application: ElectronApplication): Promise<number[]> {
  return application.evaluate(() => {
    const probe = globalThis as typeof globalThis & { benchGaps?: number[] }
    const gaps = probe.benchGaps ?? []
    probe.benchGaps = []
    return gaps
  })
}
