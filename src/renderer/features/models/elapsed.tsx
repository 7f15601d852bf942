import { type ReactElement, useEffect, useState } from 'react'
import { useTranslate } from '../../i18n/translate.ts'

/** Shorter waits are not worth a number. */
const shownFromSeconds = 3

/** The seconds since a moment (milliseconds since 1970, default: when this appeared), counting on. Not said to those who listen. */
export function Elapsed({ since }: { readonly since?: number }): ReactElement | null {
  const { t } = useTranslate()
  const [appearedAt] = useState(() => Date.now())
  const [now, setNow] = useState(appearedAt)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.floor((now - (since ?? appearedAt)) / 1000)
  if (seconds < shownFromSeconds) return null
  return (
    <span aria-hidden data-testid="elapsed" className="tabular font-normal text-soft">
      {' · '}
      {seconds < 60
        ? t('elapsed.seconds', { seconds })
        : t('elapsed.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })}
    </span>
  )
}
