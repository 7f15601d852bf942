import { type ReactElement, useEffect, useState } from 'react'
import type { SerializedAppError } from '../../../shared/errors.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { Row } from '../settings/setting-row.tsx'
import { type CommonChoices, EmbedderForm } from './embedder-form.tsx'
import { useEmbedders } from './embedders-store.ts'

/** A model of the person's Ollama; those made for embedding come first. */
export function OllamaForm({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { t } = useTranslate()
  const { ollama, askOllama, addOllama } = useEmbedders()
  const [chosen, setChosen] = useState<string | null>(null)
  const [common, setCommon] = useState<CommonChoices>({ questionPrefix: '', passagePrefix: '', languages: 'many' })
  const [error, setError] = useState<SerializedAppError | null>(null)
  const [isAdding, setAdding] = useState(false)
  useEffect(() => void askOllama(), [askOllama])
  const models = ollama?.models ?? []
  const model = chosen ?? models[0]?.name ?? null
  const add = async (): Promise<void> => {
    if (model === null) return
    setAdding(true)
    const problem = await addOllama({ model, ...common })
    setAdding(false)
    setError(problem)
    if (problem === null) onClose()
  }
  if (model === null) {
    return (
      <div data-testid="embedder-form" className="flex flex-col gap-3">
        {ollama !== null && ollama.error !== null ? (
          <ErrorNote error={ollama.error} />
        ) : (
          <p role="status" className="text-soft">
            {ollama === null ? t('embedders.ollama-looking') : t('embedders.ollama-none')}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button onClick={() => void askOllama()}>{t('embedders.ollama-again')}</Button>
        </div>
      </div>
    )
  }
  const isMadeForIt = models.find(({ name }) => name === model)?.isMadeForIt === true
  return (
    <EmbedderForm
      title={t('embedders.ollama-title')}
      detail={t('embedders.ollama-detail')}
      common={common}
      onCommon={setCommon}
      canAdd
      isAdding={isAdding}
      error={error}
      onAdd={() => void add()}
      onClose={onClose}
    >
      <Row label={t('embedders.ollama-model')} {...(isMadeForIt ? {} : { detail: t('embedders.ollama-writes') })}>
        <Choice
          label={t('embedders.ollama-model')}
          value={model}
          onChange={setChosen}
          options={models.map(({ name }) => ({ value: name, text: name }))}
        />
      </Row>
    </EmbedderForm>
  )
}
