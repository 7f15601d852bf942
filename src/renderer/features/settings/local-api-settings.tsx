import { Check, Copy, X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { type ReactElement, useEffect, useState } from 'react'
import { isOrigin } from '../../../shared/local-api.ts'
import type { Settings } from '../../../shared/settings.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { SegmentedTabs } from '../../components/segmented.tsx'
import { Toggle } from '../../components/toggle.tsx'
import { errorText } from '../../i18n/error-text.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { exampleNames, localApiExamples } from './local-api-examples.ts'
import { allowFolder, forgetFolder, useLocalApi } from './local-api-store.ts'
import { Group, Row } from './setting-row.tsx'

const copiedMs = 2_000

function CopyButton({ what, text }: { readonly what: string; readonly text: string }): ReactElement {
  const { t } = useTranslate()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), copiedMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <IconButton label={isCopied ? t('local-api.copied') : t('local-api.copy', { what })} onClick={() => void copy()}>
      {isCopied ? <Check size={14} aria-hidden className="text-accent" /> : <Copy size={14} aria-hidden />}
    </IconButton>
  )
}

function Door({ address, token }: { readonly address: string; readonly token: string }): ReactElement {
  const { t } = useTranslate()
  const [isShown, setShown] = useState(false)
  const [name, setName] = useState<string>(exampleNames[0] ?? '')
  const facts = { address, token, question: t('local-api.example-question') }
  return (
    <>
      <Row label={t('local-api.address')}>
        <span className="flex items-center gap-1">
          <code className="selectable text-[12px]" data-testid="local-api-address">
            {address}
          </code>
          <CopyButton what={t('local-api.address')} text={address} />
        </span>
      </Row>
      <Row label={t('local-api.token')}>
        <span className="flex items-center gap-1">
          <code className="selectable max-w-56 truncate text-[12px]">{isShown ? token : '•'.repeat(16)}</code>
          <Button onClick={() => setShown(!isShown)}>
            {isShown ? t('local-api.hide-token') : t('local-api.show-token')}
          </Button>
          <CopyButton what={t('local-api.token')} text={token} />
        </span>
      </Row>
      <Tabs.Root value={name} onValueChange={setName} className="flex flex-col gap-2">
        <SegmentedTabs
          label={t('local-api.examples')}
          tabs={exampleNames.map((example) => ({ value: example, text: example }))}
        />
        {exampleNames.map((example) => (
          <Tabs.Content key={example} value={example} className="relative rounded-lg border border-line bg-raised">
            <pre
              tabIndex={0}
              className="selectable max-h-52 overflow-auto p-3 pr-10 font-mono text-[12px] leading-[18px]"
              data-testid="local-api-example"
            >
              {localApiExamples[example]({ ...facts, token: isShown ? token : 'TOKEN' })}
            </pre>
            <span className="absolute top-1.5 right-1.5">
              <CopyButton what={example} text={localApiExamples[example](facts)} />
            </span>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </>
  )
}

/** The switch for other programs, and what they need to come in. */
export function LocalApiSettings({
  settings,
  change,
}: {
  readonly settings: Settings
  readonly change: (change: Partial<Settings>) => void
}): ReactElement {
  const { t } = useTranslate()
  const { status, load } = useLocalApi()
  useEffect(() => void load(), [load])
  return (
    <Group title={t('local-api.title')}>
      <Row label={t('local-api.switch')} detail={t('local-api.switch-detail')}>
        <Toggle label={t('local-api.switch')} isOn={settings.localApi} onChange={(localApi) => change({ localApi })} />
      </Row>
      <Row label={t('local-api.port')}>
        <PortField
          key={settings.localApiPort}
          port={settings.localApiPort}
          onChange={(localApiPort) => change({ localApiPort })}
        />
      </Row>
      <AllowedFolders folders={settings.localApiFolders} />
      <Row label={t('local-api.origins')} detail={t('local-api.origins-detail')}>
        <OriginsField
          key={settings.localApiOrigins.join(' ')}
          origins={settings.localApiOrigins}
          onChange={(localApiOrigins) => change({ localApiOrigins })}
        />
      </Row>
      {status?.problem !== null && status?.problem !== undefined && (
        <p role="alert" className="text-[12px] text-error">
          {errorText(t, status.problem)}
        </p>
      )}
      {status?.state === 'on' && status.address !== null && status.token !== null && (
        <Door address={status.address} token={status.token} />
      )}
    </Group>
  )
}

function PortField({
  port,
  onChange,
}: {
  readonly port: number
  readonly onChange: (port: number) => void
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState(String(port))
  const commit = (): void => {
    const next = Number(text)
    if (Number.isInteger(next) && next >= 1024 && next <= 65_535) {
      if (next !== port) onChange(next)
    } else setText(String(port))
  }
  return (
    <input
      aria-label={t('local-api.port')}
      inputMode="numeric"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
      className="tabular h-8 w-20 rounded-lg border border-line bg-raised px-2 text-right text-[13px]"
    />
  )
}

function AllowedFolders({ folders }: { readonly folders: readonly string[] }): ReactElement {
  const { t } = useTranslate()
  return (
    <div className="flex flex-col gap-1.5">
      <Row label={t('local-api.folders')} detail={t('local-api.folders-detail')}>
        <Button onClick={() => void allowFolder()}>{t('local-api.allow-folder')}</Button>
      </Row>
      {folders.map((folder) => (
        <p key={folder} className="flex items-center justify-between gap-2 text-[12px] text-soft">
          <span className="selectable wrap-anywhere">{folder}</span>
          <IconButton label={t('local-api.forget-folder', { folder })} onClick={() => void forgetFolder(folder)}>
            <X size={14} aria-hidden />
          </IconButton>
        </p>
      ))}
    </div>
  )
}

function OriginsField({
  origins,
  onChange,
}: {
  readonly origins: readonly string[]
  readonly onChange: (origins: string[]) => void
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState(origins.join(' '))
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const isValid = words.every(isOrigin)
  const commit = (): void => {
    if (isValid && words.join(' ') !== origins.join(' ')) onChange(words)
  }
  return (
    <input
      aria-label={t('local-api.origins')}
      aria-invalid={!isValid}
      placeholder="http://localhost:3000"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
      className="h-8 w-56 rounded-lg border border-line bg-raised px-2 text-[13px] aria-invalid:border-error"
    />
  )
}
