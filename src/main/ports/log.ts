/** Never given document or question text, unless `verbose` was asked for. */
export interface Log {
  info(message: string): void
  warn(message: string, cause?: unknown): void
  error(message: string, cause?: unknown): void
  /** Written only with `--verbose` or the setting. */
  verbose(message: string): void
}
