import i18next, { type i18n } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

/** Languages of the page; the setting `system` picks one of them by the system's own. */
export const pageLanguages = ['en', 'zh-CN'] as const
/** A BCP 47 tag, as it stands in `lang`. */
export type PageLanguage = (typeof pageLanguages)[number]

type WithoutPlural<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K
/** Every key, plural forms joined: an unknown one does not compile. */
export type TextKey = WithoutPlural<keyof typeof en>

/** Looks a text up and fills in its values. `count` chooses the plural form and is shown with separators of thousands. */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string

/** Makes the translator; texts are part of the bundle, so it is ready at once. React escapes, so i18next does not. */
export function createTranslator(language: PageLanguage): i18n {
  const instance = i18next.createInstance()
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return instance
}

/** @returns the translator of `instance` under our own, checked signature. */
export function translateWith(instance: Pick<i18n, 't'>): Translate {
  return (key, values) => instance.t(key, { ...values })
}

/** The translator inside a component; the component is drawn again when the language changes. */
export function useTranslate(): { readonly t: Translate; readonly language: PageLanguage } {
  const { i18n: instance } = useTranslation()
  return { t: translateWith(instance), language: instance.language === 'zh-CN' ? 'zh-CN' : 'en' }
}

/** `system` becomes Chinese for any Chinese system language, else English. */
export function resolveLanguage(setting: 'system' | PageLanguage, systemLanguages: readonly string[]): PageLanguage {
  if (setting !== 'system') return setting
  const known = systemLanguages.find((language) => /^(zh|en)\b/i.test(language))
  return known !== undefined && /^zh/i.test(known) ? 'zh-CN' : 'en'
}
