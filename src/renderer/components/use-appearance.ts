import type { i18n } from 'i18next'
import { useEffect, useSyncExternalStore } from 'react'
import { useSettings } from '../features/settings/settings-store.ts'
import { resolveLanguage, translateWith } from '../i18n/translate.ts'
import { setNoticeLanguage } from './notices.ts'

const darkQuery = '(prefers-color-scheme: dark)'

function useSystemIsDark(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(darkQuery)
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => window.matchMedia(darkQuery).matches,
  )
}

/** Puts theme and language of the settings (or of the system) on the document. @returns the theme shown. */
export function useAppearance(translator: i18n): 'light' | 'dark' {
  const settings = useSettings((state) => state.settings)
  const isSystemDark = useSystemIsDark()
  const chosenTheme = settings?.theme ?? 'system'
  const theme = chosenTheme === 'system' ? (isSystemDark ? 'dark' : 'light') : chosenTheme
  const language = resolveLanguage(settings?.language ?? 'system', navigator.languages)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    document.documentElement.lang = language
    void translator.changeLanguage(language)
    setNoticeLanguage(translateWith(translator))
  }, [language, translator])
  return theme
}
