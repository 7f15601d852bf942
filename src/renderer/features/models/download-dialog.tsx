import { type ReactElement, useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useLayout } from '../../components/layout-store.ts'
import { Modal } from '../../components/modal.tsx'
import type { SerializedAppError } from '../../../shared/errors.ts'
import { formatBytes } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'
import { isPulling, PullProgress } from './pull-progress.tsx'
import { fits, recommendedModels, suitableModel } from './recommended-models.ts'

const otherModel = 'other'

/** A few models by memory, or any name: Ollama downloads it, and says how far it is. */
export function DownloadDialog(): ReactElement {
  const { t } = useTranslate()
  const { download, showDownload } = useLayout()
  return (
    <Modal
      isOpen={download !== null}
      onClose={() => showDownload(null)}
      title={t('download.title')}
      description={t('download.description')}
    >
      {download !== null && <DownloadForm name={download.name} />}
    </Modal>
  )
}

function DownloadForm({ name: wanted }: { readonly name: string }): ReactElement {
  const { t, language } = useTranslate()
  const { pull, memoryBytes, startPull, loadActivity, status } = useModels()
  const suitable = suitableModel(memoryBytes)
  const [chosen, setChosen] = useState<string | null>(wanted === '' ? null : otherModel)
  const [typed, setTyped] = useState(wanted)
  const [error, setError] = useState<SerializedAppError | null>(null)
  useEffect(() => {
    if (memoryBytes === null) void loadActivity()
  }, [memoryBytes, loadActivity])
  const selected = chosen ?? suitable?.name ?? otherModel
  const name = selected === otherModel ? typed.trim() : selected
  const isRunning = isPulling(pull)
  const own = new Set(status?.models.map((model) => model.name))
  const start = async (): Promise<void> => setError(await startPull(name))
  const option = (value: string, words: string, facts: readonly string[]): ReactElement => (
    <label
      key={value}
      className="flex cursor-pointer items-center gap-3 rounded-lg border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-wash"
    >
      <input
        type="radio"
        name="model"
        value={value}
        checked={selected === value}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog begins at what is chosen
        autoFocus={selected === value}
        onChange={() => setChosen(value)}
        className="size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1 font-medium">{words}</span>
      <span className="tabular text-right text-[12px] text-soft">{facts.join(' · ')}</span>
    </label>
  )
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (name !== '' && !isRunning) void start()
      }}
    >
      <PullProgress />
      <fieldset disabled={isRunning} className="flex flex-col gap-1.5 disabled:opacity-60">
        <legend className="mb-2 text-[12px] font-semibold text-soft">{t('download.list')}</legend>
        {recommendedModels.map((model) =>
          option(model.name, model.name, [
            t('download.about', { size: formatBytes(model.sizeBytes, language) }),
            own.has(model.name)
              ? t('download.own')
              : model.name === suitable?.name
                ? t('download.suits')
                : memoryBytes !== null && !fits(model, memoryBytes)
                  ? t('download.too-large', { size: formatBytes(model.memoryBytes, language) })
                  : t('download.memory', { size: formatBytes(model.memoryBytes, language) }),
          ]),
        )}
        {option(otherModel, t('download.other'), [])}
        {selected === otherModel && (
          <input
            aria-label={t('download.name')}
            placeholder={t('download.name')}
            value={typed}
            maxLength={200}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            className="selectable h-9 w-full rounded-lg border border-line bg-raised px-3 text-[14px] text-ink outline-none placeholder:text-soft field"
          />
        )}
      </fieldset>
      {error !== null && <ErrorNote error={error} />}
      <div className="flex items-center justify-between gap-4">
        <p className="text-[12px] leading-[17px] text-soft">{t('download.sizes')}</p>
        <Button look="primary" type="submit" disabled={isRunning || name === ''}>
          {t('download.start')}
        </Button>
      </div>
    </form>
  )
}
