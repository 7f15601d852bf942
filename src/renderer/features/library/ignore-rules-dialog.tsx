import { type ReactElement, useId, useState } from 'react'
import { defaultIgnoreRules, ignoreRulesSchema, type WatchedFolder } from '../../../shared/watched-folder.ts'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { Toggle } from '../../components/toggle.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { setFolderRules } from './watched-folder-store.ts'
import { folderName } from './watched-folder-text.ts'

/** What is left out of one watched folder. Kept only when it is saved. */
export function IgnoreRulesDialog({
  folder,
  onClose,
}: {
  readonly folder: WatchedFolder
  readonly onClose: () => void
}): ReactElement {
  const { t } = useTranslate()
  const id = useId()
  const [skipsHidden, setSkipsHidden] = useState(folder.rules.skipsHidden)
  const [megabytes, setMegabytes] = useState(String(folder.rules.largestMegabytes))
  const [patterns, setPatterns] = useState(folder.rules.patterns.join('\n'))
  const parsed = ignoreRulesSchema.safeParse({
    skipsHidden,
    largestMegabytes: Number(megabytes),
    patterns: patterns
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  })
  const isBad = (field: string): boolean => !parsed.success && parsed.error.issues.some(({ path }) => path[0] === field)
  const save = async (): Promise<void> => {
    if (parsed.success && (await setFolderRules(folder.id, parsed.data))) onClose()
  }
  return (
    <Modal
      isOpen
      onClose={onClose}
      title={t('watched.rules-title', { name: folderName(folder.path) })}
      description={t('watched.rules-description')}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <div className="flex items-center justify-between gap-6">
          <p>{t('watched.hidden')}</p>
          <Toggle label={t('watched.hidden')} isOn={skipsHidden} onChange={setSkipsHidden} />
        </div>
        <div>
          <div className="flex items-center justify-between gap-6">
            <label htmlFor={`${id}-size`}>{t('watched.largest')}</label>
            <input
              id={`${id}-size`}
              inputMode="numeric"
              value={megabytes}
              aria-invalid={isBad('largestMegabytes')}
              aria-describedby={isBad('largestMegabytes') ? `${id}-size-problem` : undefined}
              onChange={(event) => setMegabytes(event.target.value)}
              className="tabular h-8 w-20 rounded-lg border border-edge bg-raised px-2 text-right text-[13px] aria-invalid:border-error"
            />
          </div>
          {isBad('largestMegabytes') && (
            <p id={`${id}-size-problem`} role="alert" className="mt-1 text-[12px] text-error">
              {t('watched.largest-problem')}
            </p>
          )}
        </div>
        <div>
          <label htmlFor={`${id}-patterns`}>{t('watched.patterns')}</label>
          <p id={`${id}-patterns-detail`} className="text-[12px] leading-[17px] text-soft">
            {t('watched.patterns-detail')}
          </p>
          <textarea
            id={`${id}-patterns`}
            rows={9}
            value={patterns}
            spellCheck={false}
            aria-invalid={isBad('patterns')}
            aria-describedby={`${id}-patterns-detail${isBad('patterns') ? ` ${id}-patterns-problem` : ''}`}
            onChange={(event) => setPatterns(event.target.value)}
            className="selectable mt-1.5 block w-full resize-y rounded-lg border border-line bg-surface px-3 py-2 font-mono text-[12px] leading-[18px] text-ink field"
          />
          {isBad('patterns') && (
            <p id={`${id}-patterns-problem`} role="alert" className="mt-1 text-[12px] text-error">
              {t('watched.patterns-problem')}
            </p>
          )}
        </div>
        <div className="flex justify-end gap-2">
          <Button
            className="mr-auto"
            onClick={() => {
              setSkipsHidden(defaultIgnoreRules.skipsHidden)
              setMegabytes(String(defaultIgnoreRules.largestMegabytes))
              setPatterns(defaultIgnoreRules.patterns.join('\n'))
            }}
          >
            {t('watched.rules-reset')}
          </Button>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="primary" type="submit" disabled={!parsed.success}>
            {t('watched.rules-save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
