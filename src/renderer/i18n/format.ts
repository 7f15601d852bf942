import type { PageLanguage } from './translate.ts'

/** 12345 as people write it: 12,345. */
export function formatCount(count: number, language: PageLanguage): string {
  return new Intl.NumberFormat(language).format(count)
}

/** Share 0..1 as a whole percentage; never 100 % before it is complete. */
export function formatShare(share: number, language: PageLanguage): string {
  const shown = share >= 1 ? 1 : Math.min(0.99, Math.floor(share * 100) / 100)
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(shown)
}

/** Bytes in the decimal units that system dialogs and model lists use: 5.9 GB. */
export function formatBytes(bytes: number, language: PageLanguage): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = value < 10 && unit > 0 ? 1 : 0
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${units[unit] ?? 'B'}`
}

/** The hour for today, else the day; the year only when it is not this one. Times are milliseconds since 1970. */
export function formatMoment(at: number, now: number, language: PageLanguage): string {
  const date = new Date(at)
  const today = new Date(now)
  if (date.toDateString() === today.toDateString()) {
    return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(date)
  }
  const isThisYear = date.getFullYear() === today.getFullYear()
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(date)
}
