import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { launchCarrel } from '../../test/e2e/support/launch.ts'
import { startRecordingModelServer } from '../../test/support/recording-model-server.ts'
import { readmePictures, readmeSize } from './readme-pictures.ts'
import { smallPng } from './small-png.ts'
import { type Album, lookingSizes, Stage } from './stage.ts'
import type { TourStop } from './tour-stop.ts'
import { tour } from './tour.ts'

const project = resolve(import.meta.dirname, '..', '..')

const models = [
  {
    name: 'qwen3:8b',
    sizeBytes: 5_225_000_000,
    parameterSize: '8.2B',
    family: 'qwen3',
    contextTokens: 40_960,
    isLoaded: true,
    capabilities: ['completion', 'tools', 'thinking'],
  },
  {
    name: 'gemma3:4b',
    sizeBytes: 3_339_000_000,
    parameterSize: '4.3B',
    family: 'gemma3',
    contextTokens: 131_072,
    capabilities: ['completion', 'vision'],
  },
  {
    name: 'llama3.2:3b',
    sizeBytes: 2_019_000_000,
    parameterSize: '3.2B',
    family: 'llama',
    contextTokens: 131_072,
    capabilities: ['completion', 'tools'],
  },
]

/** The whole tour in one language, with a library and a model server of its own. */
async function draw(album: Album, stops: readonly TourStop[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'carrel-screenshots-'))
  try {
    await using server = await startRecordingModelServer({ models, version: '0.12.3', answer: 'manual' })
    await using app = await launchCarrel({
      dataFolder: join(scratch, 'carrel'),
      // Coloured edges of letters belong to one screen, not to a picture.
      extraArguments: ['--disable-lcd-text'],
    })
    const stage = new Stage(app, server, album)
    // Main's first news has arrived: from now on the page hears of changes.
    await app.page.locator('[data-part="library"]').waitFor()
    await app.page.evaluate(
      (language) => window.api.request('settings:set', { language }),
      album.language === 'zh' ? ('zh-CN' as const) : ('en' as const),
    )
    await app.page.waitForFunction((language) => document.documentElement.lang.startsWith(language), album.language)
    for (const stop of stops) await stop(stage, { language: album.language, scratch })
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}

function valueOf(words: readonly string[], name: string): string | null {
  return words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null
}

/** The pictures of the README, made small. */
async function keepForReadme(drawn: string): Promise<void> {
  const kept = join(project, 'docs', 'screenshots')
  await mkdir(kept, { recursive: true })
  for (const name of readmePictures) {
    const png = await smallPng(await readFile(join(drawn, `${name}-${readmeSize.width}.png`)))
    await writeFile(join(kept, `${name}.png`), png)
    console.log(`  docs/screenshots/${name}.png, ${Math.round(png.byteLength / 1024)} KB`)
  }
}

async function main(words: readonly string[]): Promise<void> {
  const isForReadme = words.includes('--readme')
  const wanted = valueOf(words, 'language')
  const only = valueOf(words, 'only')?.split(',') ?? null
  const folder = join(project, 'screenshots')
  for (const language of ['en', 'zh'] as const) {
    if (wanted !== null && wanted !== language) continue
    await draw(
      {
        folder,
        language,
        sizes: isForReadme ? [readmeSize] : lookingSizes,
        themes: ['light', 'dark'],
        isWanted: isForReadme
          ? (name) => readmePictures.some((picture) => picture === name)
          : (name) => only === null || only.some((part) => name.includes(part)),
      },
      tour,
    )
  }
  if (isForReadme) await keepForReadme(folder)
}

await main(process.argv.slice(2))
