import { type ReactElement, useEffect } from 'react'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { showFailure } from '../../components/notices.ts'
import { Choice } from '../../components/choice.tsx'
import { Toggle } from '../../components/toggle.tsx'
import { useLayout } from '../../components/layout-store.ts'
import { request } from '../../api.ts'
import type { Settings } from '../../../shared/settings.ts'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { EmbeddersSettings } from '../embedders/embedders-settings.tsx'
import { ServerSettings } from '../models/server-settings.tsx'
import { SelfTestSettings } from '../self-test/self-test-settings.tsx'
import { useAppStatus } from './app-status-store.ts'
import { CondensePromptSetting } from './condense-prompt-setting.tsx'
import { LocalApiSettings } from './local-api-settings.tsx'
import { useModels } from './models-store.ts'
import { Group, Row } from './setting-row.tsx'
import { useSettings } from './settings-store.ts'

const contextSizes = [2048, 4096, 8192, 16_384, 32_768, 65_536] as const
const passageCounts = Array.from({ length: 20 }, (_, index) => index + 1)
const passageLengths = [128, 256, 512, 768, 1024, 1536, 2048] as const
const firstModel = 'first'

function AnswerSettings({
  settings,
  change,
}: {
  readonly settings: Settings
  readonly change: (change: Partial<Settings>) => void
}): ReactElement {
  const { t, language } = useTranslate()
  const { status, choose } = useModels()
  const models = status?.models ?? []
  /** The usual numbers, and the one that is set. */
  const numberOptions = (usual: readonly number[], current: number) =>
    [...new Set([...usual, current])]
      .toSorted((left, right) => left - right)
      .map((size) => ({ value: String(size), text: formatCount(size, language) }))
  return (
    <Group title={t('settings.answers')}>
      <Row label={t('settings.model')}>
        <Choice
          label={t('settings.model')}
          isDisabled={models.length === 0}
          value={settings.model === null ? firstModel : `model ${settings.model}`}
          onChange={(value) =>
            value === firstModel ? change({ model: null }) : void choose(value.slice('model '.length))
          }
          options={[
            { value: firstModel, text: models.length === 0 ? t('settings.model-none') : t('settings.model-first') },
            ...models.map(({ name }) => ({ value: `model ${name}`, text: name })),
            ...(settings.model !== null && !models.some(({ name }) => name === settings.model)
              ? [{ value: `model ${settings.model}`, text: settings.model }]
              : []),
          ]}
        />
      </Row>
      <Row label={t('settings.preset')}>
        <Choice
          label={t('settings.preset')}
          value={settings.preset}
          onChange={(preset) => change({ preset })}
          options={[
            { value: 'default', text: t('settings.preset-default') },
            { value: 'reference', text: t('settings.preset-reference') },
            { value: 'custom', text: t('settings.preset-custom') },
          ]}
        />
      </Row>
      {settings.preset === 'custom' && (
        <>
          <Row label={t('settings.passage-count')}>
            <Choice
              label={t('settings.passage-count')}
              value={String(settings.passageCount)}
              onChange={(value) => change({ passageCount: Number(value) })}
              options={numberOptions(passageCounts, settings.passageCount)}
            />
          </Row>
          <Row label={t('settings.passage-tokens')} detail={t('settings.passage-tokens-detail')}>
            <Choice
              label={t('settings.passage-tokens')}
              value={String(settings.passageTokens)}
              onChange={(value) => change({ passageTokens: Number(value) })}
              options={numberOptions(passageLengths, settings.passageTokens)}
            />
          </Row>
        </>
      )}
      <Row label={t('settings.context')} detail={t('settings.context-detail')}>
        <Choice
          label={t('settings.context')}
          value={String(settings.contextTokens)}
          onChange={(value) => change({ contextTokens: Number(value) })}
          options={numberOptions(contextSizes, settings.contextTokens)}
        />
      </Row>
      <CondensePromptSetting
        prompt={settings.condensePrompt}
        onChange={(condensePrompt) => change({ condensePrompt })}
      />
    </Group>
  )
}

function DataSettings({
  settings,
  change,
}: {
  readonly settings: Settings
  readonly change: (change: Partial<Settings>) => void
}): ReactElement {
  const { t } = useTranslate()
  const status = useAppStatus((state) => state.status)
  const open = async (): Promise<void> => {
    const result = await request('app:open-data-folder', {})
    if (!result.ok) showFailure(result.error)
  }
  return (
    <Group title={t('settings.data')}>
      <div className="flex items-center justify-between gap-4">
        <div className="min-w-0">
          <p>{t('settings.folder')}</p>
          <p className="selectable text-[12px] wrap-anywhere text-soft" data-testid="data-folder">
            {status?.dataFolder}
          </p>
        </div>
        <Button onClick={() => void open()}>{t('settings.open-folder')}</Button>
      </div>
      <Row label={t('settings.verbose')} detail={t('settings.verbose-detail')}>
        <Toggle
          label={t('settings.verbose')}
          isOn={settings.verboseLog}
          onChange={(verboseLog) => change({ verboseLog })}
        />
      </Row>
    </Group>
  )
}

function Privacy(): ReactElement {
  const { t } = useTranslate()
  const status = useAppStatus((state) => state.status)
  return (
    <Group title={t('settings.privacy')}>
      <p className="leading-5.5 text-soft">{t('settings.privacy-text')}</p>
      {status !== null && (
        <p className="tabular" data-testid="connection-counts">
          {[
            t('status.outside', { count: status.connectionsOutside }),
            t('status.blocked', { count: status.connectionsBlocked }),
          ].join(' · ')}
        </p>
      )}
      {status !== null && <p className="text-[12px] text-soft">{t('settings.version', { version: status.version })}</p>}
    </Group>
  )
}

/** Everything a person can change, and where everything is. */
export function SettingsDialog(): ReactElement {
  const { t } = useTranslate()
  const { isSettingsOpen, setSettingsOpen } = useLayout()
  const { settings, change } = useSettings()
  const refresh = useAppStatus((state) => state.refresh)
  useEffect(() => {
    if (isSettingsOpen) void refresh()
  }, [isSettingsOpen, refresh])
  const apply = (next: Partial<Settings>): void => void change(next)
  return (
    <Modal
      isOpen={isSettingsOpen && settings !== null}
      onClose={() => setSettingsOpen(false)}
      title={t('settings.title')}
      description={t('settings.description')}
    >
      {settings !== null && (
        <>
          <Group title={t('settings.appearance')}>
            <Row label={t('settings.language')}>
              <Choice
                label={t('settings.language')}
                value={settings.language}
                onChange={(language) => apply({ language })}
                options={[
                  { value: 'system', text: t('settings.system') },
                  { value: 'en', text: t('settings.english') },
                  { value: 'zh-CN', text: t('settings.chinese') },
                ]}
              />
            </Row>
            <Row label={t('settings.theme')}>
              <Choice
                label={t('settings.theme')}
                value={settings.theme}
                onChange={(theme) => apply({ theme })}
                options={[
                  { value: 'system', text: t('settings.system') },
                  { value: 'light', text: t('settings.light') },
                  { value: 'dark', text: t('settings.dark') },
                ]}
              />
            </Row>
          </Group>
          <AnswerSettings settings={settings} change={apply} />
          <ServerSettings settings={settings} />
          <EmbeddersSettings />
          <SelfTestSettings />
          <DataSettings settings={settings} change={apply} />
          <LocalApiSettings settings={settings} change={apply} />
          <Privacy />
        </>
      )}
    </Modal>
  )
}
