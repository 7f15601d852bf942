import { join, resolve } from 'node:path'

/** Every place the shell needs, absolute. */
export interface ShellPaths {
  readonly dataFolder: string
  /** Chromium's own profile and caches: inside the data folder, so that two data folders never share one. */
  readonly browserFolder: string
  readonly windowStateFile: string
  readonly resourcesFolder: string
  /** Holds the built entries of main and the workers. */
  readonly programFolder: string
  readonly rendererFolder: string
  readonly preloadFile: string
}

/** What {@link resolvePaths} is told about the process. */
export interface PathFacts {
  readonly programArguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** The platform's folder for application data, such as `~/.config`. */
  readonly appDataFolder: string
  /** The folder that holds package.json and `out/`. */
  readonly appFolder: string
  /** Where `resources/` stands: Electron's resources folder in a package, the project's own otherwise. */
  readonly resourcesFolder: string
}

/** Data folder: `--data DIR` (or `--data=DIR`), else `CARREL_DATA`, else `carrel` in the platform's application data. */
export function resolvePaths(facts: PathFacts): ShellPaths {
  const asked = dataArgument(facts.programArguments) ?? nonEmpty(facts.environment['CARREL_DATA'])
  const dataFolder = resolve(facts.workingFolder, asked ?? join(facts.appDataFolder, 'carrel'))
  const outFolder = join(facts.appFolder, 'out')
  return {
    dataFolder,
    browserFolder: join(dataFolder, 'browser'),
    windowStateFile: join(dataFolder, 'window.json'),
    resourcesFolder: facts.resourcesFolder,
    programFolder: join(outFolder, 'main'),
    rendererFolder: join(outFolder, 'renderer'),
    preloadFile: join(outFolder, 'preload', 'index.cjs'),
  }
}

function dataArgument(programArguments: readonly string[]): string | undefined {
  for (const [index, argument] of programArguments.entries()) {
    if (argument === '--data') return nonEmpty(programArguments[index + 1])
    if (argument.startsWith('--data=')) return nonEmpty(argument.slice('--data='.length))
  }
  return undefined
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
