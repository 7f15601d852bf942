import { Trash2 } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import type { EmbedderProposal, EmbedderRecord, EmbeddersStatus } from '../../../shared/embedder.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { formatBytes } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { Group } from '../settings/setting-row.tsx'
import { chooseEmbedderFolder, useEmbedders } from './embedders-store.ts'
import { FolderForm } from './folder-form.tsx'
import { LanguageEmbedder } from './language-embedder.tsx'
import { OllamaForm } from './ollama-form.tsx'

/** Which embedder is used for which language, what else there is, and adding one. */
export function EmbeddersSettings(): ReactElement {
  const { t } = useTranslate()
  const { status, load } = useEmbedders()
  useEffect(() => void load(), [load])
  return (
    <Group title={t('embedders.title')}>
      <p className="text-[12px] leading-[17px] text-soft">{t('embedders.detail')}</p>
      {status !== null && (
        <>
          {['other' as const, 'chinese' as const].map((group) => (
            <LanguageEmbedder key={group} group={group} status={status} />
          ))}
          <AddedEmbedders status={status} />
          <AddEmbedder />
        </>
      )}
    </Group>
  )
}

/** Those a person added, each with what it is; one that is used cannot be removed. */
function AddedEmbedders({ status }: { readonly status: EmbeddersStatus }): ReactElement | null {
  const { t, language } = useTranslate()
  const remove = useEmbedders((state) => state.remove)
  const own = status.embedders.filter(({ identity }) => identity.source !== 'board')
  const isUsed = (id: string): boolean =>
    status.groups.some(({ embedderId, next }) => embedderId === id || next?.embedderId === id)
  const factsOf = ({ identity, languages, sizeBytes }: EmbedderRecord): string =>
    [
      identity.source === 'folder' ? formatBytes(sizeBytes, language) : t('embedders.of-ollama'),
      t('embedders.dimensions', { count: identity.dimensions }),
      t(`made-for.${languages}`),
    ].join(' · ')
  if (own.length === 0) return null
  return (
    <ul aria-label={t('embedders.added')} className="flex flex-col gap-1.5">
      {own.map((record) => (
        <li key={record.id} className="flex items-center gap-3 rounded-lg border border-line px-3 py-1.5">
          <div className="min-w-0 flex-1">
            <p className="truncate">{record.identity.name}</p>
            <p className="tabular text-[12px] leading-[17px] text-soft">{factsOf(record)}</p>
          </div>
          {isUsed(record.id) ? (
            <span className="text-[12px] text-soft">{t('embedders.in-use')}</span>
          ) : (
            <IconButton
              label={t('embedders.remove', { name: record.identity.name })}
              onClick={() => void remove(record.id)}
            >
              <Trash2 size={14} aria-hidden />
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  )
}

function AddEmbedder(): ReactElement {
  const { t } = useTranslate()
  const [form, setForm] = useState<{ readonly proposal: EmbedderProposal } | 'ollama' | null>(null)
  const choose = async (): Promise<void> => {
    const proposal = await chooseEmbedderFolder()
    if (proposal !== null) setForm({ proposal })
  }
  const close = (): void => setForm(null)
  if (form === 'ollama') return <OllamaForm onClose={close} />
  if (form !== null) return <FolderForm proposal={form.proposal} onClose={close} />
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => void choose()}>{t('embedders.add-folder')}</Button>
      <Button onClick={() => setForm('ollama')}>{t('embedders.add-ollama')}</Button>
    </div>
  )
}
