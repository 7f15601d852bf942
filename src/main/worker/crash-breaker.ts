import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'

export interface CrashBreakerOptions {
  readonly clock: Clock
  /** Crashes in a row, on different subjects, that open the breaker. */
  readonly crashes?: number
  readonly cooldownMs?: number
}

/**
 * Stops a worker from being started over and over: three crashes in a row, on different subjects (files, texts), open it
 * for a minute. One subject that crashes repeatedly counts once: that is the subject's fault, and whoever asks quarantines it.
 */
export class CrashBreaker {
  readonly #clock: Clock
  readonly #limit: number
  readonly #cooldownMs: number
  readonly #subjects = new Set<string>()
  #openUntil = 0

  constructor({ clock, crashes = 3, cooldownMs = 60_000 }: CrashBreakerOptions) {
    this.#clock = clock
    this.#limit = crashes
    this.#cooldownMs = cooldownMs
  }

  /** A request came to its end, with a result or an ordinary error: the row of crashes is broken. */
  succeeded(): void {
    this.#subjects.clear()
  }

  /** @param subject what was worked on when the process ended. */
  crashed(subject: string): void {
    this.#subjects.add(subject)
    if (this.#subjects.size < this.#limit) return
    this.#subjects.clear()
    this.#openUntil = this.#clock.now() + this.#cooldownMs
  }

  /** @throws AppError `worker-crashed` while the breaker is open. */
  check(): void {
    if (this.#clock.now() >= this.#openUntil) return
    throw new AppError(
      'worker-crashed',
      'A part of Carrel ended unexpectedly several times. It rests for a minute, then tries again by itself.',
      {
        retryable: true,
        details: { reason: 'resting' },
      },
    )
  }
}
