import type { Translate } from '../../i18n/translate.ts'

/** "about 12 min", "about 3 h": no more exact than it is known. */
export function aboutDuration(t: Translate, seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  return minutes < 90 ? t('embedders.minutes', { minutes }) : t('embedders.hours', { hours: Math.round(minutes / 60) })
}
